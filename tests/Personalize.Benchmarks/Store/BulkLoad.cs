using System.Globalization;
using Personalize.Benchmarks.Raw;

namespace Personalize.Benchmarks.Store;

/// <summary>Loads the same resources through the store and as rows that were taken out beforehand, in turns, and says how fast each was.</summary>
internal sealed class BulkLoad(Clones clones, TemporaryFolder folder, RawCatalog catalog)
{
    /// <summary>So many are merged into the raw tables at once, and so many the lanes write in turns.</summary>
    private const int Portion = 50_000;

    /// <summary>A line of the report is over this many.</summary>
    private const int Step = 100_000;

    private long _json, _rows, _rawWritten, _ownWritten;

    /// <summary>The dictionary of the raw lane.</summary>
    public byte[] Dictionary { get; } = RawBlobs.Train(clones.Range(0, Math.Min(clones.Generation, 12_000)), 5);

    /// <summary>Loads; leaves both files behind, closed.</summary>
    public async Task Run(int count, Report report)
    {
        var seconds = new List<(int Count, double Own, double Raw)>();
        using (var raw = new RawStore(folder["raw.db"], Dictionary))
        await using (var own = await OwnStore.Open(folder["own"], withEngine: false))
            for (var from = 0; from < count; from += Portion)
                seconds.Add(await Turn(own, raw, from, Math.Min(Portion, count - from)));
        Tell(count, seconds, report);
    }

    /// <summary>Loads while the engine works on what is written; seconds until all is answered, and until the engine is at rest.</summary>
    public async Task WithEngine(int count, Report report)
    {
        double answered = 0, rested = 0;
        await using (var own = await OwnStore.Open(folder["engine"], withEngine: true))
        {
            for (var from = 0; from < count; from += Portion)
            {
                var resources = clones.Range(from, Math.Min(Portion, count - from));
                answered += await Measured.Seconds(() => own.Load(resources));
            }
            rested = answered + await Measured.Seconds(own.AtRest);
        }
        report.Rows($"Engine on, with the content of fhir-profiles: the first {count:N0}", ["", "resources a second"],
            [["until answered", N(count / answered)], ["until the engine is at rest", N(count / rested)]]);
    }

    private async Task<(int, double, double)> Turn(OwnStore own, RawStore raw, int from, int count)
    {
        var resources = clones.Range(from, count);
        catalog.Expect(clones, from, count);
        var rows = RawRows.Of(catalog, resources, from);
        _json += resources.Sum(r => (long)r.Length);
        _rows += rows.Count;
        GC.Collect();
        var written = Measured.Written();
        var ofRaw = Measured.Seconds(() => raw.Write(rows));
        _rawWritten += Measured.Written() - written;
        written = Measured.Written();
        var ofOwn = await Measured.Seconds(() => own.Load(resources));
        _ownWritten += Measured.Written() - written;
        return (count, ofOwn, ofRaw);
    }

    private void Tell(int count, List<(int Count, double Own, double Raw)> seconds, Report report)
    {
        report.Say($"{count:N0} resources, {(double)_json / count:N0} bytes in the mean, {(double)_rows / count:N1} index rows each in the raw tables. The store reads, validates, extracts, and commits 1,000 at a time, three commits waiting at once; the raw limit writes rows taken out beforehand, 1,000 a commit, compressed by zstd with a dictionary, and merges {Portion:N0} resources' index rows at a time in the order of their tables. In turns of {Portion:N0}.");
        var steps = seconds.Select((s, at) => (s, Step: at * Portion / Step)).GroupBy(p => p.Step).Select(g => (Count: g.Sum(p => p.s.Count), Own: g.Sum(p => p.s.Own), Raw: g.Sum(p => p.s.Raw))).ToList();
        var rates = steps.Select((s, at) => Line($"{(at * Step) + s.Count:N0}", s.Count, s.Own, s.Raw)).Append(Line("all", count, seconds.Sum(s => s.Own), seconds.Sum(s => s.Raw)));
        report.Rows("Bulk load, engine off: resources a second", ["up to", "store", "raw limit", "store / raw (goal 0.50)"], rates);
        if (steps.Count > 2)
            report.Say($"The last step is {steps[1].Own / steps[1].Count / (steps[^1].Own / steps[^1].Count):0.00} times as fast as the second (goal 0.50); raw: {steps[1].Raw / steps[1].Count / (steps[^1].Raw / steps[^1].Count):0.00}.");
        var (own, raw) = (folder.Size("own"), new FileInfo(folder["raw.db"]).Length);
        report.Rows("Bytes a resource", ["", "store", "raw limit"],
            [["written, WAL and file", N(_ownWritten / count), N(_rawWritten / count)], ["file", N(own / count), N(raw / count)], ["file / minified JSON (goal 0.80)", R((double)own / _json), R((double)raw / _json)]]);
    }

    private static string[] Line(string name, int count, double own, double raw) => [name, N(count / own), N(count / raw), R(raw / own)];

    private static string N(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string R(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
