using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Tests;

public abstract class Changes_by_condition(Engine engine)
{
    private static Resource Person(string identifier, string? id = null, string gender = "unknown") =>
        TempStore.Parse($$"""{"resourceType":"Person",{{(id is null ? "" : $"\"id\":\"{id}\",")}}"identifier":[{"system":"s","value":"{{identifier}}"}],"gender":"{{gender}}"}""");

    private static Task<Outcome<Commit>> Apply(TempStore store, params Change[] changes) => store.Intake.Apply(TempStore.Operator, changes, TempStore.Ct);

    private static SearchQuery Where(TempStore store, string identifier) => store.Query($"Person?identifier=s|{identifier}");

    [Fact]
    public async Task Find_their_resource_inside_the_commit()
    {
        await using var store = new TempStore(engine);
        var created = (await Apply(store, Change.Update(Where(store, "1"), Person("1")))).Value.Changes[0];
        var updated = (await Apply(store, Change.Update(Where(store, "1"), Person("1", null, "other")))).Value.Changes[0];
        Assert.Equal((AppliedKind.Created, AppliedKind.Updated, created.Key, "2"), (created.Kind, updated.Kind, updated.Key, updated.Version));
        Assert.IsType<Failure.Conflict>((await Apply(store, Change.Update(Where(store, "2"), Person("2", created.Key.Id.ToString())))).Failure);
        Assert.IsType<Failure.Invalid>((await Apply(store, Change.Update(Where(store, "1"), Person("1", "another")))).Failure);
        Assert.IsType<Failure.Stale>((await Apply(store, Change.Update(Where(store, "1"), Person("1")) with { IfMatch = "1" })).Failure);
        var patched = (await Apply(store, Change.Patch(Where(store, "1"), """[{"op":"replace","path":"/gender","value":"male"}]"""u8.ToArray()))).Value.Changes[0];
        Assert.Equal((created.Key, "3"), (patched.Key, patched.Version));
        Assert.IsType<Failure.Missing>((await Apply(store, Change.Patch(Where(store, "9"), "[]"u8.ToArray()))).Failure);
        var deleted = (await Apply(store, Change.Delete(Where(store, "1")))).Value.Changes[0];
        Assert.Equal((created.Key, 1), (deleted.Key, deleted.Count));
        Assert.Equal(0, (await Apply(store, Change.Delete(Where(store, "1")))).Value.Changes[0].Count);
    }

    [Fact]
    public async Task Fail_when_more_are_found_than_are_meant()
    {
        await using var store = new TempStore(engine);
        foreach (var id in (string[])["a", "b", "c"])
            await Apply(store, Change.Update(ResourceId.Of(id), Person("same", id)));
        Assert.IsType<Failure.Stale>((await Apply(store, Change.Update(Where(store, "same"), Person("same")))).Failure);
        Assert.IsType<Failure.Stale>((await Apply(store, Change.Patch(Where(store, "same"), "[]"u8.ToArray()))).Failure);
        Assert.IsType<Failure.Stale>((await Apply(store, Change.Delete(Where(store, "same"), 2))).Failure);
        Assert.Equal(3, (await store.Store.Counts(TempStore.Ct)).Total);
        Assert.Equal(3, (await Apply(store, Change.Delete(Where(store, "same"), 3))).Value.Changes[0].Count);
        Assert.Equal(0, (await store.Store.Counts(TempStore.Ct)).Total);
    }

    [Fact]
    public async Task Are_refused_together_when_they_mean_one_resource()
    {
        await using var store = new TempStore(engine);
        await Apply(store, Change.Update(ResourceId.Of("a"), Person("1", "a")));
        Assert.IsType<Failure.Invalid>((await Apply(store, Change.Delete(new ResourceKey("Person", ResourceId.Of("a"))), Change.Update(Where(store, "1"), Person("1")))).Failure);
        Assert.IsType<Failure.Invalid>((await Apply(store, Change.Delete(Where(store, "1")), Change.Create(Person("1")) with { IfNoneExist = Where(store, "1") })).Failure);
        Assert.Equal("1", (await store.Read("Person/a")).Version);
    }

