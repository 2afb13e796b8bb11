using System.Text;
using Personalize.Fhir.Json;

namespace Personalize.Fhir.Schema;

/// <summary>Turns StructureDefinitions into the lines of <c>r4.schema</c>: facts only, one line for each type and each element of its own, sorted by type.</summary>
/// <remarks>Fields are divided by tabs. A type: name, kind and base, constraints. An element: path, cardinality, types, flags, binding, constraints.
/// Flags: <c>s</c> in a summary, <c>m</c> modifier. A constraint begins with <c>!</c> (error) or <c>?</c> (warning). <c>-</c> stands for nothing.</remarks>
public static class SchemaCompiler
{
    // The package also bears a type of a later version.
    private const string FhirVersion = "4.0.1";
    private const string FhirType = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type";

    /// <summary>The lines for all base types among the resources of these bundles (profiles and logical models are left out).</summary>
    public static string Compile(IEnumerable<JsonTree> bundles)
    {
        var types = bundles.SelectMany(b => b.Root["entry"].Items).Select(e => e["resource"]).Where(IsType).ToList();
        var open = OpenTypes(types.Single(t => t["type"].Text == "Extension"));
        var text = new StringBuilder("# The types of FHIR 4.0.1: made by fhir-profiles/compile.cs, not by hand\n*\t").Append(open).Append('\n');
        foreach (var type in types.OrderBy(t => t["type"].Text, StringComparer.Ordinal))
            foreach (var line in Lines(type, open))
                text.Append(line).Append('\n');
        return text.ToString();
    }

    /// <summary>The canonicals, without version, of all value sets to which those types bind an element, whatever the strength, and of the widest that a weak binding allows.</summary>
    public static IReadOnlyList<string> ValueSets(IEnumerable<JsonTree> bundles) =>
        [.. bundles.SelectMany(b => b.Root["entry"].Items).Select(e => e["resource"]).Where(IsType)
            .SelectMany(t => t["differential"]["element"].Items).Select(e => e["binding"])
            .SelectMany(b => b["extension"].Items.Select(x => x["valueCanonical"].Text).Append(b["valueSet"].Text))
            .OfType<string>().Select(set => set.Split('|')[0]).Distinct().Order(StringComparer.Ordinal)];

    private static bool IsType(JsonItem resource) =>
        resource["resourceType"].Text == "StructureDefinition" && resource["fhirVersion"].Text == FhirVersion && resource["kind"].Text != "logical" && (resource["derivation"].Text is null or "specialization");

    private static string OpenTypes(JsonItem extension) =>
        Types(extension["differential"]["element"].Items.Single(e => e["path"].Text == "Extension.value[x]"), "");

    private static IEnumerable<string> Lines(JsonItem type, string open)
    {
        var name = type["type"].Text!;
        var isPrimitive = type["kind"].Text == "primitive-type";
        foreach (var element in type["differential"]["element"].Items)
        {
            var path = element["path"].Text!;
            // A differential need not repeat what it inherits.
            var whole = element["type"].Exists || element["contentReference"].Exists ? element : type["snapshot"]["element"].Items.FirstOrDefault(e => e["path"].Text == path);
            if (path == name)
                yield return Line([path, Kind(type), .. Constraints(element)]);
            // The value of a primitive is no element in JSON: its syntax is the primitive's own.
            else if (!(isPrimitive && path == name + ".value"))
                yield return Line([path, $"{whole["min"].Text}..{whole["max"].Text}", Types(whole, open), Flags(element), Binding(element), .. Constraints(element)]);
        }
    }

    private static string Line(IEnumerable<string> fields) => string.Join('\t', fields).TrimEnd('\t', '-');

    private static string Kind(JsonItem type)
    {
        var kind = type["kind"].Text switch { "primitive-type" => "primitive", "complex-type" => "complex", var other => other };
        var words = new[] { type["abstract"].Text == "true" ? "abstract" : null, kind, LastSegment(type["baseDefinition"].Text) };
        return string.Join(' ', words.Where(w => w is not null));
    }

    private static string Types(JsonItem element, string open)
    {
        if (element["contentReference"].Text is { } reference)
            return reference;
        var types = string.Join('|', element["type"].Items.Select(t => (Code: Code(t, element), Targets: Targets(t))).GroupBy(t => t.Code)
            .Select(g => g.Any(t => t.Targets != "") ? $"{g.Key}({string.Join(',', g.Select(t => t.Targets))})" : g.Key));
        return types == open ? "*" : types;
    }

    private static string Code(JsonItem type, JsonItem element)
    {
        // The specification's page says id; the definition says string.
        if (element["path"].Text == "Resource.id")
            return "id";
        var code = type["code"].Text!;
        return code.StartsWith("http:", StringComparison.Ordinal)
            ? type["extension"].Items.Single(x => x["url"].Text == FhirType)["valueUrl"].Text!
            : code;
    }

    private static string Targets(JsonItem type) =>
        string.Join(',', type["targetProfile"].Items.Select(p => LastSegment(p.Text)).Where(t => t != "Resource"));

    private static string Flags(JsonItem element)
    {
        var flags = (element["isSummary"].Text == "true" ? "s" : "") + (element["isModifier"].Text == "true" ? "m" : "");
        return flags == "" ? "-" : flags;
    }

    private static string Binding(JsonItem element)
    {
        var binding = element["binding"];
        return binding["valueSet"].Text is { } set ? $"{binding["strength"].Text} {set.Split('|')[0]}" : "-";
    }

    private static IEnumerable<string> Constraints(JsonItem element) => element["constraint"].Items
        .Where(c => c["expression"].Exists)
        .Select(c => $"{(c["severity"].Text == "error" ? '!' : '?')}{c["key"].Text}: {OneLine(c["expression"].Text!)}");

    private static string OneLine(string expression) => string.Join(' ', expression.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));

    private static string? LastSegment(string? url) => url?[(url.LastIndexOf('/') + 1)..];
}
