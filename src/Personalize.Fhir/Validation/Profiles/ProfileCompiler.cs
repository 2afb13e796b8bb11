using System.Text;
using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Validation.Profiles;

/// <summary>Turns profiles into lines: what a profile says beyond R4's own definition of its type, facts only, one line for each element.
/// A profile without a snapshot gives the lines of its differential, which are read over those of its base.</summary>
/// <remarks>Fields are divided by tabs. A line without indent begins a profile: canonical, version, type, then the base of one that has no snapshot (<c>+canonical</c>) and the contexts of an extension (<c>^kind expression</c>).
/// A line of an element begins with its id; then, each by its mark, in this order:
/// <c>1..*</c> cardinality; <c>:</c> types, each with its profiles in <c>&lt;&gt;</c> and the targets of a reference in <c>()</c>; <c>/</c> slicing (open, closed or openAtEnd, <c>ordered</c>, discriminators as <c>type:path</c>); <c>=</c> fixed value, <c>~</c> pattern; <c>[</c> least and <c>]</c> greatest value (JSON), <c>|</c> longest text;
/// <c>@</c> binding; <c>!</c> and <c>?</c> constraints (error, warning).</remarks>
public static class ProfileCompiler
{
    private static readonly string[] _rangeNames = ["minValue", "maxValue"];

    /// <summary>The lines of all profiles among these resources, sorted by canonical.</summary>
    public static string Compile(string heading, IEnumerable<JsonItem> resources)
    {
        var text = new StringBuilder("# ").Append(heading).Append(": made by fhir-profiles/compile.cs, not by hand\n");
        foreach (var line in resources.Where(r => IsProfile(r) && r["snapshot"].Exists).OrderBy(r => r["url"].Text, StringComparer.Ordinal).SelectMany(Lines))
            text.Append(line).Append('\n');
        return text.ToString();
    }

    /// <summary>True for a StructureDefinition that says more of a type of R4, but is not that type's own definition.</summary>
    public static bool IsProfile(JsonItem resource) =>
        resource["resourceType"].Text == "StructureDefinition" && resource["url"].Text is { } url && resource["type"].Text is { } type && FhirSchema.R4.Type(type) is not null && url != Definitions + type;

    /// <summary>The lines of one profile; none for anything else.</summary>
    public static IEnumerable<string> Lines(JsonItem resource)
    {
        if (!IsProfile(resource))
            yield break;
        var hasSnapshot = resource["snapshot"].Exists;
        string[] over = hasSnapshot || resource["baseDefinition"].Text is not { } known ? [] : ["+" + Bare(known)];
        yield return Joined([resource["url"].Text!, resource["version"].Text ?? "-", resource["type"].Text!, .. over, .. resource["context"].Items.Select(c => $"^{c["type"].Text} {OneLine(c["expression"].Text)}")]);
        var elements = resource[hasSnapshot ? "snapshot" : "differential"]["element"].Items.Select(e => (Id: ElementIds.Of(e), Element: e)).ToList();
        var sliced = elements.Select(e => e.Id).Where(id => id.Contains(':', StringComparison.Ordinal)).Select(id => id[..id.LastIndexOf(':')]).ToHashSet(StringComparer.Ordinal);
        var types = new Dictionary<string, FhirType?>(StringComparer.Ordinal);
        foreach (var (id, element) in elements)
        {
            var fields = Fields(id, element, Known(id, element, types), sliced).ToList();
            if (fields.Count > 0)
                yield return " " + Joined([id, .. fields]);
        }
    }

    // R4's own sets are known in that version alone.
    private const string OfR4 = "|4.0.1";

    /// <summary>The canonicals, without version, of the value sets to which a profile binds elements as required or extensible.</summary>
    public static IEnumerable<string> ValueSets(JsonItem resource) => resource["snapshot"]["element"].Items
        .Select(e => e["binding"]).Where(b => b["strength"].Text is "required" or "extensible").Select(b => b["valueSet"].Text).OfType<string>().Select(Bare).Distinct();

    /// <summary>What R4 says of the element itself; null for the root. Notes the element's type for those below it.</summary>
    private static ElementDef? Known(string id, JsonItem element, Dictionary<string, FhirType?> types)
    {
        var dot = id.LastIndexOf('.');
        if (dot < 0)
        {
            types[id] = FhirSchema.R4.Type(element["path"].Text!);
            return null;
        }
        var name = ElementIds.ShortName(id[(dot + 1)..]);
        var known = TypeOf(id[..dot], types)?.Element(name);
        var codes = element["type"].Items.Select(t => t["code"].Text).Distinct().ToList();
        types[id] = known is null ? null : known.Types.Count == 1 ? known.Types[0] : codes.Count == 1 ? known.Types.FirstOrDefault(t => t.Name == codes[0]) : null;
        return known;
    }

    /// <summary>The type of the element with that id; a differential need not name what lies between.</summary>
    private static FhirType? TypeOf(string id, Dictionary<string, FhirType?> types)
    {
        if (types.TryGetValue(id, out var type))
            return type;
        var dot = id.LastIndexOf('.');
        var whole = dot < 0 ? FhirSchema.R4.Type(id) : TypeOf(id[..dot], types)?.Element(ElementIds.ShortName(id[(dot + 1)..])) is { Types: [var only] } ? only : null;
        return types[id] = whole ?? ElementIds.ChoiceOf(id);
    }

