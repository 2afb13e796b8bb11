using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Personalize.Store;

/// <summary>What a store tells of its work to whoever listens (OpenTelemetry's semantic forms). Types, kinds and counts only: never ids, values or content.</summary>
public static class StoreMeters
{
    /// <summary>The name of the meter and of the source of activities.</summary>
    public const string Name = "Personalize.Store";

    private static readonly Meter _meter = new(Name);

    internal static readonly ActivitySource Activities = new(Name);

    /// <summary>Commits that wrote, by outcome: done, or the kind of failure.</summary>
    internal static readonly Counter<long> Commits = _meter.CreateCounter<long>("personalize.store.commits", "{commit}", "Commits by outcome.");

    /// <summary>Versions written, by type and kind.</summary>
    internal static readonly Counter<long> Written = _meter.CreateCounter<long>("personalize.store.resources.written", "{resource}", "Versions of resources that were written.");

    /// <summary>How often index rows could not be written, or old ones not be swept, between commits, by the type of the fault; it is tried again.</summary>
    internal static readonly Counter<long> UpkeepFaults = _meter.CreateCounter<long>("personalize.store.upkeep.faults", "{fault}", "Faults of the work between commits, which is tried again.");

    /// <summary>How often listening to other processes broke off; it is begun again.</summary>
    internal static readonly Counter<long> NewsFaults = _meter.CreateCounter<long>("personalize.store.news.faults", "{fault}", "Faults of listening to other processes, which is begun again.");

    /// <summary>How long commits took, waiting and the disk included.</summary>
    internal static readonly Histogram<double> CommitTime = _meter.CreateHistogram<double>("personalize.store.commit.duration", "s", "How long commits took, waiting and the disk included.");

    /// <summary>How long searches took, by type.</summary>
    internal static readonly Histogram<double> SearchTime = _meter.CreateHistogram<double>("personalize.store.search.duration", "s", "How long searches took.");
}
