using System.Diagnostics.Metrics;

namespace Personalize.Server.Flow;

/// <summary>What the flow tells of its work to whoever listens. Counts only.</summary>
internal static class FlowMeters
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "Personalize.Flow";

    private static readonly Meter _meter = new(Name);

    /// <summary>Patients that were worked out, by outcome: changed, same or failed.</summary>
    public static readonly Counter<long> Decisions = _meter.CreateCounter<long>("personalize.engine.decisions", "{patient}", "Patients that were worked out.");

    /// <summary>Lets the lag of a flow be seen while it lives.</summary>
    public static Meter Watch(Personalizer flow)
    {
        var meter = new Meter(Name);
        meter.CreateObservableGauge("personalize.feed.lag.commits", () => flow.Lag.Commits, "{commit}", "Commits that the flow has not worked out.");
        meter.CreateObservableGauge("personalize.feed.lag.time", () => flow.Lag.Age.TotalSeconds, "s", "The age of the oldest commit that the flow has not worked out, at most.");
        return meter;
    }
}
