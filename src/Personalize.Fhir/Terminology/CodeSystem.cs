namespace Personalize.Fhir.Terminology;

/// <summary>The codes of a system, each with its parents.</summary>
internal sealed class CodeSystem
{
    private static readonly IReadOnlyList<string> _noParents = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _parents;

    private readonly Dictionary<string, string> _displays;

    private CodeSystem(bool isComplete, Dictionary<string, IReadOnlyList<string>> parents, Dictionary<string, string> displays) =>
        (IsComplete, _parents, _displays) = (isComplete, parents, displays);

    /// <summary>True when a code that is not here is none.</summary>
    public bool IsComplete { get; }

    /// <summary>All codes; null when they are not all here or may be written in other cases.</summary>
    public IEnumerable<string>? List => IsComplete && _parents.Comparer == StringComparer.Ordinal ? _parents.Keys : null;

    /// <summary>The codes that are here, in the order of the system.</summary>
    public IEnumerable<string> Codes => _parents.Keys;

    /// <summary>The head line and the lines under it, as <see cref="CodesCompiler"/> writes them.</summary>
    public static CodeSystem Read(string[] head, IReadOnlyList<string> lines)
    {
        var parents = new Dictionary<string, IReadOnlyList<string>>(head.Contains("ignores-case") ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        var displays = new Dictionary<string, string>(parents.Comparer);
        var above = new List<string>();
        foreach (var line in lines)
        {
            var code = line.TrimStart(' ');
            var depth = line.Length - code.Length;
            var fields = code.Split('\t');
            code = fields[0];
            if (fields.Length > 1 && fields[1][0] == '"')
                displays[code] = fields[1][1..];
            above.RemoveRange(depth - 1, above.Count - (depth - 1));
            IReadOnlyList<string> known = parents.GetValueOrDefault(code, _noParents);
            parents[code] = above.Count == 0 ? known : [.. known, above[^1]];
            above.Add(code);
        }
        return new(!head.Contains("partial"), parents, displays);
    }

    /// <summary>True when it is one of the codes; null when it is not but the codes here are only a part.</summary>
    public bool? Contains(string code) => _parents.ContainsKey(code) ? true : IsComplete ? false : null;

    /// <summary>The same, without making a string.</summary>
    public bool? Contains(ReadOnlySpan<char> code) => _parents.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(code) ? true : IsComplete ? false : null;

    /// <summary>True when the code is that ancestor or lies under it.</summary>
    public bool IsA(string code, string ancestor)
    {
        // A system from outside may name its codes in a ring: each is looked at once.
        var seen = new HashSet<string>(_parents.Comparer) { code };
        var waiting = new Stack<string>(seen);
        while (waiting.TryPop(out var next))
        {
            if (_parents.Comparer.Equals(next, ancestor))
                return true;
            foreach (var parent in Parents(next).Where(seen.Add))
                waiting.Push(parent);
        }
        return false;
    }

    /// <summary>The display of a code; null when none is known.</summary>
    public string? Display(string code) => _displays.GetValueOrDefault(code);

    /// <summary>The codes right below it.</summary>
    public IEnumerable<string> Children(string code) => _parents.Where(p => p.Value.Contains(code, _parents.Comparer)).Select(p => p.Key);

    /// <summary>The codes right above it.</summary>
    public IReadOnlyList<string> Parents(string code) => _parents.GetValueOrDefault(code, _noParents);
}
