using System.Collections.Frozen;

namespace Personalize.Fhir.Terminology;

/// <summary>The displays of HL7's own code systems in R4 and US Core (<c>r4.displays</c>, <c>us-core.displays</c>). They lie apart from the codes and are read when the first one is asked for: most work asks for none.</summary>
internal static class Displays
{
    private static readonly string[] _files = ["r4.displays", "us-core.displays"];
    private static readonly Lazy<FrozenDictionary<string, Dictionary<string, string>>> _all = new(Read);

    /// <summary>The display of a code, in English; null when none is known.</summary>
    public static string? Of(string system, string code) => _all.Value.TryGetValue(system, out var codes) ? codes.GetValueOrDefault(code) : null;

    private static FrozenDictionary<string, Dictionary<string, string>> Read()
    {
        var systems = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        Dictionary<string, string> codes = [];
        foreach (var line in _files.SelectMany(ValueSets.Embedded).Where(l => l.Length > 0 && l[0] != '#'))
            if (line[0] == ' ')
                codes[line[1..line.IndexOf('\t', StringComparison.Ordinal)]] = line[(line.IndexOf('\t', StringComparison.Ordinal) + 1)..];
            else
                systems[line] = codes = new(StringComparer.Ordinal);
        return systems.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
