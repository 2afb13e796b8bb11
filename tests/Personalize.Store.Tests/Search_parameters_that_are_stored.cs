using System.Globalization;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Store.Postgres;
using Personalize.Store.Sqlite;

namespace Personalize.Store.Tests;

public abstract class Search_parameters_that_are_stored(Engine engine)
{
    internal const string Nick = """{"resourceType":"SearchParameter","id":"nick","url":"http://x/nick","name":"Nick","status":"active","description":"d","code":"nick","base":["Patient"],"type":"string","expression":"Patient.name.where(use='nickname').given"}""";

    private const string Keeper = """{"resourceType":"SearchParameter","id":"keeper","url":"http://x/keeper","name":"Keeper","status":"active","description":"d","code":"keeper","base":["Patient"],"type":"reference","target":["Organization"],"expression":"Patient.managingOrganization"}""";

    internal static string Patient(int n, string name = "Cally") => $$"""{"resourceType":"Patient","id":"p{{n}}","managingOrganization":{"reference":"Organization/o"},"name":[{"use":"nickname","given":["{{name}}"]}]}""";

    internal static async Task Load(TempStore store, int count, string name = "Cally") =>
        Assert.Null((await store.Intake.Apply(TempStore.Operator, [.. Enumerable.Range(0, count).Select(n => TempStore.Parse(Patient(n, name))).Select(p => Change.Update(p.Id!, p))], TempStore.Ct)).Failure);

    internal static async Task Active(TempStore store, string type, string code)
    {
        for (var left = 3_000; store.Store.Catalog.Find(type, code) is null; left--)
        {
            Assert.True(left > 0, $"{code} does not become active");
            await Task.Delay(10, TempStore.Ct);
        }
    }

    internal static async Task<int> Count(TempStore store, string search) => (int)(await store.Search(search + "&_summary=count")).Total!.Value;

    private static string Refused(TempStore store, string type, string query) => SearchQuery.Parse(type, query, store.Store.Catalog).Failure!.Issues[0].Text;

    /// <summary>A store that indexes two resources behind each commit, and none while nobody writes.</summary>
    private TempStore Slow() => new(engine, with: options => options with { IndexingSlice = 8, IndexingRest = TimeSpan.FromHours(1) });

    internal static void IsSound(TempStore store)
    {
        var report = (store.Home is FolderHome folder ? StoreCheck.Run(folder.Path, SearchCatalog.R4, TempStore.Ct) : PostgresCheck.Run(((SchemaHome)store.Home).ConnectionString, SearchCatalog.R4, TempStore.Ct)).Value;
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
    }

    [Fact]
    public async Task Are_searched_without_a_restart_once_they_are_indexed()
    {
        await using var store = new TempStore(engine);
        await Load(store, 700);
        await store.Put(Nick);
        await store.Put(Patient(9_000));
        await Active(store, "Patient", "nick");
        Assert.Equal(701, await Count(store, "Patient?nick=cally"));
        var catalog = store.Store.Catalog;
        await store.Put(Patient(9_001));
        Assert.Same(catalog, store.Store.Catalog);
        Assert.Equal("p9001 p9000", await store.Found("Patient?nick=cally&_sort=-_lastUpdated&_count=2"));
        IsSound(store);
    }

    [Fact]
    public async Task Are_active_at_once_where_nothing_is_to_be_indexed()
    {
        await using var store = new TempStore(engine);
        await store.Put(Nick);
        Assert.NotNull(store.Store.Catalog.Find("Patient", "nick"));
        await store.Put("""{"resourceType":"SearchParameter","id":"family","url":"http://x/family","name":"Fam","status":"active","description":"d","code":"family","base":["Patient"],"type":"string","expression":"Patient.name.where(use='usual').family","derivedFrom":"http://hl7.org/fhir/SearchParameter/individual-family"}""");
        await store.Put(Nick.Replace("nick\"", "other\"", StringComparison.Ordinal).Replace("active", "draft", StringComparison.Ordinal));
        Assert.False(store.Store.Catalog.HasComing);
        Assert.Null(store.Store.Catalog.Find("Patient", "other"));
        await Load(store, 3);
        Assert.Equal(3, await Count(store, "Patient?nick=cally"));
    }

