using System.Diagnostics;
using System.Globalization;
using Personalize.Benchmarks.Http;
using Personalize.Fhir.Elements;

namespace Personalize.Benchmarks.LiteDb;

/// <summary>SQLite beside LiteDB on the same rows: load, query, durable commits, and what is left after the process is killed.</summary>
internal static class LiteDbBenchmarks
{
    private const int CommitSize = 1_000;
    private const int Queries = 400;
    private const int Kills = 5;
    private static readonly TimeSpan _commits = TimeSpan.FromSeconds(3);

    /// <summary>With so many Observations of Synthea.</summary>
    public static async Task Run(Clones clones, int count, Report report)
    {
        var rows = Rows(clones).Take(count).ToArray();
        report.Say($"{rows.Length:N0} Observations, {rows.Average(r => r.Json.Length):N0} bytes in the mean. LiteDB 5.0.20 in its default mode, SQLite with WAL and synchronous=FULL; each with the id as its key and one index by patient and code. After a kill the file is opened again and every row whose commit was answered is looked for.");
        using var folder = new TemporaryFolder();
        var figures = new List<string[]>();
        foreach (var name in new[] { "sqlite", "litedb" })
            figures.Add([name, .. Figures(name, rows, folder.Path), await AfterKills(name)]);
        report.Rows("SQLite beside LiteDB", ["", $"rows a second, {CommitSize:N0} a commit", "query p50, µs", "query p95, µs", "commits of one row a second", $"answered rows, lost after {Kills} kills"], figures);
    }

    /// <summary>Commits rows of one and says each that is answered, until the process is killed.</summary>
    public static void WriteForever(string name, string folder)
    {
        using var lane = Open(name, folder);
        for (var at = 0; ; at++)
        {
            lane.Write([RowOf(at)]);
            Console.Out.WriteLine(at);
        }
    }

    private static ILane Open(string name, string folder) => name == "sqlite" ? new SqliteLane(folder) : new LiteDbLane(folder);

    private static IEnumerable<string> Figures(string name, Row[] rows, string folder)
    {
        using var lane = Open(name, folder);
        var load = Measured.Seconds(() => Array.ForEach(rows.Chunk(CommitSize).ToArray(), lane.Write));
        yield return N(rows.Length / load);
        var times = Enumerable.Range(0, Queries).Select(n => rows[n * 7919 % rows.Length]).Select(row => Measured.Seconds(() => Found(lane, row)) * 1e6).Order().ToArray();
        yield return N(Measured.At(times, 0.5));
        yield return N(Measured.At(times, 0.95));
        var (clock, commits) = (Stopwatch.StartNew(), 0);
        for (; clock.Elapsed < _commits; commits++)
            lane.Write([RowOf(commits)]);
        yield return N(commits / clock.Elapsed.TotalSeconds);
    }

    private static void Found(ILane lane, Row row)
    {
        if (lane.Find(row.Patient, row.Code) == 0)
            throw new InvalidOperationException("A row is not found.");
    }

    private static async Task<string> AfterKills(string name)
    {
        var (answered, lost) = (0, 0);
        for (var kill = 0; kill < Kills; kill++)
        {
            using var folder = new TemporaryFolder();
            var last = await Killed(name, folder.Path, TimeSpan.FromSeconds(1 + (0.37 * kill)));
            answered += last + 1;
            lost += Lost(name, folder.Path, last);
        }
        return string.Create(CultureInfo.InvariantCulture, $"{answered:N0}, {(lost < 0 ? "a file that does not open" : lost)}");
    }

    /// <summary>Starts a writer and kills it (SIGKILL); gives the last row that was answered.</summary>
    private static async Task<int> Killed(string name, string folder, TimeSpan after)
    {
        using var process = ServerProcess.Child(["write", name, folder]);
        var last = int.Parse((await process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        _ = Task.Delay(after).ContinueWith(_ => process.Kill(), TaskScheduler.Default);
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            // The last line may have been cut by the kill: a shorter number than the one before.
            last = int.TryParse(line, CultureInfo.InvariantCulture, out var at) && at == last + 1 ? at : last;
        await process.WaitForExitAsync();
        return last;
    }

    private static int Lost(string name, string folder, int last)
    {
        using var lane = Open(name, folder);
        return Enumerable.Range(0, last + 1).Select(RowOf).Count(row => !lane.Has(row.Id, row.Json.Length));
    }

    private static Row RowOf(int at) => new($"one-{at}", "p", "c", at, new byte[800]);

    private static IEnumerable<Row> Rows(Clones clones) =>
        from number in Enumerable.Range(0, int.MaxValue)
        let resource = Resource.Parse(clones.Json(number)).Value
        where resource.Type == "Observation"
        let code = resource.Root.Child("code")?.Child("coding")?.Child("code")?.Text ?? ""
        select new Row(resource.Id!.ToString(), resource.Root.Child("subject")?.Child("reference")?.Text ?? "", code, number, resource.Bytes.ToArray());

    private static string N(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
