using Microsoft.Data.Sqlite;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Store.Sqlite;

namespace Personalize.Store.Tests;

/// <summary>SQLite's index rows are written behind their commit. Here they wait until a search asks for them, unless told.</summary>
public sealed class Index_rows_that_wait
{
    private const string Unwritten = "SELECT (SELECT max(rid) FROM res) - (SELECT rid FROM merged)";

    private static TempStore New(int mostWaiting = 300_000, TimeSpan? rest = null) =>
        new(Engine.Sqlite, with: options => options with { IndexRest = rest ?? TimeSpan.FromHours(1), MostWaiting = mostWaiting });

    private static Change Patient(int n, string family = "Family") =>
        Change.Update(ResourceId.Of($"p{n}"), TempStore.Parse($$"""{"resourceType":"Patient","id":"p{{n}}","identifier":[{"system":"urn:x","value":"{{n}}"}],"name":[{"family":"{{family}}{{n}}"}],"birthDate":"1980-02-{{1 + (n % 28):00}}"}"""));

    private static async Task Write(TempStore store, int from, int count, string family = "Family")
    {
        foreach (var some in Enumerable.Range(from, count).Chunk(10))
            Assert.Null((await store.Intake.Apply(TempStore.Operator, [.. some.Select(n => Patient(n, family))], TempStore.Ct)).Failure);
    }

    private static async Task<long?> Count(TempStore store, string search) => (await store.Search(search + "&_summary=count")).Total;

    [Fact]
    public async Task Are_there_after_a_crash()
    {
        await using var store = New();
        await Write(store, 0, 50);
        await Write(store, 0, 10, "Later");
        await store.Delete("Patient/p49");
        Assert.Equal([61], store.Home.Ask(Unwritten));

        // What a process leaves that is killed now.
        using var left = new TempFolder();
        foreach (var file in new[] { "store.db", "store.db-wal" })
            File.Copy(Path.Combine(((FolderHome)store.Home).Path, file), Path.Combine(left.Path, file));
        Assert.True(StoreCheck.Run(left.Path, SearchCatalog.R4, TempStore.Ct).Value.IsSound);
        await using var again = SqliteStore.Open(left.Path, new(SearchCatalog.R4, TimeProvider.System)).Value;
        Assert.Equal(49, await Total(again, "birthdate=ge1980-02-01"));
        Assert.Equal(39, await Total(again, "family=Family"));
        Assert.Equal(10, await Total(again, "family=Later"));
        Assert.Equal(1, await Total(again, "identifier=urn:x|48"));
        Assert.True(StoreCheck.Run(left.Path, SearchCatalog.R4, TempStore.Ct).Value.IsSound);

        static async Task<long?> Total(SqliteStore store, string search) =>
            (await store.Search(TempStore.Operator, SearchQuery.Parse("Patient", search + "&_summary=count", store.Catalog).Value, null, TempStore.Ct)).Value.Total;
    }

    [Fact]
    public async Task Are_taken_out_of_all_other_versions_when_one_is_damaged()
    {
        var store = New();
        await Write(store, 0, 20);
        Assert.Equal(20, await Count(store, "Patient?family=Family"));
        store.Home.Run("UPDATE res SET json=x'8100' WHERE rid=1");
        store.Home.Run("DELETE FROM str");
        store.Home.Run("UPDATE merged SET rid=0");
        await using var again = await store.Reopen();
        Assert.Equal(19, await Count(again, "Patient?family=Family"));
    }

    [Fact]
    public async Task Are_there_when_the_store_was_closed()
    {
        var store = New();
        await Write(store, 0, 20);
        await using var again = await store.Reopen();
        Assert.Equal([0], again.Home.Ask(Unwritten));
        Assert.Equal([20], again.Home.Ask("SELECT count(*) FROM dt"));
        Assert.Equal(20, await Count(again, "Patient?family=Family"));
    }

    [Fact]
    public async Task Are_written_slice_by_slice_by_the_commits_that_follow()
    {
        await using var store = New(mostWaiting: 500);
        await Write(store, 0, 1_000);
        var unwritten = store.Home.Ask(Unwritten)[0];
        Assert.InRange(unwritten, 1, 999);
        Assert.Equal(1_000, await Count(store, "Patient?family=Family"));
        Assert.Equal([0], store.Home.Ask(Unwritten));
        Assert.True(StoreCheck.Run(((FolderHome)store.Home).Path, SearchCatalog.R4, TempStore.Ct).Value.IsSound);
    }

    [Fact]
    public async Task Are_written_when_nothing_else_comes()
    {
        await using var store = New(rest: TimeSpan.FromMilliseconds(1));
        await Write(store, 0, 20);
        for (var tries = 0; store.Home.Ask(Unwritten)[0] > 0 && tries < 500; tries++)
            await Task.Delay(10, TempStore.Ct);
        Assert.Equal([0, 20], store.Home.Ask($"{Unwritten}, (SELECT count(*) FROM dt)"));
    }

