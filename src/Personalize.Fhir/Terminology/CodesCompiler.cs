using System.Text;
using Personalize.Fhir.Json;

namespace Personalize.Fhir.Terminology;

/// <summary>Turns CodeSystems and ValueSets into the lines of <c>r4.codes</c>: codes with their hierarchy, and the rules by which a set draws on them; displays are lines of <c>r4.displays</c>.</summary>
/// <remarks>A line without indent begins a system (<c>system</c>, URL, flags <c>partial</c> and <c>ignores-case</c>) or a set (<c>set</c>, URL), with its version (<c>|4.0.1</c>) and the language of its texts (<c>~es</c>) where they are said; fields are divided by tabs.
/// In a system a code stands under its parent, one space deeper; <c>^</c> behind it says that its own place is elsewhere, <c>!</c> that it is no longer to be used.
/// In a set a line is one include (<c>+</c>) or exclude (<c>-</c>): the system, then codes (<c>=</c>), filters (<c>?</c>) and other sets (<c>@</c>).
/// Of resources that are read at run time a display (<c>"</c>) and designations (<c>~es Texto</c>) stand behind their code, and the version of a system (<c>|</c>) in its part. Displays that come with the program are lines of their own: a system, and under it code and display.</remarks>
public static class CodesCompiler
{
    /// <summary>The sets of those canonicals, the sets that they draw on, and the systems that any of them takes as a whole or by filter; but for what is known already.</summary>
    public static string Compile(IEnumerable<JsonTree> bundles, IEnumerable<string> wanted, string heading = "Code systems and value sets of FHIR 4.0.1", ValueSets? known = null)
    {
        var resources = bundles.SelectMany(b => b.Root["entry"].Items).Select(e => e["resource"]).ToList();
        var sets = ByUrl(resources, "ValueSet");
        var systems = ByUrl(resources, "CodeSystem");
        var needed = Needed(sets, wanted).Where(s => known?.Knows(s) != true).ToList();
        var used = needed.SelectMany(s => Parts(sets[s])).Where(p => !p["concept"].Exists).Select(p => p["system"].Text).OfType<string>().ToHashSet();
        var text = new StringBuilder("# ").Append(heading).Append(": made by fhir-profiles/compile.cs, not by hand\n");
        foreach (var line in used.Where(s => systems.ContainsKey(s) && known?.KnowsSystem(s) != true).Order(StringComparer.Ordinal).SelectMany(s => Lines(systems[s])).Concat(needed.SelectMany(s => Lines(sets[s]))))
            text.Append(line).Append('\n');
        return text.ToString();
    }

    private static readonly string[] _hosts = ["http://hl7.org/fhir/", "http://terminology.hl7.org/", "http://cds-hooks.hl7.org/"];

    /// <summary>Behind a code: it is no longer to be used.</summary>
    internal const string Inactive = "!";

    /// <summary>The displays of the systems in compiled lines that are HL7's own; those of others are theirs to give.</summary>
    /// <param name="bundles">Where the systems are.</param>
    /// <param name="codes">What <see cref="Compile"/> made of them.</param>
    /// <param name="heading">What they are.</param>
    public static string CompileDisplays(IEnumerable<JsonTree> bundles, string codes, string heading = "Displays of code systems of FHIR 4.0.1")
    {
        var systems = ByUrl(bundles.SelectMany(b => b.Root["entry"].Items).Select(e => e["resource"]), "CodeSystem");
        var text = new StringBuilder("# ").Append(heading).Append(": made by fhir-profiles/compile.cs, not by hand\n");
        foreach (var url in codes.Split('\n').Select(line => line.Split('\t')).Where(f => f is ["system", ..]).Select(f => f[1]).Where(IsOfHl7))
            text.Append(url).Append('\n').AppendJoin("", Concepts(systems[url]["concept"]).Where(c => c["display"].Text is { Length: > 0 }).Select(c => $" {OneLine(c["code"].Text)}\t{OneLine(c["display"].Text)}\n"));
        return text.ToString();
    }

    private static bool IsOfHl7(string url) => _hosts.Any(host => url.StartsWith(host, StringComparison.Ordinal));

    private static IEnumerable<JsonItem> Concepts(JsonItem concepts) => concepts.Items.SelectMany(concept => Concepts(concept["concept"]).Prepend(concept));

    /// <summary>The lines for one CodeSystem or ValueSet; none for anything else, for one without a url, and for a system that brings no codes of its own.</summary>
    public static IEnumerable<string> Lines(JsonItem resource) => Lines(resource, whole: false);

    /// <summary>The same lines with the displays of the codes and their designations, and the versions on which they rest.</summary>
    internal static IEnumerable<string> LinesWithDisplays(JsonItem resource) => Lines(resource, whole: true);

    /// <summary>The version in a head line; null for none.</summary>
    internal static string? VersionOf(string[] head) => head.Skip(2).FirstOrDefault(field => field[0] == '|')?[1..];

    /// <summary>The language of the texts under a head line.</summary>
    internal static string LanguageOf(string[] head) => head.Skip(2).FirstOrDefault(field => field[0] == '~')?[1..] ?? Wording.Usual;

