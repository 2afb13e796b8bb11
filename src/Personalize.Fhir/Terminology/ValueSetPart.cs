using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Personalize.Fhir.Terminology;

/// <summary>A condition on a code of a system: property, operation, value.</summary>
internal sealed record CodeFilter(string Property, string Op, string Value)
{
    /// <summary>Does the code fulfil it? Null when it rests on what is not known here.</summary>
    public bool? Holds(CodeSystem system, string code) => (Property, Op) switch
    {
        ("concept" or "code", "is-a") => system.IsA(code, Value),
        ("concept" or "code", "descendent-of") => system.IsA(code, Value) && code != Value,
        ("concept" or "code", "is-not-a") => !system.IsA(code, Value),
        ("concept" or "code", "in") => Value.Split(',').Contains(code),
        ("concept" or "code", "not-in") => !Value.Split(',').Contains(code),
        ("concept" or "code", "=") => code == Value,
        ("parent", "=") => system.Parents(code).Contains(Value),
        ("code", "regex") => Regex.IsMatch(code, $"^(?:{Value})$", RegexOptions.NonBacktracking),
        _ => null,
    };
}

/// <summary>A code that a value set lists.</summary>
/// <param name="Code">The code.</param>
/// <param name="Wording">What the set calls it; null where it leaves that to the system.</param>
internal sealed record ListedCode(string Code, Wording? Wording);

/// <summary>One include or exclude of a value set. Source: FHIR R4, ValueSet.compose.</summary>
internal sealed record ValueSetPart(bool IsExclude, string? System, FrozenSet<string> Codes, IReadOnlyList<CodeFilter> Filters, IReadOnlyList<string> Sets)
{
    /// <summary>The codes in the order of the set.</summary>
    public IReadOnlyList<ListedCode> Listed { get; private init; } = [];

    /// <summary>The version of the system; null for any.</summary>
    public string? SystemVersion { get; private init; }

    /// <summary>A line as <see cref="CodesCompiler"/> writes it, with its texts in that language.</summary>
    public static ValueSetPart Read(string line, string language)
    {
        var fields = line.TrimStart(' ').Split('\t');
        IEnumerable<string> Marked(char mark) => fields.Skip(2).Where(f => f[0] == mark).Select(f => f[1..]);
        return new(
            fields[0] == "-",
            fields[1] == "-" ? null : fields[1],
            Marked('=').ToFrozenSet(StringComparer.Ordinal),
            [.. Marked('?').Select(f => f.Split(' ', 3)).Select(f => new CodeFilter(f[0], f[1], f[2]))],
            [.. Marked('@')])
        {
            SystemVersion = Marked('|').FirstOrDefault(),
            Listed = [.. fields.Index().Skip(2).Where(f => f.Item[0] == '=').Select(f => new ListedCode(f.Item[1..], Wording.Read(fields.Skip(f.Index + 1).TakeWhile(text => text[0] is '"' or '~'), language)))],
        };
    }
}
