using System.Text;
using Personalize.Fhir.Json;

namespace Personalize.Fhir.Search;

/// <summary>Turns SearchParameters into the lines of <c>r4.search</c>: one for each resource type and code, with the part of the expression that is for this type.</summary>
/// <remarks>Fields are divided by tabs; <c>-</c> stands for nothing: resource type, code, type, expression, target types (by comma), canonical,
/// then for a composite one field a component: the canonical of its parameter, a space, its expression.
/// A line that begins with <c>@</c> tells of a compartment: <c>@Patient</c>, resource type, codes of the parameters that make a resource part of it (by comma).</remarks>
public static class SearchCompiler
{
    /// <summary>The lines for a bundle of SearchParameters and for a CompartmentDefinition, sorted by type and code. Parameters without an expression are left out: they are found in other ways.</summary>
    public static string Compile(JsonTree parameters, JsonTree compartment)
    {
        var text = new StringBuilder("# The search parameters of FHIR 4.0.1: made by fhir-profiles/compile.cs, not by hand\n");
        var lines = parameters.Root["entry"].Items.SelectMany(e => Lines(e["resource"])).Concat(CompartmentLines(compartment.Root));
        foreach (var line in lines.Order(StringComparer.Ordinal))
            text.Append(line).Append('\n');
        return text.ToString();
    }

    /// <summary>The lines for one SearchParameter; none when it has no expression or is something else.</summary>
    public static IEnumerable<string> Lines(JsonItem parameter)
    {
        if (parameter["resourceType"].Text != "SearchParameter" || parameter["expression"].Text is not { } expression)
            return [];
        var types = parameter["base"].Items.Select(b => b.Text!).ToList();
        var targets = string.Join(',', parameter["target"].Items.Select(t => t.Text));
        string[] components = [.. parameter["component"].Items.Select(c => $"{c["definition"].Text} {OneLine(c["expression"].Text)}")];
        return types.Select(type => string.Join('\t',
            [type, parameter["code"].Text, parameter["type"].Text, PartFor(type, types, expression), targets == "" ? "-" : targets, parameter["url"].Text ?? "-", .. components]));
    }

    /// <summary>Of <c>Patient.name | Practitioner.name</c> what is for one type; a part that begins with no type is for all.</summary>
    public static string PartFor(string type, IReadOnlyCollection<string> types, string expression) =>
        string.Join(" | ", Alternatives(OneLine(expression)).Where(part => LeadingName(part) is var name && (name == type || !types.Contains(name))));

    private static IEnumerable<string> CompartmentLines(JsonItem compartment) => compartment["resource"].Items
        .Where(r => r["param"].Exists)
        .Select(r => $"@{compartment["code"].Text}\t{r["code"].Text}\t{string.Join(',', r["param"].Items.Select(p => p.Text).Order(StringComparer.Ordinal))}");

    private static IEnumerable<string> Alternatives(string expression)
    {
        var (start, depth, quoted) = (0, 0, false);
        for (var at = 0; at < expression.Length; at++)
        {
            quoted ^= expression[at] == '\'' && (at == 0 || expression[at - 1] != '\\');
            depth += quoted ? 0 : expression[at] switch { '(' or '[' => 1, ')' or ']' => -1, _ => 0 };
            if (quoted || depth > 0 || expression[at] != '|')
                continue;
            yield return expression[start..at].Trim();
            start = at + 1;
        }
        yield return expression[start..].Trim();
    }

    private static string LeadingName(string part)
    {
        var name = part.TrimStart('(', ' ');
        var end = name.AsSpan().IndexOfAnyExcept(System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"));
        return end < 0 ? name : name[..end];
    }

    private static string OneLine(string? text) => string.Join(' ', (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
