using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Store.Sqlite;

namespace Personalize.Store.Tests;

public sealed class A_store_is_checked
{
    private const string Patient = """{"resourceType":"Patient","id":"p","identifier":[{"system":"urn:x","value":"1"}],"name":[{"family":"Amaro"}],"birthDate":"1980-02-03","gender":"female"}""";

    private const string Observation = """
        {"resourceType":"Observation","id":"o","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"4548-4"}]},"subject":{"reference":"Patient/p","identifier":{"system":"urn:x","value":"1"} },
        "effectiveDateTime":"2026-01-02","valueQuantity":{"value":7.10,"unit":"%","system":"http://unitsofmeasure.org","code":"%"} }
        """;

    private const string Profile = """{"resourceType":"StructureDefinition","id":"s","url":"http://x/s","name":"S","status":"active","kind":"resource","abstract":false,"type":"Patient"}""";

    /// <summary>A store with everything that has rows: versions, a deletion, one that came back, all kinds of index rows, memberships and facts.</summary>
    private static async Task<TempStore> Filled()
    {
        var store = new TempStore(Engine.Sqlite);
        await store.Put(Patient);
        await store.Put(Patient.Replace("Amaro", "Bento", StringComparison.Ordinal));
        await store.Put(Observation);
        await store.Put(Profile);
        await store.Put("""{"resourceType":"Basic","id":"b","code":{"text":"x"},"subject":{"reference":"Patient/p"} }""");
        await store.Delete("Basic/b");
        await store.Put("""{"resourceType":"Basic","id":"b","code":{"text":"y"},"subject":{"reference":"https://elsewhere.org/fhir/Patient/7"} }""");
        var commit = await store.Intake.Apply(Access.Engine, [], TempStore.Ct, new(
            [new(ResourceId.Of("p"), "a", new(2026, 1, 2), null)], [new(ResourceId.Of("p"), new byte[] { 1, 2 })], ("personalize", 1)));
        Assert.Null(commit.Failure);
        Assert.Equal("p", await store.Found("Patient?family=Bento")); // all index rows are written
        return store;
    }

    private static string Folder(TempStore store) => ((FolderHome)store.Home).Path;

    private static CheckReport Check(TempStore store) => StoreCheck.Run(Folder(store), SearchCatalog.R4, TempStore.Ct).Value;

    /// <summary>The findings after the file was changed behind the store's back.</summary>
    private static async Task<ImmutableArray<StoreFinding>> After(string sql)
    {
        await using var store = await Filled();
        Assert.True(Break(store, sql) > 0, "nothing was broken");
        return Check(store).Findings;
    }

