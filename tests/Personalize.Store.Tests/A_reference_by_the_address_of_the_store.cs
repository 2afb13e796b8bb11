using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Store.Postgres;
using Personalize.Store.Sqlite;

namespace Personalize.Store.Tests;

public abstract class A_reference_by_the_address_of_the_store(Engine engine)
{
    private static readonly SearchCatalog _here = SearchCatalog.R4.With(HomeAddresses.Of(["https://here.org/fhir"]));
    private static readonly Access _ann = new("app", [new Grant("*", Rights.All, true)], ResourceId.Of("ann"));

    private static string Observation(string id, string subject) => $$"""{"resourceType":"Observation","id":"{{id}}","status":"final","code":{"text":"x"},"subject":{"reference":"{{subject}}"} }""";

    private static async Task Fill(TempStore store)
    {
        await store.Put("""{"resourceType":"Patient","id":"ann","gender":"female"}""");
        await store.Put(Observation("far", "https://there.org/fhir/Patient/ann"));
        await store.Put(Observation("full", "https://here.org/fhir/Patient/ann"));
        await store.Put(Observation("other-scheme", "http://here.org/fhir/Patient/ann/_history/1"));
        await store.Put(Observation("plain", "Patient/ann"));
        await store.Put(Observation("replaced", "https://here.org/fhir/Patient/ann"));
        await store.Put(Observation("replaced", "https://here.org/fhir/Patient/bob"));
        await store.Put(Observation("deleted", "https://here.org/fhir/Patient/ann"));
        await store.Delete("Observation/deleted");
    }

    private static async Task IsFound(TempStore store)
    {
        foreach (var search in (string[])["subject=Patient/ann", "subject=https://here.org/fhir/Patient/ann", "subject=http://here.org/fhir/Patient/ann", "patient=ann", "subject:Patient=ann", "patient.gender=female", "subject:missing=false&patient=Patient/ann"])
        {
            Assert.Equal((search, "full other-scheme plain"), (search, await store.Found("Observation?" + search)));
            Assert.All(((string[])["full", "other-scheme", "plain", "far"]).Select(id => store.Read($"Observation/{id}").Result), stored =>
                Assert.Equal(stored.Key.Id.ToString() != "far" || search.Contains("there", StringComparison.Ordinal), Matching.Matches(Fhir.Elements.Resource.Parse(stored.Json).Value, store.Query("Observation?" + search), store.Store.Catalog,
                    _ => TempStore.Parse("""{"resourceType":"Patient","id":"ann","gender":"female"}"""))));
        }
        Assert.Equal("far", await store.Found("Observation?subject=https://there.org/fhir/Patient/ann"));
        Assert.Equal("ann", await store.Found("Patient?_has:Observation:patient:_id=full"));
        Assert.Equal(["ann"], (await store.Search("Observation?_id=full&_include=Observation:subject")).Includes.Select(i => i.Key.Id.ToString()));
        Assert.Equal(["full", "other-scheme", "plain"], (await store.Search("Patient?_id=ann&_revinclude=Observation:subject")).Includes.Select(i => i.Key.Id.ToString()));
        Assert.Equal("full other-scheme plain", await store.Found("Observation", _ann));
        Assert.Equal(["ann", "full", "other-scheme", "plain"], (await store.Store.Compartment(_ann, ResourceId.Of("ann"), TempStore.Ct)).Select(s => s.Key.Id.ToString()));
        var versions = (await store.Store.History(_ann, new("Observation"), TempStore.Ct)).Value.Entries.Select(e => $"{e.Key.Id}/{e.Version}");
        Assert.Equal(["deleted/1", "deleted/2", "full/1", "other-scheme/1", "plain/1", "replaced/1"], versions.Order(StringComparer.Ordinal));
        Assert.Contains("https://here.org/fhir/Patient/ann", TempStore.Text((await store.Read("Observation/full")).Json), StringComparison.Ordinal);
        var report = Check(store);
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
    }

    private static CheckReport Check(TempStore store) => (store.Home is FolderHome folder
        ? StoreCheck.Run(folder.Path, SearchCatalog.R4, TempStore.Ct)
        : PostgresCheck.Run(((SchemaHome)store.Home).ConnectionString, SearchCatalog.R4, TempStore.Ct)).Value;

    [Fact]
    public async Task Is_one_by_type_and_id()
    {
        await using var store = new TempStore(engine, _here);
        await Fill(store);
        await IsFound(store);
    }

    [Fact]
    public async Task Becomes_one_when_the_address_is_told_later()
    {
        var store = new TempStore(engine);
        await Fill(store);
        Assert.Equal("plain", await store.Found("Observation?subject=Patient/ann"));
        Assert.Equal("full", await store.Found("Observation?subject=https://here.org/fhir/Patient/ann"));
        var again = await store.Reopen(_here);
        await IsFound(again);
        // What was an address stays one.
        await using var later = await again.Reopen();
        await IsFound(later);
    }
}

public sealed class A_reference_by_the_address_of_the_store_in_SQLite() : A_reference_by_the_address_of_the_store(Engine.Sqlite);

public sealed class A_reference_by_the_address_of_the_store_in_PostgreSQL() : A_reference_by_the_address_of_the_store(Engine.Postgres)
{
    [Fact]
    public async Task Is_one_to_all_servers_as_soon_as_one_of_them_knows()
    {
        await using var store = new TempStore(Engine.Postgres);
        await using var other = store.Home.Open(new StoreOptions(SearchCatalog.R4.With(HomeAddresses.Of(["https://here.org/fhir"])), TimeProvider.System)).Value;
        await store.Put("""{"resourceType":"Patient","id":"ann"}""");
        await store.Put("""{"resourceType":"Basic","id":"b","code":{"text":"x"},"subject":{"reference":"https://here.org/fhir/Patient/ann"} }""");
        Assert.Equal("b", await store.Found("Basic?subject=Patient/ann"));
    }
}
