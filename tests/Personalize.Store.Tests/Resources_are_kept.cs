using Personalize.Fhir.Primitives;

namespace Personalize.Store.Tests;

public abstract class Resources_are_kept(Engine engine)
{
    [Fact]
    public async Task A_resource_comes_back_byte_for_byte_with_its_identity()
    {
        await using var store = new TempStore(engine);
        var applied = await store.Put("""{"resourceType":"Observation","id":"o1","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.50}}""");
        Assert.Equal((AppliedKind.Created, "1"), (applied.Kind, applied.Version));
        var stored = await store.Read("Observation/o1");
        Assert.Contains("\"value\":1.50", TempStore.Text(stored.Json), StringComparison.Ordinal);
        Assert.Contains("\"versionId\":\"1\"", TempStore.Text(stored.Json), StringComparison.Ordinal);
        Assert.Equal(TempStore.Text(applied.Json), TempStore.Text(stored.Json));
    }

    [Fact]
    public async Task Each_change_makes_the_next_version_and_the_old_one_stays_readable()
    {
        await using var store = new TempStore(engine);
        await store.Put("""{"resourceType":"Patient","id":"p","gender":"male"}""");
        var second = await store.Put("""{"resourceType":"Patient","id":"p","gender":"female"}""");
        Assert.Equal((AppliedKind.Updated, "2"), (second.Kind, second.Version));
        var first = await store.Store.ReadVersion(TempStore.Operator, ResourceKey.Of("Patient", "p"), "1", TempStore.Ct);
        Assert.Contains("\"male\"", TempStore.Text(first.Value.Json), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_content_makes_no_version_and_no_commit()
    {
        await using var store = new TempStore(engine);
        await store.Put("""{"resourceType":"Patient","id":"p","gender":"male"}""");
        var t = store.Store.T;
        var again = await store.Put("""{"resourceType":"Patient","id":"p","gender":"male"}""");
        Assert.Equal((AppliedKind.Unchanged, "1", t), (again.Kind, again.Version, store.Store.T));
        var asRead = await store.Put(TempStore.Text((await store.Read("Patient/p")).Json));
        Assert.Equal(AppliedKind.Unchanged, asRead.Kind);
    }

    [Fact]
    public async Task A_deleted_resource_is_gone_and_can_come_back()
    {
        await using var store = new TempStore(engine);
        await store.Put("""{"resourceType":"Patient","id":"p","gender":"male"}""");
        Assert.Equal(AppliedKind.Deleted, (await store.Delete("Patient/p")).Value.Changes[0].Kind);
        Assert.IsType<Failure.Gone>((await store.TryRead("Patient/p")).Failure);
        Assert.Equal("", await store.Found("Patient"));
        var back = await store.Put("""{"resourceType":"Patient","id":"p","gender":"male"}""");
        Assert.Equal((AppliedKind.Created, "3"), (back.Kind, back.Version));
        Assert.Equal("p", await store.Found("Patient?gender=male"));
    }

    [Fact]
    public async Task What_never_was_is_missing_and_deleting_it_changes_nothing()
    {
        await using var store = new TempStore(engine);
        Assert.IsType<Failure.Missing>((await store.TryRead("Patient/none")).Failure);
        var deleted = (await store.Delete("Patient/none")).Value;
        Assert.Equal((0, "0"), (deleted.T, deleted.Changes[0].Version));
    }

    [Fact]
    public async Task A_version_guard_that_does_not_hold_leaves_everything_as_it_was()
    {
        await using var store = new TempStore(engine);
        await store.Put("""{"resourceType":"Organization","id":"o","name":"a"}""");
        await store.Put("""{"resourceType":"Organization","id":"o","name":"b"}""", "1");
        var stale = await store.TryPut("""{"resourceType":"Organization","id":"o","name":"c"}""", "1");
        Assert.IsType<Failure.Stale>(stale.Failure);
        Assert.Equal("2", (await store.Read("Organization/o")).Version);
    }

    [Fact]
    public async Task Invalid_content_is_refused_before_it_reaches_the_store()
    {
        await using var store = new TempStore(engine);
        var refused = await store.TryPut("""{"resourceType":"Patient","id":"p","sex":"male"}""");
        Assert.IsType<Failure.Invalid>(refused.Failure);
        Assert.Equal(0, store.Store.T);
    }

    [Fact]
    public async Task What_was_answered_is_there_after_reopening()
    {
        var first = new TempStore(engine);
        await first.Put("""{"resourceType":"Patient","id":"p","name":[{"family":"Müller"}]}""");
        var t = first.Store.T;
        await using var second = await first.Reopen();
        Assert.Equal(t, second.Store.T);
        Assert.Equal("p", await second.Found("Patient?name=muller"));
        Assert.Equal("1", (await second.Read("Patient/p")).Version);
    }
}

public sealed class Resources_are_kept_in_SQLite() : Resources_are_kept(Engine.Sqlite);

public sealed class Resources_are_kept_in_PostgreSQL() : Resources_are_kept(Engine.Postgres);
