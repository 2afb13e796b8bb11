using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Store.Postgres;

namespace Personalize.Store.Tests;

public sealed class A_database_is_checked
{
    private const string Patient = """{"resourceType":"Patient","id":"p","identifier":[{"system":"urn:x","value":"1"}],"name":[{"family":"Amaro","given":["Amaro"]}],"birthDate":"1980-02-03","gender":"female"}""";

    private const string Observation = """
        {"resourceType":"Observation","id":"o","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"4548-4"}]},"subject":{"reference":"Patient/p","identifier":{"system":"urn:x","value":"1"} },
        "effectiveDateTime":"2026-01-02","valueQuantity":{"value":7.10,"unit":"%","system":"http://unitsofmeasure.org","code":"%"} }
        """;

    private static async Task<TempStore> Filled()
    {
        var store = new TempStore(Engine.Postgres);
        await store.Put(Patient);
        await store.Put(Patient.Replace("Amaro", "Bento", StringComparison.Ordinal));
        await store.Put(Observation);
        // What an index cannot hold whole, and what is said twice.
        await store.Put($$"""{"resourceType":"StructureDefinition","id":"s","url":"http://x/{{new string('u', 900)}}","name":"S","status":"active","kind":"resource","abstract":false,"type":"Patient"}""");
        await store.Put("""{"resourceType":"Basic","id":"b","code":{"text":"x"},"subject":{"reference":"Patient/p"} }""");
        await store.Delete("Basic/b");
        await store.Put("""{"resourceType":"Basic","id":"b","code":{"coding":[{"code":"y"},{"code":"y"}]},"subject":{"reference":"https://elsewhere.org/fhir/Patient/7"} }""");
        var commit = await store.Intake.Apply(Access.Engine, [], TempStore.Ct, new(
            [new(ResourceId.Of("p"), "a", new(2026, 1, 2), null)], [new(ResourceId.Of("p"), new byte[] { 1, 2 })], ("personalize", 1)));
        Assert.Null(commit.Failure);
        return store;
    }

    private static CheckReport Check(TempStore store) => PostgresCheck.Run(((SchemaHome)store.Home).ConnectionString, SearchCatalog.R4, TempStore.Ct).Value;

    [Fact]
    public async Task While_it_is_open_and_nothing_is_wrong()
    {
        await using var store = await Filled();
        var report = Check(store);
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
        Assert.Equal((7L, 7L), (report.T, report.Versions));
        Assert.True(report.IndexRows > 20);
        Assert.Empty(report.LeftOut);
    }

    [Theory]
    [InlineData("UPDATE res SET version=version+1 WHERE version=2", FindingKind.Version, "Version 2 is missing")]
    [InlineData("DELETE FROM res WHERE n=(SELECT n FROM ids WHERE id='o')", FindingKind.Commit, "Commit 3 is missing before it.")]
    [InlineData("UPDATE res SET json=convert_to(replace(convert_from(json, 'UTF8'), '\"final\"', '\"finished\"'), 'UTF8') WHERE n=(SELECT n FROM ids WHERE id='o')", FindingKind.Content, "Observation.status")]
    [InlineData("DELETE FROM tok WHERE code='4548-4'", FindingKind.Index, "Observation.code missing")]
    [InlineData("DELETE FROM url WHERE url LIKE 'http://x/u%'", FindingKind.Index, "StructureDefinition.url missing")]
    [InlineData("INSERT INTO str(p, norm, rid, text) SELECT p, 'z', rid, 'Z' FROM str WHERE text='Bento' LIMIT 1", FindingKind.Index, "too many")]
    [InlineData("UPDATE num SET hi=hi+1", FindingKind.Index, "Observation.value-quantity too many")]
    [InlineData("INSERT INTO ref(p, target, rid) SELECT p, target, 4711 FROM ref LIMIT 1", FindingKind.Index, "1 row: belong to no version")]
    [InlineData("DELETE FROM pc WHERE rid=3", FindingKind.Compartment, "in the records of other patients")]
    [InlineData("UPDATE membership SET until='2025-12-31'", FindingKind.Derived, "end before they begin")]
    [InlineData("UPDATE fact SET patient=4711", FindingKind.Derived, "belong to no Patient")]
    public async Task What_is_wrong_is_named(string sql, FindingKind kind, string says)
    {
        await using var store = await Filled();
        store.Home.Run(sql);
        Assert.Contains(Check(store).Findings, f => f.Kind == kind && f.Text.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_others_write_to_it()
    {
        await using var store = await Filled();
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var n = 0; !stop.IsCancellationRequested; n++)
                await store.Put(Observation.Replace("2026-01-02", $"2026-01-{2 + n % 20:00}", StringComparison.Ordinal));
        }, TempStore.Ct);
        var reports = Enumerable.Range(0, 5).Select(_ => Check(store)).ToList();
        await stop.CancelAsync();
        await writing;
        Assert.All(reports, report => Assert.True(report.IsSound, string.Join('\n', report.Findings)));
    }

    [Fact]
    public async Task A_place_without_a_store_and_a_database_that_is_away_are_told()
    {
        await using var store = new TempStore(Engine.Postgres);
        var connection = ((SchemaHome)store.Home).ConnectionString;
        Assert.IsType<Failure.Missing>(PostgresCheck.Run(connection + "0", SearchCatalog.R4, TempStore.Ct).Failure);
        Assert.IsType<Failure.Unavailable>(PostgresCheck.Run("Host=/nowhere;Username=x", SearchCatalog.R4, TempStore.Ct).Failure);
        Assert.IsType<Failure.Invalid>(PostgresCheck.Run("Nonsense=1", SearchCatalog.R4, TempStore.Ct).Failure);
    }
}
