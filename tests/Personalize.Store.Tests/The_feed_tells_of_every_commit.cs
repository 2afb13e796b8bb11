using Personalize.Fhir.Primitives;

namespace Personalize.Store.Tests;

public abstract class The_feed_tells_of_every_commit(Engine engine)
{
    private static string Observation(string patient) => $$"""{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/{{patient}}"} }""";

    [Fact]
    public async Task With_the_patients_of_this_and_the_previous_version()
    {
        await using var store = new TempStore(engine);
        await store.Put("""{"resourceType":"Organization","id":"x"}""");
        await store.Put(Observation("a"));
        await store.Put(Observation("b"));
        await store.Delete("Observation/o");
        var feed = await store.Store.Feed(0, 100, TempStore.Ct);
        Assert.Equal(["", "a", "a b", "b"], feed.Select(e => string.Join(' ', e.Patients)));
        Assert.Equal([1L, 2, 3, 4], feed.Select(e => e.T));
        Assert.Equal([ChangeKind.Update, ChangeKind.Update, ChangeKind.Update, ChangeKind.Delete], feed.Select(e => e.Kind));
        Assert.Equal("Practitioner/test", feed[0].Actor);
    }

    [Fact]
    public async Task Whole_commits_only()
    {
        await using var store = new TempStore(engine);
        var three = Enumerable.Range(0, 3).Select(i => Change.Create(TempStore.Parse("""{"resourceType":"Basic","code":{"text":"x"}}"""))).ToList();
        await store.Intake.Apply(TempStore.Operator, three, TempStore.Ct);
        await store.Intake.Apply(TempStore.Operator, three, TempStore.Ct);
        Assert.Equal(3, (await store.Store.Feed(0, 1, TempStore.Ct)).Count);
        Assert.Equal(3, (await store.Store.Feed(0, 4, TempStore.Ct)).Count);
        Assert.Equal(6, (await store.Store.Feed(0, 6, TempStore.Ct)).Count);
        Assert.Equal(3, (await store.Store.Feed(1, 6, TempStore.Ct)).Count);
    }

    [Fact]
    public async Task Who_waits_is_woken()
    {
        await using var store = new TempStore(engine);
        var waiting = store.Store.WaitBeyond(0, TempStore.Ct);
        Assert.False(waiting.IsCompleted);
        await store.Put("""{"resourceType":"Organization","id":"x"}""");
        await waiting.WaitAsync(TimeSpan.FromSeconds(10), TempStore.Ct);
        await store.Store.WaitBeyond(0, TempStore.Ct).WaitAsync(TimeSpan.FromSeconds(1), TempStore.Ct);
    }

    [Fact]
    public async Task A_record_is_the_patient_and_all_that_lies_in_the_compartment()
    {
        await using var store = new TempStore(engine);
        await store.Put(Observation("a"));
        Assert.Empty(await store.Store.Compartment(Access.Engine, ResourceId.Of("a"), TempStore.Ct));
        await store.Put("""{"resourceType":"Patient","id":"a"}""");
        await store.Put("""{"resourceType":"Organization","id":"x"}""");
        var record = await store.Store.Compartment(Access.Engine, ResourceId.Of("a"), TempStore.Ct);
        Assert.Equal(["Patient/a", "Observation/o"], record.Select(r => r.Key.ToString()));
    }
}

public sealed class The_feed_tells_of_every_commit_in_SQLite() : The_feed_tells_of_every_commit(Engine.Sqlite);

public sealed class The_feed_tells_of_every_commit_in_PostgreSQL() : The_feed_tells_of_every_commit(Engine.Postgres);