    [Fact]
    public async Task Tell_every_search_that_names_them_how_far_they_are()
    {
        await using var store = Slow();
        await Load(store, 20);
        await store.Put(Nick);
        Assert.Matches(@"^The parameter nick of the type Patient is not searched yet: indexing \d+ of 20\.$", Refused(store, "Patient", "nick=cally"));
        await store.Put(Keeper);
        foreach (var (type, query) in new[] { ("Patient", "nick:missing=true"), ("Patient", "_sort=-nick"), ("Observation", "subject.nick=x"), ("Patient", "_include=Patient:keeper"), ("Organization", "_revinclude=Patient:keeper"), ("Organization", "_has:Patient:keeper:gender=male"), ("Organization", "_has:Patient:organization:nick=x") })
            Assert.Contains("is not searched yet: indexing ", Refused(store, type, query), StringComparison.Ordinal);
        Assert.Equal("not-supported", SearchQuery.Parse("Patient", [new("nick", "x")], store.Store.Catalog, lenient: true).Failure!.Issues[0].Code);
        Assert.DoesNotContain(store.Store.Catalog.All, p => p.Code is "nick" or "keeper");
    }

    [Fact]
    public async Task Go_on_after_a_restart_in_the_middle()
    {
        var first = Slow();
        await Load(first, 30);
        await first.Put(Nick);
        await first.Put(Patient(100));
        await using var second = await first.Reopen();
        Assert.Matches(@"indexing [1-9]\d* of 30\.$", Refused(second, "Patient", "nick=cally"));
        for (var n = 101; second.Store.Catalog.HasComing; n++)
        {
            Assert.InRange(n, 101, 140);
            await second.Put(Patient(n % 3 == 0 ? n - 100 : n));
            await Task.Delay(20, TempStore.Ct);
        }
        Assert.Equal(await Count(second, "Patient?organization=Organization/o"), await Count(second, "Patient?nick=cally"));
        IsSound(second);
    }

