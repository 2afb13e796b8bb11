using System.Globalization;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Search;

namespace Personalize.Store.Tests;

/// <summary>Searches that are sorted by date, over values made at random: dates of every precision, long and open periods, several dates in one resource, none; versions replaced and deleted; small pages to the end.</summary>
public abstract class Searches_come_in_order(Engine engine)
{
    private const int Count = 160;

    public static TheoryData<string> Queries =>
    [
        "Observation?", "Observation?patient=a", "Observation?patient=a&code=x", "Observation?subject=Patient/a&code=urn:s|x", "Observation?patient=Patient/a&code=urn:other|x", "Observation?patient=a&code=|x",
        "Observation?patient=a&code=x,y", "Observation?patient=a&category=k", "Observation?patient=a&code=x&category=k", "Observation?patient=nobody&code=x", "Observation?code=x", "Observation?code=urn:s|x&status=final",
        "Observation?date=ge2020", "Observation?date=ge2020-03&date=lt2020-09", "Observation?date=gt2020-05-01T10:00:00Z", "Observation?date=le2019", "Observation?date=2020", "Observation?date=sa2020-06", "Observation?date=eb2020-06",
        "Observation?date=ne2020", "Observation?date=ap2020-06-01", "Observation?date=2019,2021-02", "Observation?date=ge2021,lt2019", "Observation?date:missing=true", "Observation?date:missing=false&code=y",
        "Observation?patient=a&code=x&date=ge2020&date=lt2021", "Observation?status=final", "Observation?status:not=final&code:not=y", "Observation?_id=o1,o2,o3,o40,o41", "Observation?_id=o5&code=x", "Observation?patient.gender=female&code=x",
        "Encounter?", "Encounter?patient=a", "Encounter?patient=a&type=v", "Encounter?location-period=ge2020", "Encounter?patient=a&type=v&location-period=lt2021", "Encounter?location-period=ge2020-06&location-period=lt2020-07",
    ];

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Of_the_date(string search)
    {
        var parameter = search.StartsWith("Encounter", StringComparison.Ordinal) ? "location-period" : "date";
        foreach (var sort in new[] { parameter, "-" + parameter })
            await Expect(search, sort, Populations.By(parameter, sort[0] == '-'));
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task In_which_they_were_stored(string search)
    {
        foreach (var sort in new[] { "_lastUpdated", "-_lastUpdated" })
            await Expect(search, sort, all => sort[0] == '-' ? all.Reverse() : all);
    }

    [Fact]
    public async Task Pages_do_not_change_while_they_are_read()
    {
        await using var store = new TempStore(engine);
        for (var n = 0; n < 20; n++)
            await store.Put($$"""{"resourceType":"Observation","id":"n{{n}}","status":"final","code":{"coding":[{"code":"x"}]},"subject":{"reference":"Patient/a"},"effectiveDateTime":"2020-01-{{n + 1:00}}"}""");
        const string Search = "Observation?patient=a&code=x&_sort=-date&_count=8";
        var first = await store.Search(Search);
        await store.Put("""{"resourceType":"Observation","id":"n3","status":"final","code":{"coding":[{"code":"x"}]},"subject":{"reference":"Patient/a"},"effectiveDateTime":"2022-01-01"}""");
        await store.Delete("Observation/n2");
        var ids = first.Matches.Concat((await store.Search(Search, first.Next)).Matches).Concat((await store.Search(Search, (await store.Search(Search, first.Next)).Next)).Matches).Select(m => m.Key.Id.ToString());
        Assert.Equal(Enumerable.Range(0, 20).Reverse().Select(n => $"n{n}"), ids);
        Assert.Equal("n3 n19", await store.Found("Observation?patient=a&code=x&_sort=-date&_count=2"));
        Assert.Equal(19, (await store.Search("Observation?code=x&_summary=count")).Total);
    }

    private async Task Expect(string search, string sort, Func<IEnumerable<Resource>, IEnumerable<Resource>> order)
    {
        var all = await Populated();
        var query = all.Store.Query(search);
        var expected = order(all.Current.Where(r => Matching.Matches(r, query, SearchCatalog.R4, key => all.Current.FirstOrDefault(r => r.Type == key.Type && r.Id == key.Id)))).Select(r => r.Id!.ToString());
        var found = new List<string>();
        for (SearchMark? mark = null; ;)
        {
            var page = await all.Store.Search($"{search}&_sort={sort}&_count=7", mark);
            found.AddRange(page.Matches.Select(m => m.Key.Id.ToString()));
            if ((mark = page.Next) is null)
                break;
        }
        Assert.Equal(expected, found);
        Assert.Equal(found.Count, (await all.Store.Search(search + "&_summary=count")).Total);
    }

    private Task<Populations> Populated() => _populations.GetOrAdd(engine, static one => new(() => Populations.Of(one))).Value;

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<Engine, Lazy<Task<Populations>>> _populations = new();

    /// <summary>What is stored, as it is current, in the order in which it was written last.</summary>
    private sealed record Populations(TempStore Store, List<Resource> Current)
    {
        public static async Task<Populations> Of(Engine engine)
        {
            var (all, random) = (new Populations(new(engine), []), new Random(7));
            foreach (var patient in new[] { "a", "b" })
                await all.Put($$"""{"resourceType":"Patient","id":"{{patient}}","gender":"{{(patient == "a" ? "female" : "male")}}"}""");
            for (var n = 0; n < Count; n++)
                await all.Put(n % 3 == 0 ? Encounter($"e{n}", random) : Observation($"o{n}", random));
            for (var n = 0; n < Count; n += 5)
                await all.Put(n % 3 == 0 ? Encounter($"e{n}", random) : Observation($"o{n}", random));
            for (var n = 0; n < Count; n += 17)
                await all.Delete(n % 3 == 0 ? $"Encounter/e{n}" : $"Observation/o{n}");
            return all;
        }

        public static Func<IEnumerable<Resource>, IEnumerable<Resource>> By(string parameter, bool isDescending) => all =>
        {
            var keyed = all.Select((r, at) => (r, at, Key: KeyOf(r, parameter, isDescending))).ToList();
            var dated = keyed.Where(k => k.Key is not null);
            var ordered = isDescending ? dated.OrderByDescending(k => k.Key).ThenByDescending(k => k.at) : dated.OrderBy(k => k.Key).ThenBy(k => k.at);
            var undated = keyed.Where(k => k.Key is null);
            return ordered.Concat(isDescending ? undated.Reverse() : undated).Select(k => k.r);
        };

        private static long? KeyOf(Resource resource, string parameter, bool isDescending)
        {
            var entries = new IndexEntries();
            entries.Fill(resource, SearchCatalog.R4);
            var begins = entries.All.ToArray().Where(e => entries.Parameter(e).Code == parameter).Select(e => e.Range.From).ToList();
            return begins.Count == 0 ? null : isDescending ? begins.Max() : begins.Min();
        }

        private async Task Put(string json)
        {
            var resource = TempStore.Parse(json);
            await Store.Put(json);
            Current.RemoveAll(r => r.Type == resource.Type && r.Id == resource.Id);
            Current.Add(Resource.Parse((await Store.Read($"{resource.Type}/{resource.Id}")).Json).Value);
        }

        private async Task Delete(string key)
        {
            Assert.Null((await Store.Delete(key)).Failure);
            Current.RemoveAll(r => $"{r.Type}/{r.Id}" == key);
        }

        private static string Observation(string id, Random random)
        {
            var effective = random.Next(6) switch
            {
                0 => "",
                1 => $",\"effectivePeriod\":{Period(random)}",
                2 => $$""","effectiveTiming":{"event":["{{Date(random)}}","{{Date(random)}}"]}""",
                _ => $",\"effectiveDateTime\":\"{Date(random)}\"",
            };
            var codings = string.Join(',', One<string>(random, ["urn:s|x", "urn:s|x urn:other|x", "|x", "urn:s|y", "urn:s|x urn:s|y"]).Split(' ').Select(c => c.Split('|')).Select(c => c[0] == "" ? $$"""{"code":"{{c[1]}}"}""" : $$"""{"system":"{{c[0]}}","code":"{{c[1]}}"}"""));
            return $$"""{"resourceType":"Observation","id":"{{id}}","status":"{{One<string>(random, ["final", "amended"])}}","category":[{"coding":[{"code":"{{One<string>(random, ["k", "l"])}}"}]}],"code":{"coding":[{{codings}}]},"subject":{"reference":"{{One<string>(random, ["Patient/a", "Patient/a", "Patient/b", "Group/a"])}}"}{{effective}}}""";
        }

        private static string Encounter(string id, Random random)
        {
            var locations = string.Join(',', Enumerable.Range(0, random.Next(1, 4)).Select(_ => $$"""{"location":{"reference":"Location/l"}{{(random.Next(4) == 0 ? "" : $",\"period\":{Period(random)}")}}}"""));
            return $$"""{"resourceType":"Encounter","id":"{{id}}","status":"finished","class":{"code":"AMB"},"type":[{"coding":[{"code":"{{One<string>(random, ["v", "w"])}}"}]}],"subject":{"reference":"{{One<string>(random, ["Patient/a", "Patient/b"])}}"},"location":[{{locations}}]}""";
        }

        private static string Period(Random random)
        {
            var (from, until) = (At(random), At(random));
            (from, until) = from < until ? (from, until) : (until, from);
            return random.Next(4) switch { 0 => $$"""{"start":"{{Text(from)}}"}""", 1 => $$"""{"end":"{{Text(until)}}"}""", 2 => $$"""{"start":"{{Text(from)}}","end":"{{Text(from.AddHours(2))}}"}""", _ => $$"""{"start":"{{Text(from)}}","end":"{{Text(until)}}"}""" };
        }

        private static string Date(Random random) => At(random).ToString(One<string>(random, ["yyyy", "yyyy-MM", "yyyy-MM-dd", "yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-ddTHH:mm:ssZ"]), CultureInfo.InvariantCulture);

        private static string Text(DateTime at) => at.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

        // Few enough different ones that some are equal.
        private static DateTime At(Random random) => new DateTime(2018, 12, 1).AddDays(random.Next(60) * 17).AddHours(random.Next(3) * 8);

        private static T One<T>(Random random, IReadOnlyList<T> some) => some[random.Next(some.Count)];
    }
}

public sealed class Searches_come_in_order_in_SQLite() : Searches_come_in_order(Engine.Sqlite);

public sealed class Searches_come_in_order_in_PostgreSQL() : Searches_come_in_order(Engine.Postgres);