    private static IEnumerable<string> Fields(string id, JsonItem element, ElementDef? known, HashSet<string> sliced)
    {
        var isSlice = element["sliceName"].Exists;
        var range = $"{element["min"].Text}..{element["max"].Text}";
        if (known is not null && range != ".." && (isSlice || range != Range(known)))
            yield return range;
        if (known is not null && Types(element) is { Length: > 0 } types && (isSlice || types != KnownTypes(known)))
            yield return ":" + types;
        if (Slicing(id, element, sliced) is { } slicing)
            yield return slicing;
        foreach (var field in Values(element))
            yield return field;
        if (element["binding"]["valueSet"].Text is { } set && Bare(set) is var bare && (known?.ValueSet != bare || known.BindingStrength != element["binding"]["strength"].Text))
            yield return $"@{element["binding"]["strength"].Text} {(set.EndsWith(OfR4, StringComparison.Ordinal) ? bare : OneLine(set).Replace(' ', '+'))}";
        foreach (var constraint in element["constraint"].Items.Where(c => c["expression"].Exists && !IsKnown(c["key"].Text!, known, element)))
            yield return $"{(constraint["severity"].Text == "error" ? '!' : '?')}{constraint["key"].Text}: {OneLine(constraint["expression"].Text)}";
    }

    private static string? Slicing(string id, JsonItem element, HashSet<string> sliced)
    {
        var slicing = element["slicing"];
        var rules = slicing["rules"].Text ?? "open";
        if (!slicing.Exists || (rules == "open" && !sliced.Contains(id) && !sliced.Any(s => s.StartsWith(id + "/", StringComparison.Ordinal))))
            return null;
        var discriminators = slicing["discriminator"].Items.Select(d => $" {d["type"].Text}:{d["path"].Text}");
        return $"/{rules}{(slicing["ordered"].Text == "true" ? " ordered" : "")}{string.Concat(discriminators)}";
    }

    private static IEnumerable<string> Values(JsonItem element)
    {
        foreach (var property in element.Items)
        {
            if (property.Key.StartsWith("fixed", StringComparison.Ordinal))
                yield return "=" + Compact(property);
            else if (property.Key.StartsWith("pattern", StringComparison.Ordinal))
                yield return "~" + Compact(property);
            else if (_rangeNames.FirstOrDefault(n => property.Key.StartsWith(n, StringComparison.Ordinal)) is { } name)
                yield return (name == "minValue" ? "[" : "]") + Compact(property);
            else if (property.Key == "maxLength")
                yield return "|" + property.Text;
        }
    }

    private static bool IsKnown(string key, ElementDef? known, JsonItem element)
    {
        if (known?.Constraints.Any(c => c.Key == key) == true)
            return true;
        var own = known is null ? [FhirSchema.R4.Type(element["path"].Text!)!] : known.Types;
        return own.Any(t => Chain(t).Any(b => b.Constraints.Any(c => c.Key == key)));
    }

    private static IEnumerable<FhirType> Chain(FhirType type)
    {
        for (var at = type; at is not null; at = at.Base)
            yield return at;
    }

    private static string Range(ElementDef known) => $"{known.Min}..{(known.Max == int.MaxValue ? "*" : known.Max)}";

    private static string KnownTypes(ElementDef known) => string.Join(' ', known.Types
        .Select(t => t.Kind == FhirTypeKind.Backbone ? t.Base!.Name : t.Name)
        .Select(t => t is "Reference" or "canonical" && known.Targets.Count > 0 ? $"{t}({string.Join(',', known.Targets)})" : t));

    private static string Types(JsonItem element) => string.Join(' ', element["type"].Items
        .Where(t => t["code"].Text?.StartsWith("http://hl7.org/fhirpath/", StringComparison.Ordinal) == false)
        .GroupBy(t => t["code"].Text!)
        .Select(g => $"{g.Key}{List('<', g.SelectMany(t => t["profile"].Items), '>')}{List('(', g.SelectMany(t => t["targetProfile"].Items), ')')}"));

    private static string List(char open, IEnumerable<JsonItem> canonicals, char close)
    {
        var names = canonicals.Select(c => Short(Bare(c.Text!))).Where(n => n != "Resource").Distinct().ToList();
        return names.Count == 0 ? "" : $"{open}{string.Join(',', names)}{close}";
    }

    /// <summary>R4's own resource types by their name alone.</summary>
    private static string Short(string canonical) =>
        canonical.StartsWith(Definitions, StringComparison.Ordinal) && FhirSchema.R4.Type(canonical[Definitions.Length..]) is not null ? canonical[Definitions.Length..] : canonical;

    internal const string Definitions = "http://hl7.org/fhir/StructureDefinition/";

    internal static string Bare(string canonical) => canonical.Split('|')[0];

    private static string Joined(IEnumerable<string> fields) => string.Join('\t', fields);

    private static string OneLine(string? text) => string.Join(' ', (text ?? "").Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The JSON of a value without the white space between its parts; a key stays as it is.</summary>
    private static string Compact(JsonItem item)
    {
        var parts = item.Items.Select(i => (item.Kind == JsonKind.Object ? $"{Encoding.UTF8.GetString(JsonText.Quote(i.Key))}:" : "") + Compact(i));
        return item.Kind switch
        {
            JsonKind.Object => $"{{{string.Join(',', parts)}}}",
            JsonKind.Array => $"[{string.Join(',', parts)}]",
            JsonKind.String => Encoding.UTF8.GetString(JsonText.Quote(item.Text!)),
            JsonKind.Null => "null",
            _ => item.Text!,
        };
    }
}
