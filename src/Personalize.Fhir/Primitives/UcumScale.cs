using System.Numerics;

namespace Personalize.Fhir.Primitives;

/// <summary>The way from a unit to its base units in numbers of the machine: fast, and the same number for the same amount whatever unit it is written in (5.4 mg and 0.0054 g).</summary>
/// <param name="Dimension">The base units and their exponents, in canonical order.</param>
/// <param name="Exact">The factor, where decimals hold it; null for a third, or a zero point that is not that of the base units.</param>
/// <param name="Rough">The factor to sixteen digits.</param>
/// <param name="Shift">The zero point of a temperature scale, otherwise 0.</param>
internal sealed record UcumScale(string Dimension, decimal? Exact, double Rough, double Shift)
{
    // Beyond these a product would lose digits, or have no room.
    private const decimal Least = 1e-12m;
    private const decimal Most = 1e12m;

    public static UcumScale Of(UcumUnit unit) => new(unit.Dimension, unit.Shift.IsZero ? Decimal(unit.Factor) : null, Double(unit.Factor), Double(unit.Shift));

    /// <summary>The value in base units.</summary>
    public double Of(decimal value) => Exact is { } factor && value is > -Most and < Most ? (double)(value * factor) : ((double)value * Rough) + Shift;

    private static decimal? Decimal(Ratio ratio) =>
        ratio.ToDecimal() is > Least and < Most and var near && Ratio.Of(near).CompareTo(ratio) == 0 ? near : null;

    private static double Double(Ratio ratio) => Math.Exp(BigInteger.Log(BigInteger.Max(BigInteger.Abs(ratio.Numerator), 1)) - BigInteger.Log(ratio.Denominator)) is var size && ratio.IsZero ? 0
        : ratio.ToDecimal() is { } near && Math.Abs(near) > Least ? (double)near : size * ratio.Numerator.Sign;
}