    private static int Break(TempStore store, string sql)
    {
        using var file = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(Folder(store), "store.db"), Pooling = false }.ToString());
        file.Open();
        using var command = file.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

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

    [Fact]
    public async Task After_old_index_rows_were_swept()
    {
        var clock = new MovingClock();
        await using var store = new TempStore(Engine.Sqlite, null, clock);
        await store.Put(Patient);
        await store.Delete("Patient/p");
        await store.Put(Patient);
        clock.Advance(TimeSpan.FromHours(26));
        await store.Put(Observation);
        await store.Store.DisposeAsync(); // what is swept, is swept
        var report = Check(store);
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
    }

    [Theory]
    [InlineData("UPDATE res SET version=version+1 WHERE version=2", "Patient/p version 3", "Version 2 is missing: the one before is 1.")]
    [InlineData("UPDATE res SET version=2 WHERE n=(SELECT n FROM ids WHERE id='o')", "Observation/o version 2", "The first version is missing.")]
    [InlineData("UPDATE res SET until=9 WHERE version=1 AND n=(SELECT n FROM ids WHERE id='p')", "Patient/p version 1", "does not end with the commit that wrote the next one")]
    [InlineData("UPDATE res SET until=9223372036854775807 WHERE version=1 AND n=(SELECT n FROM ids WHERE id='p')", "Patient/p version 1", "counts as current, and a later version is there")]
    [InlineData("UPDATE res SET until=99 WHERE n=(SELECT n FROM ids WHERE id='o')", "Observation/o version 1", "is the last version, and does not count as current")]
    [InlineData("UPDATE res SET kind=2 WHERE n=(SELECT n FROM ids WHERE id='s')", "StructureDefinition/s version 1", "deletes what was not there")]
    [InlineData("DELETE FROM ids WHERE id='s'", "StructureDefinition/? version 1", "is not known by number")]
    public async Task A_chain_of_versions_that_is_broken_is_named(string sql, string place, string says) =>
        Assert.Contains(await After(sql), f => f.Kind == FindingKind.Version && f.Place == place && f.Text.Contains(says, StringComparison.Ordinal));

    [Fact]
    public async Task A_commit_that_is_gone_is_named()
    {
        var finding = Assert.Single(await After("DELETE FROM res WHERE n=(SELECT n FROM ids WHERE id='o')"), f => f.Kind == FindingKind.Commit);
        Assert.Equal(("StructureDefinition/s version 1", "Commit 3 is missing before it."), (finding.Place, finding.Text));
    }

    [Theory]
    [InlineData("""CAST('{"resourceType":"Observation",' AS BLOB)""", "cannot be parsed")]
    [InlineData("NULL", "content is missing")]
    [InlineData("CAST(replace(CAST(json AS TEXT), '\"final\"', '\"finished\"') AS BLOB)", "Observation.status: it has not the structure that R4 gives it")]
    [InlineData("CAST(replace(CAST(json AS TEXT), '\"id\":\"o\"', '\"id\":\"q\"') AS BLOB)", "that of another resource")]
    [InlineData("CAST(replace(CAST(json AS TEXT), '\"versionId\":\"1\"', '\"versionId\":\"4\"') AS BLOB)", "meta.versionId is another version")]
    [InlineData("CAST(replace(CAST(json AS TEXT), '\"lastUpdated\":\"20', '\"lastUpdated\":\"19') AS BLOB)", "meta.lastUpdated is another time")]
    public async Task Content_that_is_not_what_it_should_be_is_named(string json, string says) =>
        Assert.Contains(await After($"UPDATE res SET json={json} WHERE n=(SELECT n FROM ids WHERE id='o')"),
            f => f.Kind == FindingKind.Content && f.Place == "Observation/o version 1" && f.Text.Contains(says, StringComparison.Ordinal));

    [Theory]
    [InlineData("tok", "code='4548-4'", "Observation/o", "Observation.code")]
    [InlineData("tok", "p<0", "Observation/o", "Observation.subject")]
    [InlineData("str", "text='Bento'", "Patient/p", "Patient.family")]
    [InlineData("dt", "rid=(SELECT max(rid) FROM res WHERE n=(SELECT n FROM ids WHERE id='o'))", "Observation/o", "Observation.date")]
    [InlineData("num", "lo<8", "Observation/o", "Observation.value-quantity")]
    [InlineData("ref", "rid=3", "Observation/o", "Observation.subject")]
    [InlineData("url", "url='http://x/s'", "StructureDefinition/s", "StructureDefinition.url")]
    public async Task An_index_row_that_is_missing_is_named_by_its_search_parameter(string table, string where, string place, string parameter)
    {
        var findings = await After($"DELETE FROM {table} WHERE {where}");
        Assert.Contains(findings, f => f.Kind == FindingKind.Index && f.Place.StartsWith(place, StringComparison.Ordinal) && f.Text.Contains(parameter + " missing", StringComparison.Ordinal));
        Assert.All(findings, f => Assert.DoesNotContain("too many", f.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("UPDATE tok SET code='other' WHERE code='4548-4'", "1 index row of Observation.code too many")]
    [InlineData("INSERT INTO str(p, norm, rid, text) SELECT p, 'z', rid, 'Z' FROM str WHERE text='Amaro' LIMIT 1", "too many")]
    [InlineData("UPDATE num SET hi=hi+1", "Observation.value-quantity too many")]
    [InlineData("UPDATE dt SET hi=hi+1 WHERE rid=3", "Observation.date too many")]
    [InlineData("INSERT INTO ref(p, target, rid) SELECT p, target, (SELECT rid FROM res WHERE kind=2) FROM ref LIMIT 1", "too many")]
    [InlineData("INSERT INTO ref(p, target, rid) SELECT p, target, 4711 FROM ref LIMIT 1", "1 row: belong to no version")]
    [InlineData("INSERT INTO ref(p, target, rid) SELECT 99999, target, rid FROM ref LIMIT 1", "1 row: belong to no search parameter")]
    public async Task An_index_row_that_no_content_gives_is_named(string sql, string says) =>
        Assert.Contains(await After(sql), f => f.Kind == FindingKind.Index && f.Text.Contains(says, StringComparison.Ordinal));

    [Theory]
    [InlineData("DELETE FROM pc WHERE rid=3", "Observation/o version 1")]
    [InlineData("INSERT INTO pc(patient, type, rid) SELECT patient, type, 4 FROM pc LIMIT 1", "StructureDefinition/s version 1")]
    [InlineData("DELETE FROM pc WHERE rid=(SELECT rid FROM res WHERE kind=2)", "Basic/b version 2")]
    [InlineData("UPDATE pc SET rid=4711 WHERE rid=1", "table pc")]
    public async Task A_record_in_which_a_resource_does_not_lie_is_named(string sql, string place) =>
        Assert.Contains(await After(sql), f => f.Kind == FindingKind.Compartment && f.Place == place);

    [Theory]
    [InlineData("UPDATE membership SET patient=(SELECT n FROM ids WHERE id='o')", "table membership")]
    [InlineData("UPDATE membership SET patient=4711", "table membership")]
    [InlineData("UPDATE membership SET until='2025-12-31'", "table membership")]
    [InlineData("UPDATE membership SET t=4711", "table membership")]
    [InlineData("UPDATE fact SET patient=4711", "table fact")]
    public async Task Derived_rows_without_their_patient_are_named(string sql, string place) =>
        Assert.Equal((FindingKind.Derived, place), Assert.Single(await After(sql)) is var f ? (f.Kind, f.Place) : default);

    [Fact]
    public async Task A_page_that_is_damaged_is_named()
    {
        await using var store = await Filled();
        await store.Store.DisposeAsync();
        var file = Path.Combine(Folder(store), "store.db");
        var bytes = await File.ReadAllBytesAsync(file, TempStore.Ct);
        var page = bytes.AsSpan().IndexOf("Bento"u8) / 4096;
        bytes.AsSpan(page * 4096, 16).Fill(0xEE);
        await File.WriteAllBytesAsync(file, bytes, TempStore.Ct);
        Assert.Contains(Check(store).Findings, f => f.Kind == FindingKind.File);
    }

    [Fact]
    public async Task A_file_that_is_no_store_is_named()
    {
        using var folder = new TempFolder();
        Assert.IsType<Failure.Missing>(StoreCheck.Run(folder.Path, SearchCatalog.R4, TempStore.Ct).Failure);
        await File.WriteAllBytesAsync(folder.At("store.db"), Encoding.ASCII.GetBytes(new string('x', 9000)), TempStore.Ct);
        Assert.Equal(FindingKind.File, Assert.Single(StoreCheck.Run(folder.Path, SearchCatalog.R4, TempStore.Ct).Value.Findings).Kind);
    }

    [Fact]
    public async Task Rows_that_are_put_off_are_not_missing_and_wrong_ones_are_still_wrong()
    {
        await using var store = await Filled();
        Assert.True(Break(store, "DELETE FROM tok WHERE rid>2; DELETE FROM str WHERE rid>2; DELETE FROM ref WHERE rid>2") > 0);
        Assert.False(Check(store).IsSound);
        Break(store, "UPDATE merged SET rid=2");
        Assert.True(Check(store).IsSound);
        Break(store, "UPDATE num SET hi=hi+1");
        Assert.Contains(Check(store).Findings, f => f.Text.Contains("too many", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_search_parameter_that_has_changed_since_is_told_and_not_compared()
    {
        await using var store = await Filled();
        Assert.True(Break(store, "UPDATE param SET fingerprint='older' WHERE type='Observation' AND code='code'; DELETE FROM tok WHERE code='4548-4'") > 0);
        var report = Check(store);
        Assert.All(report.Findings, f => Assert.Contains("combo", f.Text, StringComparison.Ordinal)); // another parameter that finds the same code
        Assert.Contains("Observation.code:", Assert.Single(report.LeftOut), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_population_in_seconds()
    {
        await using var store = new TempStore(Engine.Sqlite);
        var count = await Populations.Load(store, "2019-massachusetts");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var report = Check(store);
        Assert.True(report.IsSound, string.Join('\n', report.Findings.Take(20)));
        Assert.Equal(count, report.Versions);
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Versions} versions, {report.IndexRows} index rows in {clock.Elapsed.TotalSeconds:0.0} s"));
    }
}
