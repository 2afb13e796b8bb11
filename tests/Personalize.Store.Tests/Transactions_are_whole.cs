using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Tests;

public abstract class Transactions_are_whole(Engine engine)
{
    private const string Practitioner = """{"resourceType":"Practitioner","identifier":[{"system":"npi","value":"1"}],"name":[{"family":"A"}]}""";

    private static string Bundle(params string[] entries) => $$"""{"resourceType":"Bundle","type":"transaction","entry":[{{string.Join(',', entries)}}]}""";

    private static string Entry(string resource, string method, string url, string more = "") => $$"""{ {{more}} "resource":{{resource}},"request":{"method":"{{method}}","url":"{{url}}"} }""";

    [Fact]
    public async Task Entries_that_name_each_other_get_the_stored_names_everywhere()
    {
        await using var store = new TempStore(engine);
        const string Patient = """{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"urn:uuid:22222222-2222-2222-2222-222222222222\">o</a></div>"}}""";
        const string Observation = """{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"urn:uuid:11111111-1111-1111-1111-111111111111"}}""";
        var commit = await store.Post(TempStore.Parse(Bundle(
            Entry(Patient, "POST", "Patient", "\"fullUrl\":\"urn:uuid:11111111-1111-1111-1111-111111111111\","),
            Entry(Observation, "POST", "Observation", "\"fullUrl\":\"urn:uuid:22222222-2222-2222-2222-222222222222\","))));
        Assert.Null(commit.Failure);
        var (patient, observation) = (commit.Value.Changes[0], commit.Value.Changes[1]);
        Assert.Contains($"\"{patient.Key}\"", TempStore.Text(observation.Json), StringComparison.Ordinal);
        Assert.Contains($"{observation.Key}\\\"", TempStore.Text(patient.Json), StringComparison.Ordinal);
        Assert.Equal(observation.Key.Id.ToString(), await store.Found($"Observation?patient={patient.Key.Id}"));
    }

    [Fact]
    public async Task One_bad_entry_leaves_nothing_behind_and_is_named()
    {
        await using var store = new TempStore(engine);
        var invalid = await store.Post(TempStore.Parse(Bundle(Entry(Practitioner, "POST", "Practitioner"), Entry("""{"resourceType":"Patient","gender":"neither"}""", "POST", "Patient"))));
        Assert.Contains("Bundle.entry[1].resource.gender", invalid.Failure!.Issues[0].Expression, StringComparison.Ordinal);
        var stale = await store.Post(TempStore.Parse(Bundle(Entry(Practitioner, "POST", "Practitioner"), """{"request":{"method":"DELETE","url":"Patient/x","ifMatch":"W/\"4\""}}""")));
        Assert.Contains("Bundle.entry[1]", Assert.IsType<Failure.Stale>(stale.Failure).Issues[0].Text, StringComparison.Ordinal);
        Assert.Equal((0L, 0L), (store.Store.T, (await store.Store.Counts(TempStore.Ct)).Total));
        Assert.NotNull(await store.Put(Practitioner.Replace("\"identifier\"", "\"id\":\"p\",\"identifier\"", StringComparison.Ordinal)));
        Assert.Equal("p", await store.Found("Practitioner?identifier=npi|1"));
    }

