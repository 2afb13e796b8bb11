using Personalize.Fhir.Primitives;

namespace Personalize.Store.Tests;

public abstract class Old_versions_are_swept(Engine engine)
{
    private static readonly string[] Tables = ["tok", "str", "dt", "num", "ref", "url"];

    private readonly MovingClock _clock = new();

    private static Task<Applied> Write(TempStore store, string family) => store.Put(
        $$"""{"resourceType":"Patient","id":"a","identifier":[{"system":"urn:x","value":"1"}],"name":[{"family":"{{family}}"}],"birthDate":"1980-02-03","link":[{"other":{"reference":"Patient/b"},"type":"seealso"}]}""");

    /// <summary>How many index rows the database holds for versions that are no longer current, and for those that are.</summary>
    private static (long Closed, long Current) Rows(Home home)
    {
        var rids = string.Join(" UNION ALL ", Tables.Select(t => $"SELECT rid FROM {t}"));
        var rows = home.Ask($"SELECT coalesce(sum(CASE WHEN until < {long.MaxValue} THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN until = {long.MaxValue} THEN 1 ELSE 0 END), 0) FROM ({rids}) AS rows JOIN res USING (rid)");
        return (rows[0], rows[1]);
    }

    [Fact]
    public async Task Searches_forget_them_after_a_day_and_history_never()
    {
        var store = new TempStore(engine, null, _clock);
        await Write(store, "first");
        await Write(store, "second");
        await store.Delete("Patient/a");
        await Write(store, "third");
        Assert.Equal("a", await store.Found("Patient?family=third"));
        var before = Rows(store.Home);
        Assert.True(before.Closed > 10);

        _clock.Advance(TimeSpan.FromHours(26));
        await store.Put("""{"resourceType":"Organization","id":"o","name":"o"}""");
        await using var again = await store.Reopen();
        Assert.Equal(0, Rows(again.Home).Closed);
        Assert.True(Rows(again.Home).Current > before.Current);
        Assert.Equal("a", await again.Found("Patient?family=third"));
        var history = (await again.Store.History(TempStore.Operator, new("Patient", ResourceId.Of("a")), TempStore.Ct)).Value;
        Assert.Equal(["4", "3", "2", "1"], history.Entries.Select(e => e.Version));
    }

    [Fact]
    public async Task One_that_cannot_be_read_any_more_does_not_stop_the_others_nor_the_writer()
    {
        var store = new TempStore(engine, null, _clock);
        await Write(store, "first");
        await Write(store, "second");
        store.Home.Run($"UPDATE res SET json={(engine == Engine.Sqlite ? "x'7B'" : "'\\x7B'")} WHERE version=1");
        await Write(store, "third");
        _clock.Advance(TimeSpan.FromHours(26));
        await store.Put("""{"resourceType":"Organization","id":"o","name":"o"}""");
        await store.Put("""{"resourceType":"Organization","id":"o","name":"p"}""");
        await using var again = await store.Reopen();
        Assert.Equal([2L], again.Home.Ask("SELECT count(*) FROM res WHERE flags=2"));
        Assert.Equal("a", await again.Found("Patient?family=third"));
    }

    [Fact]
    public async Task One_whose_content_is_damaged_does_not_stop_the_writer()
    {
        Assert.SkipUnless(engine == Engine.Sqlite, "PostgreSQL unpacks contents itself.");
        await using var store = new TempStore(engine, null, _clock);
        await Write(store, "first");
        await Write(store, "second");
        store.Home.Run("UPDATE res SET json=x'8100' WHERE version=1");
        _clock.Advance(TimeSpan.FromHours(26));
        await store.Put("""{"resourceType":"Organization","id":"o","name":"o"}""");
        await store.Put("""{"resourceType":"Organization","id":"o","name":"p"}""").WaitAsync(TimeSpan.FromSeconds(20), TempStore.Ct);
        Assert.Equal("a", await store.Found("Patient?family=second"));
        Assert.Equal([1L], store.Home.Ask("SELECT count(*) FROM res WHERE flags=2"));
    }

    [Fact]
    public async Task A_page_that_was_begun_before_is_still_whole()
    {
        await using var store = new TempStore(engine, null, _clock);
        await Write(store, "first");
        await store.Put("""{"resourceType":"Patient","id":"b","name":[{"family":"first"}]}""");
        var page = await store.Search("Patient?family=first&_count=1");
        await Write(store, "second");
        _clock.Advance(TimeSpan.FromHours(24));
        await store.Put("""{"resourceType":"Organization","id":"o","name":"o"}""");
        var rest = await store.Search("Patient?family=first&_count=1", page.Next);
        Assert.Equal(["a", "b"], page.Matches.Concat(rest.Matches).Select(m => m.Key.Id.ToString()).Order());
    }
}

public sealed class Old_versions_are_swept_in_SQLite() : Old_versions_are_swept(Engine.Sqlite);

public sealed class Old_versions_are_swept_in_PostgreSQL() : Old_versions_are_swept(Engine.Postgres);
