namespace Personalize.Fhir.Terminology;

/// <summary>The codes of a system, each with its parents.</summary>
internal sealed class CodeSystem
{
    private static readonly IReadOnlyList<string> _noParents = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _parents;
    private readonly Dictionary<string, Wording> _wordings;
    private readonly HashSet<string> _inactive;
    private readonly string _url;

    // What comes with the program has its displays apart.
    private readonly bool _isEmbedded;

    private CodeSystem(string[] head, bool isEmbedded)
    {
        (_url, IsComplete, Version, _isEmbedded) = (head[1], !head.Contains("partial"), CodesCompiler.VersionOf(head), isEmbedded);
        _parents = new(head.Contains("ignores-case") ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        (_wordings, _inactive) = (new(_parents.Comparer), new(_parents.Comparer));
    }

    /// <summary>True when a code that is not here is none.</summary>
    public bool IsComplete { get; }

    /// <summary>Its version; null when it says none.</summary>
    public string? Version { get; }

    /// <summary>All codes; null when they are not all here or may be written in other cases.</summary>
    public IEnumerable<string>? List => IsComplete && _parents.Comparer == StringComparer.Ordinal ? _parents.Keys : null;

    /// <summary>The codes that are here, in the order of the system.</summary>
    public IEnumerable<string> Codes => _parents.Keys;

    /// <summary>The head line and the lines under it, as <see cref="CodesCompiler"/> writes them.</summary>
    public static CodeSystem Read(string[] head, IReadOnlyList<string> lines, bool isEmbedded)
    {
        var system = new CodeSystem(head, isEmbedded);
        var language = CodesCompiler.LanguageOf(head);
        var above = new List<string>();
        foreach (var line in lines)
        {
            var code = line.TrimStart(' ');
            var depth = line.Length - code.Length;
            var fields = code.Split('\t');
            system.Add(fields, depth > 1 ? above[depth - 2] : null, language);
            above.RemoveRange(depth - 1, above.Count - (depth - 1));
            above.Add(fields[0]);
        }
        return system;
    }

    private void Add(string[] fields, string? parent, string language)
    {
        IReadOnlyList<string> known = _parents.GetValueOrDefault(fields[0], _noParents);
        _parents[fields[0]] = parent is null ? known : [.. known, parent];
        if (fields.Length == 1)
            return;
        if (Terminology.Wording.Read(fields.Skip(1), language) is { } wording)
            _wordings[fields[0]] = wording;
        if (fields.Contains(CodesCompiler.Inactive))
            _inactive.Add(fields[0]);
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

    /// <summary>What a code is called; null when nothing is known.</summary>
    public Wording? Wording(string code) =>
        _wordings.TryGetValue(code, out var wording) ? wording : _isEmbedded && Displays.Of(_url, code) is { } display ? new(display, Terminology.Wording.Usual, []) : null;

    /// <summary>True for a code that is there but is no longer to be used.</summary>
    public bool IsInactive(string code) => _inactive.Contains(code);

    /// <summary>The codes right below it.</summary>
    public IEnumerable<string> Children(string code) => _parents.Where(p => p.Value.Contains(code, _parents.Comparer)).Select(p => p.Key);

    /// <summary>The codes right above it.</summary>
    public IReadOnlyList<string> Parents(string code) => _parents.GetValueOrDefault(code, _noParents);
}