    [Fact]
    public async Task A_reference_by_search_becomes_the_one_that_it_finds()
    {
        await using var store = new TempStore(engine);
        await store.Put(Practitioner.Replace("\"identifier\"", "\"id\":\"doc\",\"identifier\"", StringComparison.Ordinal));
        const string Patient = """{"resourceType":"Patient","generalPractitioner":[{"reference":"Practitioner?identifier=npi|1"}]}""";
        var commit = (await store.Post(TempStore.Parse(Bundle(Entry(Patient, "POST", "Patient"))))).Value;
        Assert.Contains("\"Practitioner/doc\"", TempStore.Text(commit.Changes[0].Json), StringComparison.Ordinal);
        var none = await store.Post(TempStore.Parse(Bundle(Entry(Patient.Replace("npi|1", "npi|2", StringComparison.Ordinal), "POST", "Patient"))));
        Assert.Contains("Bundle.entry[0].resource.generalPractitioner[0].reference", none.Failure!.Issues[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conditional_create_takes_what_is_there_and_others_refer_to_it()
    {
        await using var store = new TempStore(engine);
        await store.Put(Practitioner.Replace("\"identifier\"", "\"id\":\"doc\",\"identifier\"", StringComparison.Ordinal));
        var bundle = Bundle(
            $$"""{"fullUrl":"urn:uuid:33333333-3333-3333-3333-333333333333","resource":{{Practitioner}},"request":{"method":"POST","url":"Practitioner","ifNoneExist":"identifier=npi|1"} }""",
            Entry("""{"resourceType":"Patient","generalPractitioner":[{"reference":"urn:uuid:33333333-3333-3333-3333-333333333333"}]}""", "POST", "Patient"));
        var commit = (await store.Post(TempStore.Parse(bundle))).Value;
        Assert.Equal((AppliedKind.Matched, "doc"), (commit.Changes[0].Kind, commit.Changes[0].Key.Id.ToString()));
        Assert.Contains("\"Practitioner/doc\"", TempStore.Text(commit.Changes[1].Json), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fifty_conditional_creates_at_once_make_one_resource()
    {
        await using var store = new TempStore(engine);
        var content = TempStore.Parse(Practitioner);
        var query = SearchQuery.Parse("Practitioner", "identifier=npi|1", store.Store.Catalog).Value;
        var commits = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => store.Intake.Apply(TempStore.Operator, [Change.Create(content) with { IfNoneExist = query }], TempStore.Ct))));
        Assert.Single(commits, c => c.Value.Changes[0].Kind == AppliedKind.Created);
        Assert.Single(commits.Select(c => c.Value.Changes[0].Key).Distinct());
        Assert.Equal(1, (await store.Store.Counts(TempStore.Ct)).Total);
    }

    [Fact]
    public async Task The_same_identity_twice_is_refused()
    {
        await using var store = new TempStore(engine);
        const string Patient = """{"resourceType":"Patient","id":"p"}""";
        var twice = await store.Post(TempStore.Parse(Bundle(Entry(Patient, "PUT", "Patient/p"), Entry(Patient, "PUT", "Patient/p"))));
        Assert.Contains("Bundle.entry[1]", Assert.IsType<Failure.Invalid>(twice.Failure).Issues[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_batch_each_entry_stands_for_itself()
    {
        var bundle = TempStore.Parse(Bundle(Entry(Practitioner, "POST", "Practitioner"), Entry(Practitioner, "PATCH", "Practitioner/1"), """{"request":{"method":"GET","url":"Patient?name=a"}}""").Replace("transaction", "batch", StringComparison.Ordinal));
        var plan = Plan.Of(bundle, SearchCatalog.R4, () => ResourceId.Of("new")).Value;
        Assert.False(plan.IsTransaction);
        Assert.NotNull(plan.Entries[0].Change);
        Assert.Contains("Bundle.entry[1]", plan.Entries[1].Failure!.Issues[0].Text, StringComparison.Ordinal);
        Assert.Equal(("GET", "Patient?name=a"), (plan.Entries[2].Method, plan.Entries[2].Url));
    }

    [Fact]
    public void Deletes_come_before_creates_and_updates_last()
    {
        var bundle = TempStore.Parse(Bundle(Entry("""{"resourceType":"Patient","id":"p"}""", "PUT", "Patient/p"), Entry(Practitioner, "POST", "Practitioner"), """{"request":{"method":"DELETE","url":"Patient/q"}}"""));
        var plan = Plan.Of(bundle, SearchCatalog.R4, () => ResourceId.Of("new")).Value;
        Assert.Equal([ChangeKind.Delete, ChangeKind.Create, ChangeKind.Update], plan.Changes.Select(c => c.Kind));
    }

    [Fact]
    public async Task Two_entries_of_one_fullUrl_are_refused_for_nobody_knows_which_is_meant()
    {
        await using var store = new TempStore(engine);
        const string Url = "\"fullUrl\":\"urn:uuid:11111111-1111-1111-1111-111111111111\",";
        var twice = await store.Post(TempStore.Parse(Bundle(Entry(Practitioner, "POST", "Practitioner", Url), Entry(Practitioner, "POST", "Practitioner", Url))));
        Assert.Contains(twice.Failure!.Issues, issue => issue is { Code: "duplicate", Expression: "Bundle.entry[1]" });
        Assert.Equal(0, store.Store.T);
    }
}

public sealed class Transactions_are_whole_in_SQLite() : Transactions_are_whole(Engine.Sqlite);

public sealed class Transactions_are_whole_in_PostgreSQL() : Transactions_are_whole(Engine.Postgres);
