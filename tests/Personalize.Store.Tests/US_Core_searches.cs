using System.Text.Json;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Search;

namespace Personalize.Store.Tests;

/// <summary>The searches that US Core 7.0.0 requires, over its own examples and synthetic records; what is expected is read off the JSON by brute force.</summary>
public abstract class US_Core_searches(Engine engine, ITestOutputHelper output)
{
    private const int PicksEach = 4;

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Find_what_a_plain_reading_finds()
    {
        await using var store = await Filled();
        var data = await All(store);
        var (asked, answered, combinations) = (0, 0, new HashSet<string>());
        foreach (var group in Requirements())
        {
            var type = group.GetProperty("resource").GetString()!;
            var definitions = group.GetProperty("search_definitions").EnumerateObject().ToDictionary(d => d.Name.TrimStart(':'), d => d.Value);
            foreach (var search in group.GetProperty("searches").EnumerateArray())
            {
                string[] names = [.. search.GetProperty("names").EnumerateArray().Select(n => n.GetString()!)];
                if (!combinations.Add($"{type}?{string.Join('&', names)}"))
                    continue;
                foreach (var parameters in Picks([.. data[type]], [.. names.Select(n => (n, definitions[n]))]))
                {
                    asked++;
                    answered += await Check(store, type, parameters, [.. data[type]]);
                }
            }
        }
        output.WriteLine($"{combinations.Count} combinations, {asked} searches, {answered} matches");
        Assert.True(combinations.Count > 90 && asked > 150 && answered > 1000, $"{combinations.Count} combinations, {asked} searches, {answered} matches");
    }

    [Fact]
    public void Know_the_search_parameters_of_US_Core()
    {
        var own = Parameters();
        Assert.Equal(["SearchParameter"], own.Select(p => p.Type).Distinct());
        Assert.All(own, p => Assert.Null(SearchCatalog.R4.Check(p)));
        var catalog = SearchCatalog.R4.WithStored(own);
        Assert.All(own.Where(p => p.Root.Child("status")?.Text == "active" && p.Root.Child("expression") is not null), p => Assert.True(catalog.Knows(p)));
        Assert.Same(SearchCatalog.R4.Find("Patient", "family"), catalog.Find("Patient", "family"));
        Assert.NotNull(catalog.Find("Patient", "race"));
    }

    private sealed record Asked(string Name, string Kind, string[] Paths, string Value);

    /// <summary>Values for all parameters of a search out of one resource, for some resources that have them; of dates also with a prefix, of one that allows it also an alternative.</summary>
    private static IEnumerable<List<Asked>> Picks(List<JsonElement> resources, List<(string Name, JsonElement Definition)> parameters)
    {
        string[] prefixes = ["", "ge", "lt", "gt", "le"];
        var full = resources.Select(r => parameters.Select(p => First(r, p.Name, p.Definition)).ToList()).Where(all => all.TrueForAll(a => a is not null)).Select(all => all.OfType<Asked>().ToList()).ToList();
        for (var pick = 0; pick < Math.Min(PicksEach, full.Count); pick++)
        {
            var one = full[pick * full.Count / PicksEach % full.Count];
            yield return [.. one.Select(a => IsDate(a.Kind) ? a with { Value = prefixes[pick % prefixes.Length] + a.Value } : a)];
            var other = full[^1];
            yield return [.. one.Select((a, at) => IsDate(a.Kind) || a.Kind == "Reference" ? a : a with { Value = $"{a.Value},{other[at].Value}" })];
        }
    }

    private static bool IsDate(string kind) => kind is "date" or "dateTime" or "instant" or "Period";

    private static Asked? First(JsonElement resource, string name, JsonElement definition)
    {
        var (kind, paths) = (definition.GetProperty("type").GetString()!, definition.GetProperty("full_paths").EnumerateArray().Select(p => p.GetString()!).ToArray());
        var value = paths.SelectMany(path => PlainReading.At(resource, path)).SelectMany(e => PlainReading.Values(e, kind)).FirstOrDefault();
        return value is null ? null : new(name, kind, paths, value);
    }

    private static async Task<int> Check(TempStore store, string type, List<Asked> parameters, List<JsonElement> data)
    {
        var expected = data.Where(r => parameters.TrueForAll(p => p.Value.Split(',').Any(value => p.Paths.SelectMany(path => PlainReading.At(r, path)).Any(e => PlainReading.Meets(e, p.Kind, value)))))
            .Select(r => r.GetProperty("id").GetString()!).Order(StringComparer.Ordinal).ToList();
        var search = $"{type}?{string.Join('&', parameters.Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value)}"))}&_count=1000";
        var found = new List<string>();
        SearchMark? mark = null;
        do
        {
            var page = await store.Search(search, mark);
            found.AddRange(page.Matches.Select(m => m.Key.Id.ToString()));
            mark = page.Next;
        }
        while (mark is not null);
        Assert.True(expected.SequenceEqual(found.Order(StringComparer.Ordinal)), $"{search}: {found.Count} found, {expected.Count} expected; {string.Join(' ', found.Except(expected).Concat(expected.Except(found)).Take(5))}");
        return expected.Count;
    }

    private async Task<TempStore> Filled()
    {
        var examples = Directory.EnumerateFiles(Path.Combine(Corpora.Folder("us-core"), "7.0.0", "examples"), "*.json").Order(StringComparer.Ordinal)
            .Select(file => Resource.Parse(File.ReadAllBytes(file)).TryGet(out var resource, out _) ? resource : null).OfType<Resource>().Where(r => r.Type != "Bundle" && r.Id is not null).ToList();
        Assert.True(examples.Count > 100, $"{examples.Count} examples");
        var store = new TempStore(engine, SearchCatalog.R4.WithStored(Parameters()));
        var failures = new List<string>();
        foreach (var example in examples)
            if ((await store.Intake.Apply(TempStore.Operator, [Change.Update(example.Id!, example)], TempStore.Ct)).Failure is { } failure)
                failures.Add($"{example.Type}/{example.Id}: {failure.Issues[0].Text}");
        Assert.Empty(failures);
        foreach (var bundle in Populations.Synthetic("2019-massachusetts").Skip(2).Take(3))
            Assert.Null((await store.Post(bundle)).Failure);
        return store;
    }

    private static async Task<ILookup<string, JsonElement>> All(TempStore store)
    {
        var all = new List<JsonElement>();
        SearchMark? mark = null;
        do
        {
            var page = (await store.Store.History(TempStore.Operator, new() { Count = 1000, From = mark }, TempStore.Ct)).Value;
            all.AddRange(page.Entries.Select(e => JsonDocument.Parse(e.Json).RootElement));
            mark = page.Next;
        }
        while (mark is not null);
        return all.ToLookup(r => r.GetProperty("resourceType").GetString()!);
    }

    private static List<Resource> Parameters() =>
        [.. Directory.EnumerateFiles(Path.Combine(Corpora.Folder("us-core"), "7.0.0", "definitions"), "SearchParameter-*.json").Select(file => Resource.Parse(File.ReadAllBytes(file)).Value)];

    private static IEnumerable<JsonElement> Requirements() =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Corpora.Folder("search"), "us-core-7.0.0-search-and-must-support.json"))).RootElement.EnumerateArray()
            .Where(g => g.TryGetProperty("searches", out _) && g.TryGetProperty("search_definitions", out _));
}

public sealed class US_Core_searches_in_SQLite(ITestOutputHelper output) : US_Core_searches(Engine.Sqlite, output);

public sealed class US_Core_searches_in_PostgreSQL(ITestOutputHelper output) : US_Core_searches(Engine.Postgres, output);
