using Personalize.Fhir.Primitives;

namespace Personalize.Store.Tests;

public abstract class What_is_answered_is_found(Engine engine)
{
    private static string Patient(string id, string family) => $$"""{"resourceType":"Patient","id":"{{id}}","identifier":[{"system":"urn:x","value":"{{id}}"}],"name":[{"family":"{{family}}"}]}""";

    [Fact]
    public async Task By_the_search_that_follows_while_others_write()
    {
        await using var store = new TempStore(engine);
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TempStore.Ct }, async (n, _) =>
        {
            await store.Put(Patient($"p{n}", $"Family{n}x"));
            Assert.Equal($"p{n}", await store.Found($"Patient?family=Family{n}x"));
            await store.Put(Patient($"p{n}", $"Other{n}x"));
            Assert.Equal("", await store.Found($"Patient?family=Family{n}x"));
            Assert.Equal($"p{n}", await store.Found($"Patient?identifier=urn:x|p{n}&family=Other{n}x"));
        });
        Assert.Equal(200, (await store.Search("Patient?family=Other&_summary=count")).Total);
    }

    [Fact]
    public async Task By_the_conditions_of_commits_behind_it()
    {
        await using var store = new TempStore(engine);
        var condition = store.Query("Patient?identifier=urn:x|same");
        var all = await Task.WhenAll(Enumerable.Range(0, 50).Select(n => store.Intake.Apply(TempStore.Operator,
            [Change.Create(TempStore.Parse(Patient("same", $"Family{n}")), ResourceId.Of($"c{n}")) with { IfNoneExist = condition }], TempStore.Ct)));
        Assert.Single(all, outcome => outcome.Value.Changes[0].Kind == AppliedKind.Created);
        Assert.Single((await store.Search("Patient?identifier=urn:x|same")).Matches);
    }

    [Fact]
    public async Task By_its_id_without_waiting_and_in_the_record_of_its_patient()
    {
        await using var store = new TempStore(engine, with: options => options with { IndexRest = TimeSpan.FromHours(1) });
        await store.Put(Patient("a", "A"));
        await store.Put("""{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/a"}}""");
        Assert.Equal("1", (await store.Read("Observation/o")).Version);
        Assert.Equal(["Patient/a", "Observation/o"], (await store.Store.Compartment(TempStore.Operator, ResourceId.Of("a"), TempStore.Ct)).Select(s => s.Key.ToString()));
        Assert.Equal("o", await store.Found("Observation?subject:Patient.family=A"));
    }
}

public sealed class What_is_answered_is_found_in_SQLite() : What_is_answered_is_found(Engine.Sqlite);

public sealed class What_is_answered_is_found_in_PostgreSQL() : What_is_answered_is_found(Engine.Postgres);
