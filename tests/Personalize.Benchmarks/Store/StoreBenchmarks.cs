using Personalize.Benchmarks.Raw;
using Personalize.Fhir.Search;

namespace Personalize.Benchmarks.Store;

/// <summary>What the store reaches of what SQLite could: loading, the size of the file, and searches in process.</summary>
internal static class StoreBenchmarks
{
    // With the engine on a load takes several times as long; so many show how much.
    private const int MostWithEngine = 100_000;

    /// <summary>With so many resources of Synthea.</summary>
    public static async Task Run(Clones clones, int count, Report report)
    {
        await WarmUp(clones);
        using var folder = new TemporaryFolder();
        var catalog = new RawCatalog(SearchCatalog.R4);
        var load = new BulkLoad(clones, folder, catalog);
        report.Say("Goals of the searches: p50 under 100 µs, at most twice the raw statement; page 500 as fast as page 1.");
        await load.Run(count, report);
        await using (var own = await OwnStore.Open(folder["own"], withEngine: false))
        using (var raw = new RawReader(folder["raw.db"], load.Dictionary, catalog))
            await new SearchLatencies(clones, count, own.Store, raw).Run(report);
        await load.WithEngine(Math.Min(count, MostWithEngine), report);
    }

    // The just-in-time compiler has its time before anything is measured.
    private static async Task WarmUp(Clones clones)
    {
        using var folder = new TemporaryFolder();
        await new BulkLoad(clones, folder, new RawCatalog(SearchCatalog.R4)).Run(10_000, new Report("", "", default));
    }
}
