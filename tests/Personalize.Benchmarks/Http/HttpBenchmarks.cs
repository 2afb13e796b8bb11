using System.Globalization;
using Personalize.Benchmarks.Raw;
using Personalize.Benchmarks.Store;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Search;
using Personalize.Server;

namespace Personalize.Benchmarks.Http;

/// <summary>What the server reaches over HTTP beside Kestrel with raw tables, each in a process of its own, the load tool in this one.</summary>
internal sealed class HttpBenchmarks(Clones clones, int count, TemporaryFolder folder)
{
    private const int Rounds = 5;
    private const int Different = 2_000;
    // The just-in-time compiler goes over a long path for some time.
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _round = TimeSpan.FromSeconds(3);

    /// <summary>Requests that go to a server.</summary>
    private sealed record Lane(string Name, int Port, byte[][] Requests);

    /// <summary>With so many resources of Synthea stored beforehand.</summary>
    public static async Task Run(Clones clones, int count, Report report)
    {
        using var folder = new TemporaryFolder();
        await new HttpBenchmarks(clones, count, folder).Run(report);
    }

    private async Task Run(Report report)
    {
        await Fill();
        await using var raw = await ServerProcess.Start(Servers.Raw, folder["raw"]);
        await using var quiet = await ServerProcess.Start(Servers.Quiet, folder["own"]);
        report.Say($"{count:N0} resources are stored beforehand. {Rounds} rounds of {_round.TotalSeconds:0} s a lane in turns, medians; p50 and p99 in ms. The load tool, sockets that stay open and requests that are ready as bytes, shares the machine with the servers.");
        await Reads(report, raw.Port, quiet.Port);
        await using var own = await ServerProcess.Start(Servers.Own, folder["engine"]);
        foreach (var connections in new[] { 16, 64 })
            await Creates(report, connections, raw.Port, quiet.Port, own.Port);
    }

    private async Task Reads(Report report, int raw, int own)
    {
        var observations = Observations();
        var ids = observations.Select(r => r.Id!.ToString()).ToArray();
        var asked = observations.Select(r => (Patient: r.Root.Child("subject")!.Value.Child("reference")!.Value.Text!["Patient/".Length..], Code: r.Root.Child("code")!.Value.Child("coding")!.Value.Child("code")!.Value.Text!)).ToArray();
        await Compare(report, "Read by id, 32 connections (goals: 0.80 of the first)", 32,
            new("Kestrel and SQLite, raw", raw, [.. ids.Select(id => LoadClient.Request($"/read/Observation/{id}"))]),
            new("Kestrel, constant bytes", raw, [LoadClient.Request("/constant")]),
            new("GET [base]/Observation/[id]", own, [.. ids.Select(id => LoadClient.Request($"/fhir/Observation/{id}"))]));
        await Compare(report, "Observation by patient and code, sorted by date, 20, 32 connections (goal: 0.60 of the first)", 32,
            new("Kestrel and SQLite, raw", raw, [.. asked.Select(a => LoadClient.Request($"/search/{a.Patient}/{a.Code}"))]),
            new("GET [base]/Observation?patient=&code=&_sort=-date&_count=20", own, [.. asked.Select(a => LoadClient.Request($"/fhir/Observation?patient={a.Patient}&code={a.Code}&_sort=-date&_count=20"))]));
    }

    private Task Creates(Report report, int connections, int raw, int quiet, int own)
    {
        byte[][] Requests(string path) => [.. Observations().Select(r => LoadClient.Request(path, r.Bytes.ToArray()))];
        return Compare(report, $"Durable create of an Observation, {connections} connections (goals at 64: 0.70 of the first, 8 times one commit a request)", connections,
            new("row of the resource at once, index rows in slices, raw", raw, Requests("/sliced")),
            new("one commit a request, raw", raw, Requests("/one")),
            new("log that is appended to, raw", raw, Requests("/log")),
            new("POST [base]/Observation, engine off", quiet, Requests("/fhir/Observation")),
            new("POST [base]/Observation, engine on", own, Requests("/fhir/Observation")));
    }

    private static async Task Compare(Report report, string heading, int connections, params Lane[] lanes)
    {
        foreach (var lane in lanes)
            await LoadClient.Run(lane.Port, connections, _warmUp, lane.Requests);
        var figures = lanes.Select(_ => new List<LoadFigures>()).ToArray();
        for (var round = 0; round < Rounds; round++)
            for (var turn = 0; turn < lanes.Length; turn++)
            {
                var at = (round + turn) % lanes.Length;
                figures[at].Add(await LoadClient.Run(lanes[at].Port, connections, _round, lanes[at].Requests));
            }
        report.Rows(heading, ["", "answers a second", "p50", "p99", .. lanes.Select((_, at) => $"/ {at + 1}").Take(lanes.Length > 3 ? 3 : lanes.Length - 1)],
            lanes.Select((lane, at) => (string[])[$"{at + 1}. {lane.Name}", N(figures[at], f => f.Rate, "N0"), N(figures[at], f => f.P50, "0.00"), N(figures[at], f => f.P99, "0.0"),
                .. figures.Take(lanes.Length > 3 ? 3 : lanes.Length - 1).Select(first => N(first.Zip(figures[at], (a, b) => a with { Rate = b.Rate / a.Rate }), f => f.Rate, "0.00"))]));
    }

    /// <summary>The same resources in the store, in one for the engine, and in the raw tables.</summary>
    private async Task Fill()
    {
        Directory.CreateDirectory(folder["raw"]);
        var catalog = new RawCatalog(SearchCatalog.R4);
        var load = new BulkLoad(clones, folder, catalog);
        await load.Run(count, new Report("", "", default));
        Directory.Move(folder["raw.db"], Path.Combine(folder["raw"], "raw.db"));
        await File.WriteAllBytesAsync(Path.Combine(folder["raw"], "dictionary"), load.Dictionary);
        _ = OwnerOnly.Folder(folder["engine"]).Value; // a data folder that others may look into is refused
        File.Copy(Path.Combine(folder["own"], "store.db"), Path.Combine(folder["engine"], "store.db"));
    }

    private Resource[] Observations()
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, 100 * Different).Select(_ => Resource.Parse(clones.Json(random.Next(count))).Value)
            .Where(r => r.Type == "Observation" && r.Root.Child("code")?.Child("coding") is not null).Take(Different)];
    }

    private static string N(IEnumerable<LoadFigures> figures, Func<LoadFigures, double> figure, string format)
    {
        var sorted = figures.Select(figure).Order().ToArray();
        return sorted[sorted.Length / 2].ToString(format, CultureInfo.InvariantCulture);
    }
}
