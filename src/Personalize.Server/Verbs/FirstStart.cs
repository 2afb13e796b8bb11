using Personalize.Fhir.Primitives;
using Personalize.Server.Rest;
using Personalize.Store;

namespace Personalize.Server.Verbs;

/// <summary>The first start of a server with samples: loads them, waits until everything is worked out, and says what came of it.</summary>
internal static class FirstStart
{
    private const string Mark = "samples.loaded";

    /// <summary>True when the samples are to be loaded: nobody is stored yet, or the first start broke off.</summary>
    public static async ValueTask<bool> IsDue(LaunchSettings settings, IResourceStore store, CancellationToken ct)
    {
        if (!settings.Samples || File.Exists(Path.Combine(settings.Data, Mark)))
            return false;
        return File.Exists(Path.Combine(settings.Data, Mark + ".begun")) || !(await store.Counts(ct)).ByType.ContainsKey("Patient");
    }

    /// <summary>Loads <c>sample-bundles</c> with their dates moved to today; the troubles, none when all is well.</summary>
    public static async Task<Outcome<LoadTally>> Load(LaunchSettings settings, RestServices services, CancellationToken ct)
    {
        await File.WriteAllTextAsync(Path.Combine(settings.Data, Mark + ".begun"), "", ct);
        if (!LoadFiles.Find([ContentFiles.Folder("sample-bundles")], _ => { }).TryGet(out var files, out var failure))
            return failure;
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(services.Clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(settings.TimeZone)).DateTime);
        var loader = new Loader(Sending.ToStore(services), LoadLedger.OfFolder(settings.Data), again: false, bundle => SampleDates.Move(bundle, today));
        var run = await LoadProgress.Show(files.Count, begins => loader.Run(files, begins, ct));
        if (run is { Failure: null, Value.Troubles.IsEmpty: true })
            File.Move(Path.Combine(settings.Data, Mark + ".begun"), Path.Combine(settings.Data, Mark));
        return run;
    }

    /// <summary>What is there now, in one line.</summary>
    public static async Task<string> Summary(IResourceStore store, TimeSpan took, CancellationToken ct)
    {
        var counts = await store.Counts(ct);
        var segments = await store.SegmentCounts(ct);
        return FormattableString.Invariant(
            $"{counts.ByType.GetValueOrDefault("Patient")} people, {counts.Total} resources, {segments.Values.Sum()} memberships in {segments.Count} segments, {counts.ByType.GetValueOrDefault("Task")} suggestions, {took.TotalSeconds:0.0} s");
    }
}
