using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Personalize.Fhir.Primitives;

/// <summary>A date known to the year, the month or the day. Source: FHIR R4 <c>date</c>, FHIRPath <c>Date</c>.</summary>
public sealed record FhirDate
{
    private FhirDate(DateOnly first, TemporalPrecision precision) => (First, Precision) = (first, precision);

    /// <summary>The first day that it may mean.</summary>
    public DateOnly First { get; }

    /// <summary><see cref="TemporalPrecision.Year"/>, <see cref="TemporalPrecision.Month"/> or <see cref="TemporalPrecision.Day"/>.</summary>
    public TemporalPrecision Precision { get; }

    /// <summary>The last day that it may mean.</summary>
    public DateOnly Last => Precision switch
    {
        TemporalPrecision.Year => new DateOnly(First.Year, 12, 31),
        TemporalPrecision.Month => new DateOnly(First.Year, First.Month, DateTime.DaysInMonth(First.Year, First.Month)),
        _ => First,
    };

    /// <summary>That day.</summary>
    public static FhirDate Of(DateOnly day) => new(day, TemporalPrecision.Day);

    /// <summary>The date that holds that day, known as far as <paramref name="precision"/> says; finer than a day counts as a day.</summary>
    public static FhirDate Of(DateOnly day, TemporalPrecision precision) => precision switch
    {
        TemporalPrecision.Year => new(new DateOnly(day.Year, 1, 1), precision),
        TemporalPrecision.Month => new(new DateOnly(day.Year, day.Month, 1), precision),
        _ => new(day, TemporalPrecision.Day),
    };

    /// <summary>Reads <c>YYYY</c>, <c>YYYY-MM</c> or <c>YYYY-MM-DD</c>; the day must exist.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out FhirDate? date)
    {
        var reader = new TemporalReader(text);
        date = reader.Date(out var first, out var precision) && reader.AtEnd ? new FhirDate(DateOnly.FromDateTime(first), precision) : null;
        return date is not null;
    }

    /// <summary>The same as a dateTime of the same precision, without an offset.</summary>
    public FhirDateTime ToDateTime() => FhirDateTime.Of(First.ToDateTime(TimeOnly.MinValue), Precision, null);

    /// <summary>The date later by so many units (earlier when negative). Decimals are cut off, and a unit finer than the date counts in whole units of it:
    /// <c>2014 + 24 months</c> is <c>2016</c>. Null beyond the years 1 to 9999. Source: FHIRPath 2.0, Date/Time Arithmetic.</summary>
    public FhirDate? Plus(decimal amount, CalendarUnit unit) => ToDateTime().Plus(amount, unit)?.ToDate();

    /// <summary>ISO 8601, as far as it is known.</summary>
    public override string ToString() => Precision switch
    {
        TemporalPrecision.Year => First.ToString("yyyy", CultureInfo.InvariantCulture),
        TemporalPrecision.Month => First.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        _ => First.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    };
}
