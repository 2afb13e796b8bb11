using System.Text;
using Personalize.Fhir.Json;

namespace Personalize.Fhir.Terminology;

/// <summary>Turns CodeSystems and ValueSets into the lines of <c>r4.codes</c>: codes with their hierarchy, and the rules by which a set draws on them; no displays.</summary>
/// <remarks>A line without indent begins a system (<c>system</c>, URL, flags <c>partial</c> and <c>ignores-case</c>) or a set (<c>set</c>, URL); fields are divided by tabs.
/// In a system a code stands under its parent, one space deeper; <c>^</c> behind it says that its own place is elsewhere.
/// In a set a line is one include (<c>+</c>) or exclude (<c>-</c>): the system, then codes (<c>=</c>), filters (<c>?</c>) and other sets (<c>@</c>).
/// Of resources that are read at run time a display, begun by <c>"</c>, stands behind its code.</remarks>
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

    /// <summary>The lines for one CodeSystem or ValueSet; none for anything else, for one without a url, and for a system that brings no codes of its own.</summary>
    public static IEnumerable<string> Lines(JsonItem resource) => Lines(resource, _ => []);

    /// <summary>The same lines with the displays of the codes.</summary>
    internal static IEnumerable<string> LinesWithDisplays(JsonItem resource) => Lines(resource, concept => concept["display"].Text is { Length: > 0 } display ? ["\"" + OneLine(display)] : []);

    private static IEnumerable<string> Lines(JsonItem resource, Func<JsonItem, string[]> display) => (resource["resourceType"].Text, resource["url"].Text, resource["content"].Text) switch
    {
        ("CodeSystem", { } url, not ("supplement" or "not-present")) => SystemLines(resource, url, display),
        ("ValueSet", { } url, _) => SetLines(resource, url, display),
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

    private static IEnumerable<string> SystemLines(JsonItem system, string url, Func<JsonItem, string[]> display)
    {
        var partial = system["content"].Text == "complete" ? "" : "\tpartial";
        yield return $"system\t{url}{partial}{(system["caseSensitive"].Text == "false" ? "\tignores-case" : "")}";
        foreach (var line in ConceptLines(system["concept"], 1, display))
            yield return line;
    }

    private static IEnumerable<string> ConceptLines(JsonItem concepts, int depth, Func<JsonItem, string[]> display)
    {
        foreach (var concept in concepts.Items)
        {
            yield return new string(' ', depth) + string.Join('\t', [OneLine(concept["code"].Text), .. display(concept)]);
            foreach (var child in concept["property"].Items.Where(p => p["code"].Text == "child"))
                yield return $"{new string(' ', depth + 1)}{OneLine(child["valueCode"].Text)}\t^";
            foreach (var line in ConceptLines(concept["concept"], depth + 1, display))
                yield return line;
        }
    }

    private static IEnumerable<string> SetLines(JsonItem set, string url, Func<JsonItem, string[]> display)
    {
        yield return "set\t" + url;
        foreach (var part in set["compose"]["include"].Items)
            yield return PartLine('+', part, display);
        foreach (var part in set["compose"]["exclude"].Items)
            yield return PartLine('-', part, display);
        if (!set["compose"].Exists)
            foreach (var group in Contained(set["expansion"]).GroupBy(c => c["system"].Text))
                yield return $" +\t{group.Key ?? "-"}\t{string.Join('\t', group.SelectMany(c => (string[])["=" + OneLine(c["code"].Text), .. display(c)]))}";
    }

    private static IEnumerable<JsonItem> Contained(JsonItem parent) =>
        parent["contains"].Items.SelectMany(c => (c["code"].Exists && c["abstract"].Text != "true" ? [c] : Enumerable.Empty<JsonItem>()).Concat(Contained(c)));

    private static string PartLine(char sign, JsonItem part, Func<JsonItem, string[]> display)
    {
        var codes = part["concept"].Items.SelectMany(c => (string[])["=" + OneLine(c["code"].Text), .. display(c)]);
        var filters = part["filter"].Items.Select(f => $"?{f["property"].Text} {f["op"].Text} {OneLine(f["value"].Text)}");
        var sets = part["valueSet"].Items.Select(s => "@" + Bare(s.Text!));
        return " " + string.Join('\t', new[] { sign.ToString(), part["system"].Text ?? "-" }.Concat(codes).Concat(filters).Concat(sets));
    }

    private static string OneLine(string? text) => string.Join(' ', (text ?? "").Split(['\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));

    internal static string Bare(string canonical) => canonical.Split('|')[0];
}
