using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Personalize.Fhir.Primitives;

/// <summary>A time of day, known as far as it was said. Source: FHIR R4 <c>time</c>, FHIRPath <c>Time</c>.</summary>
public sealed record FhirTime
{
    private FhirTime(TimeOnly first, TemporalPrecision precision) => (First, Precision) = (first, precision);

    /// <summary>The first moment that it may mean.</summary>
    public TimeOnly First { get; }

    /// <summary><see cref="TemporalPrecision.Hour"/> to <see cref="TemporalPrecision.Millisecond"/>.</summary>
    public TemporalPrecision Precision { get; }

    /// <summary>A time of day; what is finer than <paramref name="precision"/> is cut off.</summary>
    public static FhirTime Of(TimeOnly time, TemporalPrecision precision)
    {
        var unit = precision switch
        {
            TemporalPrecision.Hour => TimeSpan.TicksPerHour,
            TemporalPrecision.Minute => TimeSpan.TicksPerMinute,
            TemporalPrecision.Second => TimeSpan.TicksPerSecond,
            TemporalPrecision.Millisecond => 1,
            _ => throw new ArgumentOutOfRangeException(nameof(precision), "A time is known to the hour at least."),
        };
        return new FhirTime(new TimeOnly(time.Ticks - (time.Ticks % unit)), precision);
    }

    /// <summary>Reads <c>hh</c>, <c>hh:mm</c>, <c>hh:mm:ss</c> or <c>hh:mm:ss.fff</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out FhirTime? time)
    {
        var reader = new TemporalReader(text);
        var read = reader.Time(out var span, out var precision) && reader.AtEnd && span < TimeSpan.FromDays(1);
        time = read ? new FhirTime(TimeOnly.FromTimeSpan(span), precision) : null;
        return read;
    }

    /// <summary>As for <see cref="FhirDateTime.Compare(FhirDateTime, FhirDateTime)"/>; null when one is less precise and they agree as far as both are known.</summary>
    public static int? Compare(FhirTime left, FhirTime right) => FhirDateTime.Compare(left.OnOneDay(), right.OnOneDay());

    private FhirDateTime OnOneDay() => FhirDateTime.Of(new DateTime(2000, 1, 1).Add(First.ToTimeSpan()), Precision, null);

    /// <summary>The time later by so many hours or less, around midnight when need be; null for a unit of a day or more.</summary>
    public FhirTime? Plus(decimal amount, CalendarUnit unit)
    {
        if (unit < CalendarUnit.Hour || OnOneDay().Plus(amount, unit) is not { } moved)
            return null;
        return new FhirTime(TimeOnly.FromDateTime(moved.Local), Precision);
    }

    /// <summary>ISO 8601, as far as it is known.</summary>
    public override string ToString() => First.ToString(
        Precision switch
        {
            TemporalPrecision.Hour => "HH",
            TemporalPrecision.Minute => "HH:mm",
            TemporalPrecision.Second => "HH:mm:ss",
            _ => "HH:mm:ss.fff",
        },
        CultureInfo.InvariantCulture);
}
