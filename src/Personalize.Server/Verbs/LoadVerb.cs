using Personalize.Fhir.Primitives;
using Personalize.Server.Http;
using Personalize.Server.Rest;

namespace Personalize.Server.Verbs;

/// <summary>What <c>load</c> was asked to do.</summary>
/// <param name="Paths">Files and folders.</param>
/// <param name="To">The FHIR base to post to; null opens the data folder.</param>
/// <param name="Token">The bearer token for it.</param>
/// <param name="Again">Load finished files again.</param>
internal sealed record LoadOrder(IReadOnlyList<string> Paths, string? To, string? Token, bool Again);

/// <summary>The verb <c>load</c>: files into the data folder, or to a server.</summary>
internal static class LoadVerb
{
    private const int ShownPerRun = 50;

    public static async Task<int> Run(LoadOrder order, LaunchSettings settings, TimeProvider time, CancellationToken ct)
    {
        var paths = LoadFiles.Resolve(order.Paths, [Environment.CurrentDirectory, settings.Root]);
        if (!paths.Then(found => LoadFiles.Find(found, file => Console.Out.WriteLine($"{file}: not FHIR, left out"))).TryGet(out var files, out var failure))
            return await CommandTree.Refuse(failure, ExitCode.Usage);
        if (order.To is null)
            return await IntoFolder(order, files, settings, time, ct);
        if (!Uri.TryCreate(order.To.TrimEnd('/'), UriKind.Absolute, out var fhirBase) || fhirBase.Scheme is not ("http" or "https"))
            return await CommandTree.Refuse(new Failure.Invalid("--to takes the FHIR base of a server, such as http://localhost:8080/fhir."), ExitCode.Usage);
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(10) };
        return await Report(new Loader(Sending.ToServer(http, fhirBase, order.Token), LoadLedger.OfServer(fhirBase), order.Again), files, time, ct);
    }

    private static async Task<int> IntoFolder(LoadOrder order, IReadOnlyList<string> files, LaunchSettings settings, TimeProvider time, CancellationToken ct)
    {
        if (!StoreRoom.Open(settings, time).TryGet(out var room, out var failure))
            return await CommandTree.Refuse(failure, ExitCode.Unreachable);
        await using var store = room.Store;
        var links = new PageLinks(PageLinks.KeyOf(settings.Data), time);
        var services = new RestServices(store, room.Intake, new KnownTerms(store, room.Program), OpenAccess.Operator, links, time, room.NewId);
        return await Report(new Loader(Sending.ToStore(services), LoadLedger.OfFolder(settings.Data), order.Again), files, time, ct);
    }

    private static async Task<int> Report(Loader loader, IReadOnlyList<string> files, TimeProvider time, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        var run = await LoadProgress.Show(files.Count, begins => loader.Run(files, begins, ct));
        if (!run.TryGet(out var tally, out var failure))
            return await CommandTree.Refuse(failure, ExitCode.Unreachable);
        foreach (var trouble in tally.Troubles.Take(ShownPerRun))
            await Console.Error.WriteLineAsync($"{trouble.File}{(trouble.Entry.Length > 0 ? ", " : "")}{trouble.Entry}: {trouble.Text}");
        if (tally.Troubles.Count > ShownPerRun)
            await Console.Error.WriteLineAsync($"and {tally.Troubles.Count - ShownPerRun} more");
        Console.Out.WriteLine(FormattableString.Invariant(
            $"{tally.Files} files, {tally.Resources} resources taken, {tally.Troubles.Count} errors, {tally.Skipped} files finished before, {time.GetElapsedTime(start).TotalSeconds:0.0} s"));
        return tally.Troubles.Count == 0 ? ExitCode.Fine : ExitCode.Failed;
    }
}