    [Fact]
    public async Task Made_by_many_at_once_create_one_resource()
    {
        await using var store = new TempStore(engine);
        var commits = await Task.WhenAll(Enumerable.Range(0, 200).Select(n => Task.Run(() => Apply(store, n % 2 == 0
            ? Change.Create(Person("race")) with { IfNoneExist = Where(store, "race") }
            : Change.Update(Where(store, "race"), Person("race"))))));
        Assert.Single(commits, commit => commit.Value.Changes[0].Kind == AppliedKind.Created);
        Assert.Equal(1, (await store.Store.Counts(TempStore.Ct)).Total);
    }

    [Fact]
    public async Task Made_only_where_nothing_is_leave_what_is_there()
    {
        await using var store = new TempStore(engine);
        Assert.Null((await Apply(store, Change.Update(ResourceId.Of("a"), Person("1", "a")) with { IfAbsent = true })).Failure);
        Assert.IsType<Failure.Stale>((await Apply(store, Change.Update(ResourceId.Of("a"), Person("2", "a")) with { IfAbsent = true })).Failure);
        await store.Delete("Person/a");
        Assert.Equal("3", (await Apply(store, Change.Update(ResourceId.Of("a"), Person("3", "a")) with { IfAbsent = true })).Value.Changes[0].Version);
    }

    [Fact]
    public async Task Lose_no_update_of_16_writers()
    {
        await using var store = new TempStore(engine);
        await store.Put("""{"resourceType":"Basic","id":"n","code":{"text":"0"}}""");
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => CountUp(store, 5))));
        Assert.Equal("81", (await store.Read("Basic/n")).Version);
        Assert.Contains("\"80\"", TempStore.Text((await store.Read("Basic/n")).Json), StringComparison.Ordinal);
    }

    private static async Task CountUp(TempStore store, int times)
    {
        for (var done = 0; done < times;)
        {
            var read = await store.Read("Basic/n");
            var next = int.Parse(Resource.Parse(read.Json).Value.Root.Child("code")!.Value.Child("text")!.Value.Text!, System.Globalization.CultureInfo.InvariantCulture) + 1;
            var written = await store.TryPut($$"""{"resourceType":"Basic","id":"n","code":{"text":"{{next}}"} }""", read.Version);
            Assert.True(written.Failure is null or Failure.Stale);
            done += written.Failure is null ? 1 : 0;
        }
    }

    [Fact]
    public async Task Or_by_none_are_searched_in_a_compartment_and_at_a_commit()
    {
        await using var store = new TempStore(engine);
        foreach (var (id, patient) in new[] { ("o1", "a"), ("o2", "b"), ("o3", "a") })
            await store.Put($$"""{"resourceType":"Observation","id":"{{id}}","status":"final","code":{"text":"x"},"performer":[{"reference":"Patient/{{patient}}"}]}""");
        var query = store.Query("Observation?status=final") with { Compartment = ResourceId.Of("a") };
        async Task<string> Found(SearchMark? from) =>
            string.Join(' ', (await store.Store.Search(TempStore.Operator, query, from, TempStore.Ct)).Value.Matches.Select(m => m.Key.Id));
        Assert.Equal("o1 o3", await Found(null));
        Assert.Equal("o1", await Found(new SearchMark(2, "")));
        Assert.All((await store.Store.Search(TempStore.Operator, query, null, TempStore.Ct)).Value.Matches,
            match => Assert.True(Matching.Matches(Resource.Parse(match.Json).Value, query, store.Store.Catalog)));
        Assert.False(Matching.Matches(Resource.Parse((await store.Read("Observation/o2")).Json).Value, query, store.Store.Catalog));
    }
}

public sealed class Changes_by_condition_in_SQLite() : Changes_by_condition(Engine.Sqlite);

public sealed class Changes_by_condition_in_PostgreSQL() : Changes_by_condition(Engine.Postgres);
