using System.Globalization;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Search;

namespace Personalize.Store.Tests;

public abstract class Searches_over_all_types(Engine engine)
{
    private static readonly Access _ann = new("app", [new Grant("*", Rights.All, true), new Grant("Practitioner", Rights.Read | Rights.Search, false)], ResourceId.Of("ann"));
    private static readonly Access _few = new("app", [new Grant("Patient", Rights.All, false), new Grant("Observation", Rights.All, true)], ResourceId.Of("bob"));

    private async Task<TempStore> Filled()
    {
        var store = new TempStore(engine);
        await store.Put("""{"resourceType":"Practitioner","id":"dr","meta":{"tag":[{"system":"urn:t","code":"a"}]}}""");
        await store.Put("""{"resourceType":"Patient","id":"ann","meta":{"tag":[{"system":"urn:t","code":"a"}],"profile":["http://p/1"]}}""");
        await store.Put("""{"resourceType":"Patient","id":"bob","meta":{"security":[{"system":"urn:s","code":"R"}],"source":"urn:here"}}""");
        await store.Put("""{"resourceType":"Observation","id":"ann","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/ann"},"meta":{"tag":[{"system":"urn:t","code":"a"},{"system":"urn:t","code":"b"}]}}""");
        await store.Put("""{"resourceType":"Observation","id":"b1","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/bob"},"meta":{"tag":[{"code":"b"}]}}""");
        await store.Put("""{"resourceType":"Basic","id":"gone","code":{"text":"x"}}""");
        await store.Delete("Basic/gone");
        await store.Put("""{"resourceType":"Patient","id":"ann","gender":"female","meta":{"tag":[{"system":"urn:t","code":"a"}],"profile":["http://p/1"]}}""");
        await store.Put("""{"resourceType":"Organization","id":"org"}""");
        return store;
    }

    private static SearchQuery Query(TempStore store, string search, IEnumerable<string>? types = null) =>
        SearchQuery.ParseTypes([.. types ?? FhirSchema.R4.ResourceTypes], [.. search.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2)).Select(p => new KeyValuePair<string, string>(p[0], p[1]))], store.Store.Catalog, lenient: false, now: TempStore.Asked).Value;

    private static async Task<List<string>> Found(TempStore store, SearchQuery query, Access access)
    {
        var found = new List<string>();
        SearchMark? mark = null;
        do
        {
            var page = (await store.Store.Search(access, query, mark, TempStore.Ct)).Value;
            found.AddRange(page.Matches.Select(match => match.Key.ToString()));
            mark = page.Next;
        }
        while (mark is not null);
        return found;
    }

    public static TheoryData<string> Searches =>
    [
        "", "_id=ann", "_id=ann,org,gone", "_id:not=ann", "_tag=urn:t|a", "_tag=b", "_tag=|b", "_tag:not=urn:t|a", "_tag:missing=true", "_profile=http://p/1", "_profile:missing=false",
        "_security=R", "_source=urn:here", "_lastUpdated=gt2000", "_lastUpdated=lt2000", "_lastUpdated=gt2000&_tag=a&_id=ann", "_tag=a,b",
    ];

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task Find_what_searches_of_each_type_find(string search)
    {
        await using var store = await Filled();
        var ann = ResourceId.Of("ann");
        foreach (var (access, order, within) in new[] { (TempStore.Operator, "_sort=-_id", null), (TempStore.Operator, "", ann), (_ann, "_sort=-_lastUpdated", null), (_few, "_sort=_lastUpdated,-_id", null), (_few, "", ann) })
        {
            var text = string.Join('&', new[] { search, order, "_count=2" }.Where(part => part.Length > 0));
            var whole = Query(store, text).Within(within);
            // The same by a few types at a time, which are asked one by one.
            var each = new List<string>();
            foreach (var types in FhirSchema.R4.ResourceTypes.Chunk(8))
                if (types.Any(type => access.Of(type, Rights.Search) != Reach.None))
                    each.AddRange(await Found(store, Query(store, text, types).Within(within), access));
            var found = await Found(store, whole, access);
            Assert.Equal((text, access.Actor, Joined(each.Order(StringComparer.Ordinal))), (text, access.Actor, Joined(found.Order(StringComparer.Ordinal))));
            Assert.Equal((text, (long?)found.Count), (text, (await store.Store.Search(access, whole with { CountOnly = true }, null, TempStore.Ct)).Value.Total));
        }
    }

    [Theory]
    [InlineData("", "Practitioner/dr Patient/bob Observation/ann Observation/b1 Patient/ann Organization/org")]
    [InlineData("_sort=-_lastUpdated", "Organization/org Patient/ann Observation/b1 Observation/ann Patient/bob Practitioner/dr")]
    [InlineData("_sort=_id", "Observation/ann Patient/ann Observation/b1 Patient/bob Practitioner/dr Organization/org")]
    [InlineData("_sort=-_id", "Organization/org Practitioner/dr Patient/bob Observation/b1 Patient/ann Observation/ann")]
    public async Task Come_in_one_order(string search, string keys)
    {
        await using var store = await Filled();
        Assert.Equal(keys, Joined(await Found(store, Query(store, search + (search.Length > 0 ? "&" : "") + "_count=2"), TempStore.Operator)));
        string[] few = ["Patient", "Observation", "Practitioner", "Organization"];
        Assert.Equal(keys, Joined(await Found(store, Query(store, search + (search.Length > 0 ? "&" : "") + "_count=2", few), TempStore.Operator)));
    }

    [Fact]
    public async Task Find_what_was_stored_at_a_time()
    {
        var clock = new MovingClock();
        await using var store = new TempStore(engine, null, clock);
        var times = new List<DateTimeOffset>();
        foreach (var id in (string[])["a", "b", "c", "d", "e"])
        {
            times.Add((await store.Put($$"""{"resourceType":"Basic","id":"{{id}}","code":{"text":"x"} }""")).LastUpdated);
            await store.Put($$"""{"resourceType":"Person","id":"{{id}}"}""");
            clock.Advance(TimeSpan.FromHours(7));
        }
        string[] at = [.. times.Select(time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)), .. times.Select(time => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), "1999", "2999"];
        foreach (var prefix in (string[])["", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"])
            foreach (var time in at)
            {
                var search = $"_lastUpdated={prefix}{time}&_count=3";
                Assert.Equal((search, Joined(await Found(store, Query(store, search, ["Basic", "Person"]), TempStore.Operator))), (search, Joined(await Found(store, Query(store, search), TempStore.Operator))));
            }
    }

    [Fact]
    public async Task Show_nothing_of_other_compartments()
    {
        await using var store = await Filled();
        Assert.Equal(["Observation/ann", "Patient/ann", "Practitioner/dr"], (await Found(store, Query(store, ""), _ann)).Order(StringComparer.Ordinal));
        Assert.Equal(["Observation/ann", "Patient/ann"], (await Found(store, Query(store, ""), _ann with { Grants = [new Grant("*", Rights.All, true)] })).Order(StringComparer.Ordinal));
        Assert.Equal(["Observation/b1", "Patient/ann", "Patient/bob"], (await Found(store, Query(store, ""), _few)).Order(StringComparer.Ordinal));
        Assert.IsType<Failure.Denied>((await store.Store.Search(new Access("app", [], null), Query(store, ""), null, TempStore.Ct)).Failure);
    }

    private static string Joined(IEnumerable<string> keys) => string.Join(' ', keys);
}

public sealed class Searches_over_all_types_in_SQLite() : Searches_over_all_types(Engine.Sqlite);

public sealed class Searches_over_all_types_in_PostgreSQL() : Searches_over_all_types(Engine.Postgres);