    [Fact]
    public async Task Are_forgotten_with_a_commit_that_failed()
    {
        await using var store = New();
        await Write(store, 0, 10);
        var outcome = await store.Intake.Apply(TempStore.Operator, [Patient(20), Patient(5) with { IfMatch = "7" }], TempStore.Ct);
        Assert.IsType<Failure.Stale>(outcome.Failure);
        Assert.Equal(10, await Count(store, "Patient?family=Family"));
        Assert.Equal([10], store.Home.Ask("SELECT count(*) FROM dt"));
    }

    [Fact]
    public async Task Wait_on_when_they_cannot_be_written()
    {
        await using var store = New();
        await Write(store, 0, 10);
        store.Home.Run("CREATE TRIGGER refuse BEFORE INSERT ON str BEGIN SELECT RAISE(ABORT, 'full'); END");
        await Assert.ThrowsAsync<SqliteException>(() => store.Search("Patient?family=Family"));
        await Write(store, 10, 10);
        await Assert.ThrowsAsync<SqliteException>(() => store.Search("Patient?family=Family"));
        Assert.Equal([0, 0], store.Home.Ask("SELECT (SELECT count(*) FROM dt), (SELECT count(*) FROM str)"));

        store.Home.Run("DROP TRIGGER refuse");
        Assert.Equal(20, await Count(store, "Patient?family=Family"));
        Assert.Equal([20, 0], store.Home.Ask($"SELECT count(*), ({Unwritten}) FROM dt"));
    }

    [Fact]
    public async Task A_commit_that_cannot_write_its_slice_is_no_commit()
    {
        await using var store = New(mostWaiting: 100);
        await Write(store, 0, 50);
        store.Home.Run("CREATE TRIGGER refuse BEFORE INSERT ON dt BEGIN SELECT RAISE(ABORT, 'full'); END");
        var written = 50;
        for (var refused = false; !refused; written += refused ? 0 : 10)
            refused = await Record.ExceptionAsync(() => Write(store, written, 10)) is SqliteException;
        Assert.Equal([written], store.Home.Ask("SELECT count(*) FROM res"));

        store.Home.Run("DROP TRIGGER refuse");
        await Write(store, written, 10);
        Assert.Equal(written + 10, await Count(store, "Patient?family=Family"));
        Assert.Equal([written + 10], store.Home.Ask("SELECT count(*) FROM dt"));
    }

    [Fact]
    public async Task Are_none_in_a_file_of_the_version_before()
    {
        var store = New();
        await Write(store, 0, 20);
        await store.Store.DisposeAsync();
        store.Home.Run("DROP TABLE merged; DROP TABLE dictionary; DROP TABLE chart; DROP INDEX dt_long; DROP TABLE catalog; DROP TABLE coming; DROP TABLE retired; DROP TABLE home; DELETE FROM migration WHERE number>=2");
        await using var again = await store.Reopen();
        Assert.Equal([0], again.Home.Ask(Unwritten));
        await Write(again, 20, 5);
        Assert.Equal(25, await Count(again, "Patient?family=Family"));
    }

    [Fact]
    public async Task Contents_are_compressed_once_there_are_enough_to_learn_from()
    {
        var store = New();
        foreach (var some in Enumerable.Range(0, 3_000).Chunk(1_000))
            Assert.Null((await store.Intake.Apply(TempStore.Operator, [.. some.Select(n => Patient(n))], TempStore.Ct)).Failure);
        Assert.Equal([1, 1], store.Home.Ask("SELECT count(*), max(number) FROM dictionary"));
        Assert.True(store.Home.Ask("SELECT max(length(json)) FROM res WHERE rid > 2000")[0] < store.Home.Ask("SELECT min(length(json)) FROM res WHERE rid <= 2000")[0]);
        var before = TempStore.Text((await store.Read("Patient/p2999")).Json);
        await using var again = await store.Reopen();
        Assert.Equal(before, TempStore.Text((await again.Read("Patient/p2999")).Json));
        Assert.Contains("\"family\":\"Family2999\"", before, StringComparison.Ordinal);
        Assert.Equal(3_000, await Count(again, "Patient?family=Family"));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Contents_of_every_dictionary_are_read()
    {
        await using var store = New();
        var written = 0;
        for (; written < 30_000 && (written < 21_000 || store.Home.Ask("SELECT count(*) FROM dictionary")[0] < 2); written += 1_000)
            Assert.Null((await store.Intake.Apply(TempStore.Operator, [.. Enumerable.Range(written, 1_000).Select(n => Patient(n))], TempStore.Ct)).Failure);
        await Write(store, written, 10);
        Assert.Equal([2, 1, 1], store.Home.Ask("SELECT (SELECT count(*) FROM dictionary), max(hex(substr(json, 1, 1)) = '91'), max(hex(substr(json, 1, 1)) = '92') FROM res"));
        foreach (var n in new[] { 0, 10_000, written + 9 })
            Assert.Contains($"\"family\":\"Family{n}\"", TempStore.Text((await store.Read($"Patient/p{n}")).Json), StringComparison.Ordinal);
        Assert.Equal(written + 10, await Count(store, "Patient?family=Family"));
        Assert.True(StoreCheck.Run(((FolderHome)store.Home).Path, SearchCatalog.R4, TempStore.Ct).Value.IsSound);
    }
}
