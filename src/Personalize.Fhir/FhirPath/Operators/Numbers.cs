using System.Globalization;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.FhirPath.Operators;

/// <summary>Numbers of FHIRPath as numbers of .NET.</summary>
internal static class Numbers
{
    public static bool Is(object value) => value is int or long or decimal;

    public static decimal ToDecimal(object number) => number switch
    {
        int whole => whole,
        long big => big,
        decimal value => value,
        _ => throw new PathError("A number is expected"),
    };

    public static Quantity ToQuantity(object value) => value as Quantity ?? new Quantity(ToDecimal(value), Quantity.NoUnit);

    /// <summary>The digits behind the point that count: zeros at the end do not.</summary>
    public static int Decimals(decimal value) => (value / 1.0000000000000000000000000000m).Scale;

    /// <summary>A Decimal of what .NET computed in floating point; null when it is no number that fits.</summary>
    public static decimal? OfDouble(double value)
    {
        const double Greatest = 7.9e28;
        return double.IsFinite(value) && Math.Abs(value) < Greatest ? (decimal)value : null;
    }

    /// <summary>Reads a Decimal as FHIRPath writes it.</summary>
    public static decimal? Read(string text)
    {
        const NumberStyles Form = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return !text.EndsWith('.') && !text.StartsWith('.') && decimal.TryParse(text, Form, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}

/// <summary>Dates of FHIRPath on one scale.</summary>
internal static class Moments
{
    public static FhirDateTime ToDateTime(object value) => value as FhirDateTime ?? ((FhirDate)value).ToDateTime();
}
