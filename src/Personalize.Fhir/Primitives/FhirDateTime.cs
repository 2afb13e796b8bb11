using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Personalize.Fhir.Primitives;

/// <summary>A point in time, known as far as it was said, with or without an offset from UTC. Source: FHIR R4 <c>dateTime</c> and <c>instant</c>, FHIRPath <c>DateTime</c>.</summary>
public sealed record FhirDateTime
{
    // No place on earth is further from UTC than this; it bounds what a time without an offset may mean.
    private static readonly TimeSpan EastMost = TimeSpan.FromHours(14);
    private static readonly TimeSpan WestMost = TimeSpan.FromHours(-12);

    private FhirDateTime(DateTime local, TemporalPrecision precision, TimeSpan? offset) => (Local, Precision, Offset) = (local, precision, offset);

    /// <summary>The first moment that it may mean, by the clock of its own place.</summary>
    public DateTime Local { get; }

    /// <summary>How far it is known.</summary>
    public TemporalPrecision Precision { get; }

    /// <summary>The offset from UTC; null when it was not said.</summary>
    public TimeSpan? Offset { get; }

    /// <summary>That moment, known to the millisecond.</summary>
    public static FhirDateTime Of(DateTimeOffset moment) => new(moment.DateTime, TemporalPrecision.Millisecond, moment.Offset);

    /// <summary>A local time, known as far as <paramref name="precision"/> says; what is finer is cut off.</summary>
    public static FhirDateTime Of(DateTime local, TemporalPrecision precision, TimeSpan? offset) => new(Cut(local, precision), precision, offset);

    private static DateTime Cut(DateTime local, TemporalPrecision precision) => precision switch
    {
        TemporalPrecision.Year => new DateTime(local.Year, 1, 1),
        TemporalPrecision.Month => new DateTime(local.Year, local.Month, 1),
        TemporalPrecision.Day => local.Date,
        TemporalPrecision.Hour => local.Date.AddHours(local.Hour),
        TemporalPrecision.Minute => new DateTime(local.Ticks - (local.Ticks % TimeSpan.TicksPerMinute)),
        TemporalPrecision.Second => new DateTime(local.Ticks - (local.Ticks % TimeSpan.TicksPerSecond)),
        _ => local,
    };

    /// <summary>Reads FHIR's forms (<c>2015</c> to <c>2015-02-07T13:28:17.239-05:00</c>) and FHIRPath's shorter ones (<c>2015-02-07T13</c>, no offset). The day must exist.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out FhirDateTime? moment)
    {
        moment = null;
        var reader = new TemporalReader(text);
        if (!reader.Date(out var local, out var precision))
            return false;
        TimeSpan? offset = null;
        if (reader.Take('T') && !reader.AtEnd)
        {
            if (!reader.Time(out var time, out var finer) || !reader.Offset(out offset) || precision != TemporalPrecision.Day)
                return false;
            if (DateTime.MaxValue - local < time)
                return false;
            (local, precision) = (local + time, finer);
        }
        moment = reader.AtEnd ? new FhirDateTime(local, precision, offset) : null;
        return moment is not null;
    }

    /// <summary>The first moment that it may mean; without an offset of its own, <paramref name="offset"/> holds.</summary>
    public DateTimeOffset Earliest(TimeSpan offset) => Shifted(Local, Offset ?? offset);

    /// <summary>The moment just after the last one that it may mean; without an offset of its own, <paramref name="offset"/> holds.</summary>
    public DateTimeOffset Until(TimeSpan offset) => Shifted(LocalUntil, Offset ?? offset);

    private static DateTimeOffset Shifted(DateTime local, TimeSpan offset)
    {
        var ticks = Math.Clamp(local.Ticks - offset.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks);
        return new DateTimeOffset(ticks, TimeSpan.Zero);
    }

    /// <summary>The moment just after the last one that it may mean, by the clock of its own place; the end of the year 9999 at the latest.</summary>
    internal DateTime LocalUntil => Precision switch
    {
        TemporalPrecision.Year => Local.Year == 9999 ? DateTime.MaxValue : Local.AddYears(1),
        TemporalPrecision.Month => Local is { Year: 9999, Month: 12 } ? DateTime.MaxValue : Local.AddMonths(1),
        TemporalPrecision.Day => Later(TimeSpan.TicksPerDay),
        TemporalPrecision.Hour => Later(TimeSpan.TicksPerHour),
        TemporalPrecision.Minute => Later(TimeSpan.TicksPerMinute),
        TemporalPrecision.Second => Later(TimeSpan.TicksPerSecond),
        _ => Later(TimeSpan.TicksPerMillisecond),
    };

    private DateTime Later(long ticks) => DateTime.MaxValue.Ticks - Local.Ticks < ticks ? DateTime.MaxValue : Local.AddTicks(ticks);

    /// <summary>The day by the clock of its own place; null when only its month or year is known.</summary>
    public DateOnly? Day => Precision >= TemporalPrecision.Day ? DateOnly.FromDateTime(Local) : null;

    /// <summary>The day, as far as it is known.</summary>
    public FhirDate ToDate() => FhirDate.Of(DateOnly.FromDateTime(Local), Precision);

