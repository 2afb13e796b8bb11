using System.Globalization;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Store.Sqlite;

namespace Personalize.Store.Tests;

public sealed class A_disk_that_is_full
{
    private static Change Basic(int number)
    {
        var content = TempStore.Parse($$"""{"resourceType":"Basic","id":"b{{number.ToString(CultureInfo.InvariantCulture)}}","code":{"text":"{{new string('x', 2000)}}"},"identifier":[{"value":"{{number % 7}}"}]}""");
        return Change.Update(content.Id!, content);
    }

    [Fact]
    public async Task Is_told_to_whoever_writes_leaves_no_half_and_reads_go_on_until_there_is_room_again()
    {
        await using var store = new TempStore(Engine.Sqlite);
        var file = (SqliteStore)store.Store;
        file.Limit(store.Home.Ask("PRAGMA page_count")[0] + 120);
        var (written, tries) = (0, 0);
        Failure? failure = null;
        for (; failure is null && tries < 1_000; tries++)
        {
            // Several at once, in commits of several: what is in the writer's transaction together fails together.
            var commits = await Task.WhenAll(Enumerable.Range(0, 4).Select(c => store.Intake.Apply(TempStore.Operator, [.. Enumerable.Range(0, 3).Select(i => Basic(tries * 100 + c * 10 + i))], TempStore.Ct)));
            written += commits.Count(c => c.Failure is null) * 3;
            failure = commits.Select(c => c.Failure).FirstOrDefault(f => f is not null);
        }
        Assert.IsType<Failure.Full>(failure);
        Assert.True(written > 0);
        var t = store.Store.T;

        for (var again = 0; again < 20; again++)
            Assert.IsType<Failure.Full>((await store.Intake.Apply(TempStore.Operator, [.. Enumerable.Range(0, 50).Select(i => Basic(200_000 + i))], TempStore.Ct)).Failure);
        Assert.Equal((t, (long)written), (store.Store.T, (await store.Store.Counts(TempStore.Ct)).Total));
        Assert.Equal(written, (await store.Search("Basic?_summary=count")).Total);

        file.Limit(1_000_000);
        Assert.Null((await store.Intake.Apply(TempStore.Operator, [Basic(300_000)], TempStore.Ct)).Failure);
        var report = StoreCheck.Run(((FolderHome)store.Home).Path, SearchCatalog.R4, ct: TempStore.Ct).Value;
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
        Assert.Equal(written + 1, report.Versions);
    }
}
