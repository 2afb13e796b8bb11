using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.FhirPath.Functions;

/// <summary>The least and the greatest that a value of limited precision may mean. Source: FHIRPath 2.1, lowBoundary, highBoundary, precision.</summary>
internal static class Boundaries
{
    private const int DefaultDecimals = 8;
    private const int MostDecimals = 28;
    private const decimal Greatest = 1e27m;
    private static readonly TimeSpan EastMost = TimeSpan.FromHours(14);
    private static readonly TimeSpan WestMost = TimeSpan.FromHours(-12);

    public static Step Of(Call call, bool isHigh)
    {
        var wanted = call.Optional(0);
        return (frame, input) =>
        {
            var digits = wanted is null ? null : Function.Integer(frame, wanted);
            if (Singleton.One(frame, input) is { Value: { } value } && Of(value, digits, isHigh) is { } boundary)
                frame.Push(PathValue.Of(boundary));
        };
    }

    private static object? Of(object value, int? digits, bool isHigh) => value switch
    {
        int whole => OfNumber(whole, digits ?? DefaultDecimals, isHigh),
        decimal number => OfNumber(number, digits ?? DefaultDecimals, isHigh),
        Quantity quantity => OfNumber(quantity.Value, digits ?? DefaultDecimals, isHigh) is { } number ? quantity with { Value = number } : null,
        FhirDate date => OfDate(date, digits ?? 8, isHigh),
        FhirDateTime moment => OfMoment(moment, digits ?? 17, isHigh),
        FhirTime time => OfTime(time, digits ?? 9, isHigh),
        _ => throw new PathError("A number, a date or a time is expected"),
    };

    private static decimal? OfNumber(decimal value, int digits, bool isHigh)
    {
        if (digits is < 0 or > MostDecimals || Math.Abs(value) > Greatest)
            return null;
        var half = new decimal(5, 0, 0, false, (byte)Math.Min(value.Scale + 1, MostDecimals));
        var edge = isHigh ? value + half : value - half;
        var cut = Math.Round(edge, digits, isHigh ? MidpointRounding.ToPositiveInfinity : MidpointRounding.ToNegativeInfinity);
        return WithDecimals(cut, digits);
    }

    // Adding a zero of that many decimals writes the number with as many.
    private static decimal WithDecimals(decimal value, int digits) => value + new decimal(0, 0, 0, false, (byte)digits);

    private static TemporalPrecision? PrecisionOf(int digits) => digits switch
    {
        4 => TemporalPrecision.Year,
        6 => TemporalPrecision.Month,
        8 => TemporalPrecision.Day,
        10 => TemporalPrecision.Hour,
        12 => TemporalPrecision.Minute,
        14 => TemporalPrecision.Second,
        17 => TemporalPrecision.Millisecond,
        _ => null,
    };

    private static FhirDate? OfDate(FhirDate date, int digits, bool isHigh) =>
        PrecisionOf(digits) is { } precision and <= TemporalPrecision.Day ? FhirDate.Of(isHigh ? date.Last : date.First, precision) : null;

    private static FhirDateTime? OfMoment(FhirDateTime moment, int digits, bool isHigh)
    {
        if (PrecisionOf(digits) is not { } precision)
            return null;
        var local = isHigh ? (moment.LocalUntil == DateTime.MaxValue ? DateTime.MaxValue : moment.LocalUntil.AddMilliseconds(-1)) : moment.Local;
        if (precision <= TemporalPrecision.Day)
            return FhirDateTime.Of(local, precision, null);
        return FhirDateTime.Of(local, precision, moment.Offset ?? (isHigh ? WestMost : EastMost));
    }

    private static FhirTime? OfTime(FhirTime time, int digits, bool isHigh)
    {
        TemporalPrecision? precision = digits switch { 2 => TemporalPrecision.Hour, 4 => TemporalPrecision.Minute, 6 => TemporalPrecision.Second, 9 => TemporalPrecision.Millisecond, _ => null };
        if (precision is null)
            return null;
        var wide = TimeSpan.FromMilliseconds(time.Precision switch
        {
            TemporalPrecision.Hour => 3_599_999,
            TemporalPrecision.Minute => 59_999,
            TemporalPrecision.Second => 999,
            _ => 0,
        });
        return FhirTime.Of(isHigh ? time.First.Add(wide) : time.First, precision.Value);
    }

    /// <summary>How many digits are given.</summary>
    public static PathValue? Precision(PathValue one) => one.Value switch
    {
        null => null,
        int => PathValue.Of(0),
        decimal number => PathValue.Of((int)number.Scale),
        FhirDate date => PathValue.Of(Digits(date.Precision)),
        FhirDateTime moment => PathValue.Of(Digits(moment.Precision)),
        FhirTime time => PathValue.Of(Digits(time.Precision) - Digits(TemporalPrecision.Day)),
        _ => throw new PathError("A number, a date or a time is expected"),
    };

    private static int Digits(TemporalPrecision precision) => precision switch
    {
        TemporalPrecision.Year => 4,
        TemporalPrecision.Month => 6,
        TemporalPrecision.Day => 8,
        TemporalPrecision.Hour => 10,
        TemporalPrecision.Minute => 12,
        TemporalPrecision.Second => 14,
        _ => 17,
    };
}