    private static string[] Texts(JsonItem concept, bool whole) => !whole ? [] :
    [
        .. concept["display"].Text is { Length: > 0 } display ? ["\"" + OneLine(display)] : Array.Empty<string>(),
        .. concept["designation"].Items.Where(d => d["language"].Text is { Length: > 0 } && d["value"].Text is { Length: > 0 }).Select(d => $"~{OneLine(d["language"].Text).Replace(' ', '-')} {OneLine(d["value"].Text)}"),
    ];

    private static IEnumerable<string> Lines(JsonItem resource, bool whole) => (resource["resourceType"].Text, resource["url"].Text, resource["content"].Text) switch
    {
        ("CodeSystem", { } url, not ("supplement" or "not-present")) => SystemLines(resource, url, whole),
        ("ValueSet", { } url, _) => SetLines(resource, url, whole),
        _ => [],
    };

    private static Dictionary<string, JsonItem> ByUrl(IEnumerable<JsonItem> resources, string type) =>
        resources.Where(r => r["resourceType"].Text == type && r["url"].Exists).GroupBy(r => r["url"].Text!).ToDictionary(g => g.Key, g => g.First());

    private static SortedSet<string> Needed(Dictionary<string, JsonItem> sets, IEnumerable<string> wanted)
    {
        var needed = new SortedSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<string>(wanted);
        while (waiting.TryPop(out var set))
            if (sets.TryGetValue(set, out var resource) && needed.Add(set))
                foreach (var other in Parts(resource).SelectMany(p => p["valueSet"].Items))
                    waiting.Push(Bare(other.Text!));
        return needed;
    }

    private static IEnumerable<JsonItem> Parts(JsonItem set) => set["compose"]["include"].Items.Concat(set["compose"]["exclude"].Items);

    private static IEnumerable<string> SystemLines(JsonItem system, string url, bool whole)
    {
        var partial = system["content"].Text == "complete" ? "" : "\tpartial";
        yield return $"system\t{url}{Head(system)}{partial}{(system["caseSensitive"].Text == "false" ? "\tignores-case" : "")}";
        foreach (var line in ConceptLines(system["concept"], 1, whole))
            yield return line;
    }

    private static string Head(JsonItem resource) =>
        (resource["version"].Text is { Length: > 0 } version ? "\t|" + OneLine(version) : "") + (resource["language"].Text is { Length: > 0 } language ? "\t~" + OneLine(language) : "");

    private static bool IsInactive(JsonItem concept) =>
        concept["property"].Items.Any(p => (p["code"].Text, p["valueBoolean"].Text, p["valueCode"].Text) is ("inactive", "true", _) or ("status", _, "retired" or "inactive"));

    private static IEnumerable<string> ConceptLines(JsonItem concepts, int depth, bool whole)
    {
        foreach (var concept in concepts.Items)
        {
            yield return new string(' ', depth) + string.Join('\t', [OneLine(concept["code"].Text), .. IsInactive(concept) ? [Inactive] : Array.Empty<string>(), .. Texts(concept, whole)]);
            foreach (var child in concept["property"].Items.Where(p => p["code"].Text == "child"))
                yield return $"{new string(' ', depth + 1)}{OneLine(child["valueCode"].Text)}\t^";
            foreach (var line in ConceptLines(concept["concept"], depth + 1, whole))
                yield return line;
        }
    }

    private static IEnumerable<string> SetLines(JsonItem set, string url, bool whole)
    {
        yield return $"set\t{url}{Head(set)}";
        foreach (var part in set["compose"]["include"].Items)
            yield return PartLine('+', part, whole);
        foreach (var part in set["compose"]["exclude"].Items)
            yield return PartLine('-', part, whole);
        if (!set["compose"].Exists)
            foreach (var group in Contained(set["expansion"]).GroupBy(c => c["system"].Text))
                yield return $" +\t{group.Key ?? "-"}\t{string.Join('\t', group.SelectMany(c => (string[])["=" + OneLine(c["code"].Text), .. Texts(c, whole)]))}";
    }

    private static IEnumerable<JsonItem> Contained(JsonItem parent) =>
        parent["contains"].Items.SelectMany(c => (c["code"].Exists && c["abstract"].Text != "true" ? [c] : Enumerable.Empty<JsonItem>()).Concat(Contained(c)));

    private static string PartLine(char sign, JsonItem part, bool whole)
    {
        var codes = part["concept"].Items.SelectMany(c => (string[])["=" + OneLine(c["code"].Text), .. Texts(c, whole)]);
        var filters = part["filter"].Items.Select(f => $"?{f["property"].Text} {f["op"].Text} {OneLine(f["value"].Text)}");
        var sets = part["valueSet"].Items.Select(s => "@" + (whole ? OneLine(s.Text) : Bare(s.Text!)));
        string[] version = whole && part["version"].Text is { Length: > 0 } named ? ["|" + OneLine(named)] : [];
        return " " + string.Join('\t', [sign.ToString(), part["system"].Text ?? "-", .. version, .. codes, .. filters, .. sets]);
    }

    private static string OneLine(string? text) => string.Join(' ', (text ?? "").Split(['\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));

    internal static string Bare(string canonical) => canonical.Split('|')[0];
}
