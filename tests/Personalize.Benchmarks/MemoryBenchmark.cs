using System.Globalization;
using Personalize.Benchmarks.Http;
using Personalize.Benchmarks.Store;
using Personalize.Fhir.Elements;

namespace Personalize.Benchmarks;

/// <summary>How much anonymous memory the server holds while it serves many resources. Goal: 400,000 within 500 MB.</summary>
internal static class MemoryBenchmark
{
    private const int Portion = 20_000;
    private const int Connections = 32;
    private const int Different = 2_000;
    private static readonly TimeSpan _time = TimeSpan.FromSeconds(20);

    /// <summary>With so many resources of Synthea; the engine runs.</summary>
    public static async Task Run(Clones clones, int count, Report report)
    {
        using var folder = new TemporaryFolder();
        await using (var own = await OwnStore.Open(folder["own"], withEngine: false))
            for (var from = 0; from < count; from += Portion)
                await own.Load(clones.Range(from, Math.Min(Portion, count - from)));
        await using var server = await ServerProcess.Start(Servers.Own, folder["own"]);
        var started = Measured.Anonymous(server.Id);
        var run = LoadClient.Run(server.Port, Connections, _time, Mix(clones, count));
        var most = 0L;
        for (; !run.IsCompleted; await Task.Delay(100))
            most = Math.Max(most, Measured.Anonymous(server.Id));
        var figures = await run;
        report.Say($"{count:N0} resources; {Connections} connections for {_time.TotalSeconds:0} s: reads by id, a patient's Observations by code and date, Conditions by code, Patients by name, counts. RssAnon of the server's process.");
        report.Rows("Anonymous memory", ["", "MB (goal 500)"], [["the engine at rest, before the first request", Mb(started)], ["the most while serving", Mb(most)], ["at the end", Mb(Measured.Anonymous(server.Id))]]);
        report.Say(string.Create(CultureInfo.InvariantCulture, $"{figures.Rate:N0} answers a second, p50 {figures.P50:0.0} ms, p99 {figures.P99:0.0} ms."));
    }

    private static byte[][] Mix(Clones clones, int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, 40 * Different).Select(_ => Resource.Parse(clones.Json(random.Next(count))).Value).Select(Query).OfType<string>().Take(Different).Select(path => LoadClient.Request("/fhir/" + path))];
    }

    private static string Mb(long bytes) => (bytes / 1e6).ToString("N0", CultureInfo.InvariantCulture);

    private static string? Query(Resource resource, int at)
    {
        var code = resource.Root.Child("code")?.Child("coding")?.Child("code")?.Text;
        return (resource.Type, at % 3) switch
        {
            (_, 0) => $"{resource.Type}/{resource.Id}",
            ("Observation", 1) => $"Observation?{resource.Root.Child("subject")!.Value.Child("reference")!.Value.Text!.Replace("Patient/", "patient=", StringComparison.Ordinal)}&code={code}&_sort=-date&_count=20",
            ("Observation", 2) => $"Observation?code={code}&_summary=count",
            ("Condition", _) => $"Condition?code={code}&_count=20",
            ("Patient", _) => $"Patient?name={Uri.EscapeDataString(resource.Root.Child("name")!.Value.Child("family")!.Value.Text![..4])}&_count=20",
            _ => null,
        };
    }
}