    [Fact]
    public async Task Miss_nothing_that_is_written_while_they_are_indexed()
    {
        await using var store = new TempStore(engine, with: options => options with { IndexingSlice = 40 });
        await Load(store, 2_000);
        await store.Put(Nick);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async writer =>
        {
            for (var n = writer; n < 400; n += 4)
                if (n % 10 == 0)
                    await store.Delete($"Patient/p{n}");
                else
                    await store.Put(Patient(n % 3 == 0 ? n : n + 5_000, "Dora"));
        }));
        await Active(store, "Patient", "nick");
        var (dora, cally) = (0, 0);
        SearchMark? from = null;
        do
        {
            var page = await store.Search("Patient?_count=1000", from);
            dora += page.Matches.Count(m => TempStore.Text(m.Json).Contains("Dora", StringComparison.Ordinal));
            cally += page.Matches.Count(m => TempStore.Text(m.Json).Contains("Cally", StringComparison.Ordinal));
            from = page.Next;
        }
        while (from is not null);
        Assert.Equal((dora, cally), (await Count(store, "Patient?nick=dora"), await Count(store, "Patient?nick=cally")));
        Assert.Equal(0, await Count(store, "Patient?nick:missing=true"));
        IsSound(store);
    }

    [Fact]
    public async Task Mean_what_they_say_now_when_they_are_changed()
    {
        var clock = new MovingClock();
        await using var store = new TempStore(engine, clock: clock);
        await Load(store, 300);
        await store.Put("""{"resourceType":"Patient","id":"q","name":[{"use":"old","given":["Cally"]}]}""");
        await store.Put(Nick);
        await Active(store, "Patient", "nick");
        var begun = store.Query("Patient?nick=cally");
        Assert.Equal(300, (await store.Store.Search(TempStore.Operator, begun with { CountOnly = true }, null, TempStore.Ct)).Value.Total);
        await store.Put(Nick.Replace("nickname", "old", StringComparison.Ordinal));
        var late = await store.Store.Search(TempStore.Operator, begun, null, TempStore.Ct);
        Assert.True(late.Failure is Failure.Invalid or Failure.Unavailable, "A query that was read before is not answered by other values.");
        await Active(store, "Patient", "nick");
        Assert.Equal("q", await store.Found("Patient?nick=cally"));
        IsSound(store);
        clock.Advance(TimeSpan.FromMinutes(12));
        await store.Put(Patient(1));
        await NoneRetired(store);
        Assert.Equal("q", await store.Found("Patient?nick=cally"));
        IsSound(store);
    }

    private static async Task NoneRetired(TempStore store)
    {
        for (var left = 500; store.Home.Ask("SELECT count(*) FROM retired")[0] > 0; left--)
        {
            Assert.True(left > 0, "rows of a parameter that is gone stay");
            await Task.Delay(10, TempStore.Ct);
        }
        Assert.Equal(0, store.Home.Ask("SELECT count(*) FROM str WHERE p NOT IN (SELECT p FROM param)")[0]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Are_gone_at_once_when_they_are_retired_or_deleted_and_their_rows_later(bool deleted)
    {
        var clock = new MovingClock();
        var store = new TempStore(engine, clock: clock);
        await Load(store, 50);
        await store.Put(Nick);
        await Active(store, "Patient", "nick");
        if (deleted)
            await store.Delete("SearchParameter/nick");
        else
            await store.Put(Nick.Replace("\"active\"", "\"retired\"", StringComparison.Ordinal));
        Assert.Equal("The parameter nick is not known for the type Patient.", Refused(store, "Patient", "nick=cally"));
        IsSound(store);
        clock.Advance(TimeSpan.FromMinutes(12));
        await store.Put(Patient(100));
        await NoneRetired(store);
        IsSound(store);
        await store.Put(Nick);
        await Active(store, "Patient", "nick");
        Assert.Equal(51, await Count(store, "Patient?nick=cally"));
        await using var again = await store.Reopen();
        Assert.Equal(51, await Count(again, "Patient?nick=cally"));
    }

    [Fact]
    public async Task May_be_composed_of_what_is_found_in_one_element()
    {
        const string Pair = """
            {"resourceType":"SearchParameter","id":"pair","url":"http://x/pair","name":"Pair","status":"active","description":"d","code":"pair","base":["Patient"],"type":"composite","expression":"Patient.contact",
            "component":[{"definition":"http://hl7.org/fhir/SearchParameter/individual-family","expression":"name.family"},{"definition":"http://hl7.org/fhir/SearchParameter/individual-gender","expression":"gender"}]}
            """;
        var clock = new MovingClock();
        await using var store = new TempStore(engine, clock: clock);
        await store.Put("""{"resourceType":"Patient","id":"a","contact":[{"name":{"family":"Ito"},"gender":"male"},{"name":{"family":"Rao"},"gender":"female"}]}""");
        await store.Put("""{"resourceType":"Patient","id":"b","contact":[{"name":{"family":"Ito"},"gender":"female"}]}""");
        await store.Put(Pair);
        await Active(store, "Patient", "pair");
        Assert.Equal("b", await store.Found("Patient?pair=ito$female"));
        IsSound(store);
        await store.Delete("SearchParameter/pair");
        IsSound(store);
        clock.Advance(TimeSpan.FromMinutes(12));
        await store.Put(Patient(1));
        await NoneRetired(store);
        IsSound(store);
    }

    [Fact]
    public async Task Are_known_to_conditions_of_writes_once_they_are_active()
    {
        await using var store = new TempStore(engine);
        await Load(store, 5, "Solo");
        await store.Put(Nick);
        await Active(store, "Patient", "nick");
        var again = TempStore.Parse(Patient(50, "Duo"));
        Change Create() => Change.Create(again, store.NewId()) with { IfNoneExist = store.Query("Patient?nick=duo") };
        var kinds = new[] { (await store.Intake.Apply(TempStore.Operator, [Create()], TempStore.Ct)).Value.Changes[0].Kind, (await store.Intake.Apply(TempStore.Operator, [Create()], TempStore.Ct)).Value.Changes[0].Kind };
        Assert.Equal([AppliedKind.Created, AppliedKind.Matched], kinds);
        var begun = Create();
        await store.Put(Nick.Replace("nickname", "old", StringComparison.Ordinal));
        Assert.NotNull((await store.Store.Commit(TempStore.Operator, [begun], null, TempStore.Ct)).Failure);
    }

    [Fact]
    public async Task Come_many_together()
    {
        await using var store = new TempStore(engine);
        await Load(store, 400);
        var all = Enumerable.Range(0, 30).Select(n => TempStore.Parse(Nick.Replace("nick\"", string.Create(CultureInfo.InvariantCulture, $"nick{n}\""), StringComparison.Ordinal).Replace("[\"Patient\"]", n % 2 == 0 ? "[\"Patient\",\"Practitioner\"]" : "[\"Patient\"]", StringComparison.Ordinal)
            .Replace(".given\"", ".given | Practitioner.name.where(use='nickname').given\"", StringComparison.Ordinal)));
        Assert.Null((await store.Intake.Apply(TempStore.Operator, [.. all.Select(p => Change.Update(p.Id!, p))], TempStore.Ct)).Failure);
        await Active(store, "Patient", "nick29");
        Assert.False(store.Store.Catalog.HasComing);
        Assert.Equal(400, await Count(store, "Patient?nick0=cally&nick17=cally&nick29=cally"));
        IsSound(store);
    }
}

public sealed class Search_parameters_that_are_stored_in_SQLite() : Search_parameters_that_are_stored(Engine.Sqlite)
{
    /// <summary>A copy of the file in the middle is what a process leaves that is killed: rows that wait in memory are lost.</summary>
    [Fact]
    public async Task Are_whole_after_a_kill_in_the_middle()
    {
        await using var store = new TempStore(Engine.Sqlite, with: options => options with { IndexingSlice = 40, IndexRest = TimeSpan.FromHours(1) });
        await Load(store, 3_000);
        await store.Put(Nick);
        for (var n = 0; n < 100; n++)
            await store.Put(Patient(n % 2 == 0 ? n : n + 5_000));
        Assert.True(store.Store.Catalog.HasComing, "It was done too soon to be broken off.");
        using var left = new FolderHome();
        Assert.Null(StoreCopy.Make(((FolderHome)store.Home).Path, left.Path).Failure);
        var opened = left.Open(new(SearchCatalog.R4, TimeProvider.System)).Value;
        try
        {
            for (var tries = 3_000; opened.Catalog.HasComing; tries--)
            {
                Assert.True(tries > 0, "It does not become active.");
                await Task.Delay(10, TempStore.Ct);
            }
            var found = await opened.Search(TempStore.Operator, SearchQuery.Parse("Patient", "nick=cally&_summary=count", opened.Catalog).Value, null, TempStore.Ct);
            Assert.Equal(3_050, found.Value.Total);
            var report = StoreCheck.Run(left.Path, SearchCatalog.R4, TempStore.Ct).Value;
            Assert.True(report.IsSound, string.Join('\n', report.Findings));
        }
        finally
        {
            await opened.DisposeAsync();
        }
    }
}

public sealed class Search_parameters_that_are_stored_in_PostgreSQL() : Search_parameters_that_are_stored(Engine.Postgres);