    /// <summary>Below zero when <paramref name="left"/> is earlier, zero when they are the same, above zero when it is later; null when that is not known,
    /// because one is less precise, or has no offset while the other has. Seconds and their fractions count as one precision. Source: FHIRPath 2.0, Comparison.</summary>
    public static int? Compare(FhirDateTime left, FhirDateTime right)
    {
        var timed = left.Precision >= TemporalPrecision.Hour && right.Precision >= TemporalPrecision.Hour;
        if (timed && left.Offset is { } leftOffset && right.Offset is { } rightOffset)
            return Compare(Shifted(left.Local, leftOffset).DateTime, left.Precision, Shifted(right.Local, rightOffset).DateTime, right.Precision);
        if (timed && left.Offset != right.Offset)
            return left.Offset is null ? Bounded(left, right) : -Bounded(right, left);
        return Compare(left.Local, left.Precision, right.Local, right.Precision);
    }

    private static int? Compare(DateTime left, TemporalPrecision leftPrecision, DateTime right, TemporalPrecision rightPrecision)
    {
        var shared = leftPrecision < rightPrecision ? leftPrecision : rightPrecision;
        if (shared == TemporalPrecision.Second)
            (shared, leftPrecision, rightPrecision) = (TemporalPrecision.Millisecond, TemporalPrecision.Millisecond, TemporalPrecision.Millisecond);
        var order = Cut(left, shared).CompareTo(Cut(right, shared));
        return order != 0 || leftPrecision == rightPrecision ? order : null;
    }

    private static int? Bounded(FhirDateTime floating, FhirDateTime anchored)
    {
        var (from, until) = (anchored.Earliest(default), anchored.Until(default));
        if (floating.Until(WestMost) <= from)
            return -1;
        return floating.Earliest(EastMost) >= until ? 1 : null;
    }

    /// <summary>The moment later by so many units (earlier when negative). Decimals are cut off, and a unit finer than the precision counts in whole units of it.
    /// Null beyond the years 1 to 9999. Source: FHIRPath 2.0, Date/Time Arithmetic.</summary>
    public FhirDateTime? Plus(decimal amount, CalendarUnit unit)
    {
        // More than this many of any unit leaves the calendar.
        const decimal Furthest = 400_000_000_000_000m;
        if (amount is > Furthest or < -Furthest)
            return null;
        (amount, unit) = Coarsened(decimal.Truncate(amount), unit);
        return Moved(amount, unit) is { } local ? new FhirDateTime(local, Precision, Offset) : null;
    }

    private (decimal Amount, CalendarUnit Unit) Coarsened(decimal amount, CalendarUnit unit) => (Precision, unit) switch
    {
        (_, CalendarUnit.Year) => (amount, unit),
        (TemporalPrecision.Year, CalendarUnit.Month) => (decimal.Truncate(amount / 12), CalendarUnit.Year),
        (TemporalPrecision.Year, _) => (decimal.Truncate(Days(amount, unit) / 365), CalendarUnit.Year),
        (_, CalendarUnit.Month) => (amount, unit),
        (TemporalPrecision.Month, _) => (decimal.Truncate(Days(amount, unit) / 30), CalendarUnit.Month),
        (TemporalPrecision.Day, _) => (decimal.Truncate(Days(amount, unit)), CalendarUnit.Day),
        (TemporalPrecision.Hour, _) => Whole(amount, unit, CalendarUnit.Hour),
        (TemporalPrecision.Minute, _) => Whole(amount, unit, CalendarUnit.Minute),
        (TemporalPrecision.Second, _) => Whole(amount, unit, CalendarUnit.Second),
        _ => (amount, unit),
    };

    private static decimal Days(decimal amount, CalendarUnit unit) =>
        amount * CalendarUnits.Milliseconds(unit) / CalendarUnits.Milliseconds(CalendarUnit.Day);

    private static (decimal Amount, CalendarUnit Unit) Whole(decimal amount, CalendarUnit unit, CalendarUnit target) =>
        (decimal.Truncate(amount * CalendarUnits.Milliseconds(unit) / CalendarUnits.Milliseconds(target)), target);

    private DateTime? Moved(decimal amount, CalendarUnit unit)
    {
        if (unit is CalendarUnit.Year or CalendarUnit.Month)
            return MovedByMonths(unit == CalendarUnit.Year ? amount * 12 : amount);
        var ticks = Local.Ticks + (amount * CalendarUnits.Milliseconds(unit) * TimeSpan.TicksPerMillisecond);
        return ticks < 0 || ticks > DateTime.MaxValue.Ticks ? null : new DateTime((long)ticks);
    }

    private DateTime? MovedByMonths(decimal months)
    {
        var month = (Local.Year * 12) + Local.Month - 1 + months;
        return month is < 12 or > (9999 * 12) + 11 ? null : Local.AddMonths((int)months);
    }

    /// <summary>ISO 8601, as far as it is known; UTC is <c>Z</c>.</summary>
    public override string ToString()
    {
        var format = Precision switch
        {
            TemporalPrecision.Year => "yyyy",
            TemporalPrecision.Month => "yyyy-MM",
            TemporalPrecision.Day => "yyyy-MM-dd",
            TemporalPrecision.Hour => "yyyy-MM-dd'T'HH",
            TemporalPrecision.Minute => "yyyy-MM-dd'T'HH:mm",
            TemporalPrecision.Second => "yyyy-MM-dd'T'HH:mm:ss",
            _ => "yyyy-MM-dd'T'HH:mm:ss.fff",
        };
        return Local.ToString(format, CultureInfo.InvariantCulture) + OffsetText();
    }

    private string OffsetText() => Offset switch
    {
        null => "",
        { Ticks: 0 } => "Z",
        { Ticks: < 0 } west => west.ToString("'-'hh':'mm", CultureInfo.InvariantCulture),
        { } east => east.ToString("'+'hh':'mm", CultureInfo.InvariantCulture),
    };
}
