using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Store.Sqlite;

namespace Personalize.Store.Tests;

/// <summary>What a crash leaves behind: the file and its log as they are at that moment, the log's end damaged. Then every commit whose part of the log lies before the damage is there,
/// whole and in order; what lies behind is gone, each commit as a whole. A log that is whole loses nothing.</summary>
public sealed class A_log_that_is_torn : IDisposable
{
    private const int Commits = 40;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Writes commits of three resources, one after the other; gives how long the log was after each, and the crash's image.</summary>
    private async Task<(string Image, List<long> Ends)> Crash()
    {
        var ends = new List<long>();
        // Index rows that were written between two commits would count as part of the one before.
        await using var store = new TempStore(Engine.Sqlite, with: options => options with { IndexRest = TimeSpan.FromHours(1) });
        var file = Path.Combine(((FolderHome)store.Home).Path, "store.db");
        for (var commit = 1; commit <= Commits; commit++)
        {
            var changes = Enumerable.Range(0, 3).Select(i => TempStore.Parse($$"""{"resourceType":"Basic","id":"c{{commit}}-{{i}}","code":{"text":"{{new string('x', 40 * commit)}}"},"identifier":[{"value":"{{commit}}"}]}"""));
            Assert.Null((await store.Intake.Apply(TempStore.Operator, [.. changes.Select(c => Change.Update(c.Id!, c))], TempStore.Ct)).Failure);
            ends.Add(new FileInfo(file + "-wal").Length);
        }
        var image = _folder.Private("image");
        File.Copy(file, Path.Combine(image, "store.db"));
        File.Copy(file + "-wal", Path.Combine(image, "store.db-wal"));
        return (image, ends);
    }

    /// <summary>Opens the image: exactly the first commits are there, and all is well with them.</summary>
    private static async Task Holds(string image, int commits, string how)
    {
        await using (var store = SqliteStore.Open(image, new StoreOptions(SearchCatalog.R4, TimeProvider.System)).Value)
        {
            Assert.Equal((how, commits), (how, (int)store.T));
            Assert.Equal(3 * commits, (await store.Counts(TempStore.Ct)).Total);
            var more = TempStore.Parse("""{"resourceType":"Basic","id":"more","code":{"text":"x"} }""");
            Assert.Null((await new Intake(store, () => ResourceId.Of("x")).Apply(TempStore.Operator, [Change.Update(more.Id!, more)], TempStore.Ct)).Failure);
        }
        var report = StoreCheck.Run(image, SearchCatalog.R4, ct: TempStore.Ct).Value;
        Assert.True(report.IsSound, how + string.Join('\n', report.Findings));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Loses_nothing_before_the_tear_and_keeps_no_half_of_what_lies_behind()
    {
        var (image, ends) = await Crash();
        Assert.True(ends.SequenceEqual(ends.Order()) && ends.Distinct().Count() == Commits, "the log was begun anew meanwhile");
        var wal = await File.ReadAllBytesAsync(Path.Combine(image, "store.db-wal"), TempStore.Ct);
        var random = new Random(20261123);
        for (var tear = 0; tear < 30; tear++)
        {
            var at = tear == 0 ? wal.Length : random.Next((int)ends[0], wal.Length);
            var copy = _folder.Private($"tear{tear}");
            File.Copy(Path.Combine(image, "store.db"), Path.Combine(copy, "store.db"));
            await File.WriteAllBytesAsync(Path.Combine(copy, "store.db-wal"), Torn(wal, at, tear % 3, random), TempStore.Ct);
            await Holds(copy, ends.Count(end => end <= at), $"tear {tear} at {at} of {wal.Length}: ");
        }
    }

    // Cut off; a bit turned over; or rubbish from there to the end.
    private static byte[] Torn(byte[] wal, int at, int how, Random random)
    {
        byte[] torn = how == 0 ? wal[..at] : [.. wal];
        if (how == 1 && at < torn.Length)
            torn[at] ^= 0x20;
        if (how == 2)
            random.NextBytes(torn.AsSpan(at));
        return torn;
    }
}
