using Personalize.Fhir.Primitives;

namespace Personalize.Store.Tests;

public abstract class History_is_kept(Engine engine)
{
    private async Task<TempStore> Filled(TimeProvider? clock = null)
    {
        var store = new TempStore(engine, null, clock);
        await store.Put("""{"resourceType":"Patient","id":"a","gender":"male"}""");
        await store.Put("""{"resourceType":"Organization","id":"o","name":"x"}""");
        await store.Put("""{"resourceType":"Patient","id":"a","gender":"female"}""");
        await store.Delete("Patient/a");
        return store;
    }

    private static async Task<string> Shown(TempStore store, HistoryQuery query) =>
        string.Join(' ', (await store.Store.History(TempStore.Operator, query, TempStore.Ct)).Value.Entries.Select(e => $"{e.Key}:{e.Version}{(e.Deleted ? "x" : "")}"));

    [Fact]
    public async Task Newest_first_on_three_levels()
    {
        await using var store = await Filled();
        Assert.Equal("Patient/a:3x Patient/a:2 Patient/a:1", await Shown(store, new("Patient", ResourceId.Of("a"))));
        Assert.Equal("Organization/o:1", await Shown(store, new("Organization")));
        Assert.Equal("Patient/a:3x Patient/a:2 Organization/o:1 Patient/a:1", await Shown(store, new()));
    }

    [Fact]
    public async Task Says_what_was_current_at_a_time()
    {
        var clock = new MovingClock();
        await using var store = await Filled(clock);
        var before = clock.GetUtcNow() + TimeSpan.FromMinutes(1);
        clock.Advance(TimeSpan.FromHours(1));
        await store.Put("""{"resourceType":"Patient","id":"a","gender":"other"}""");
        Assert.Equal("Patient/a:3x", await Shown(store, new("Patient", ResourceId.Of("a")) { At = (before, before.AddMinutes(1)) }));
        Assert.Equal("Patient/a:4 Patient/a:3x Organization/o:1", await Shown(store, new() { At = (before, before.AddHours(2)) }));
        Assert.Equal("Patient/a:4 Patient/a:3x", await Shown(store, new("Patient") { At = (before, before.AddHours(2)) }));
        Assert.Equal("", await Shown(store, new() { At = (before.AddDays(-2), before.AddDays(-1)) }));
    }

    [Fact]
    public async Task Pages_are_pinned_to_the_commit_of_the_first()
    {
        await using var store = await Filled();
        var first = (await store.Store.History(TempStore.Operator, new() { Count = 2 }, TempStore.Ct)).Value;
        await store.Put("""{"resourceType":"Patient","id":"late"}""");
        var second = (await store.Store.History(TempStore.Operator, new() { Count = 2, From = first.Next }, TempStore.Ct)).Value;
        Assert.Equal(["Organization/o", "Patient/a"], second.Entries.Select(e => e.Key.ToString()));
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task Since_leaves_out_what_is_older()
    {
        var clock = new MovingClock();
        await using var store = await Filled(clock);
        var second = (await store.Store.ReadVersion(TempStore.Operator, ResourceKey.Of("Patient", "a"), "2", TempStore.Ct)).Value.LastUpdated;
        clock.Advance(TimeSpan.FromSeconds(1));
        await store.Put("""{"resourceType":"Patient","id":"late"}""");
        var last = (await store.Read("Patient/late")).LastUpdated;
        Assert.True(last > second);
        Assert.Equal("Patient/late:1", await Shown(store, new() { Since = last }));
    }

    [Fact]
    public async Task The_history_of_what_never_was_is_missing()
    {
        await using var store = await Filled();
        Assert.IsType<Failure.Missing>((await store.Store.History(TempStore.Operator, new("Patient", ResourceId.Of("none")), TempStore.Ct)).Failure);
    }
}

public sealed class History_is_kept_in_SQLite() : History_is_kept(Engine.Sqlite);

public sealed class History_is_kept_in_PostgreSQL() : History_is_kept(Engine.Postgres);
