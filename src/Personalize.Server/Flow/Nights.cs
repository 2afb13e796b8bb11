namespace Personalize.Server.Flow;

/// <summary>The practice's clock, and when the nightly run is due by it: 02:00 by the practice's clock, once for each calendar day, also on the days when the clocks change.</summary>
/// <param name="zone">The practice's time zone.</param>
public sealed class Nights(TimeZoneInfo zone)
{
    private static readonly TimeOnly _hour = new(2, 0);

    /// <summary>The practice's time.</summary>
    public DateTimeOffset Local(DateTimeOffset now) => TimeZoneInfo.ConvertTime(now, zone);

    /// <summary>The day of the last run that was due.</summary>
    public DateOnly LastDue(DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(Local(now).DateTime);
        return Moment(today) <= now ? today : today.AddDays(-1);
    }

    /// <summary>When the run of a day is due. Where the clocks skip 02:00 it is the hour after.</summary>
    public DateTimeOffset Moment(DateOnly day)
    {
        var local = day.ToDateTime(_hour);
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(30);
        return new DateTimeOffset(local, zone.GetUtcOffset(local));
    }

    /// <summary>When the next run is due.</summary>
    public DateTimeOffset Next(DateTimeOffset now) => Moment(LastDue(now).AddDays(1));
}
