using System.Diagnostics;

namespace Personalize.Store.Tests;

public abstract class Loading(Engine engine, ITestOutputHelper output)
{
    [Fact]
    public async Task A_population_loads_and_is_counted()
    {
        await using var store = new TempStore(engine);
        var watch = Stopwatch.StartNew();
        var count = await Populations.Load(store, "2019-massachusetts");
        output.WriteLine($"{count} resources in {watch.Elapsed.TotalSeconds:0.00} s: {count / watch.Elapsed.TotalSeconds:0}/s");
        var counts = await store.Store.Counts(TempStore.Ct);
        Assert.Equal(13, counts.ByType["Patient"]);
        Assert.Equal(count, counts.Total);
    }

    [Fact]
    public async Task Conditional_creates_and_references_of_a_population_resolve()
    {
        await using var store = new TempStore(engine);
        await Populations.Load(store, "2024-single-child");
        var before = await store.Store.Counts(TempStore.Ct);
        Assert.Equal(1, before.ByType["Patient"]);
        await Populations.Load(store, "2024-single-child");
        var after = await store.Store.Counts(TempStore.Ct);
        Assert.Equal(before.ByType["Practitioner"], after.ByType["Practitioner"]);
        var page = await store.Search("Encounter?_include=Encounter:participant&_count=1");
        Assert.Contains(page.Includes, i => i.Key.Type == "Practitioner");
    }
}

public sealed class Loading_in_SQLite(ITestOutputHelper output) : Loading(Engine.Sqlite, output);

public sealed class Loading_in_PostgreSQL(ITestOutputHelper output) : Loading(Engine.Postgres, output);
