using System.Numerics;

namespace Personalize.Fhir.Primitives;

/// <summary>An exact fraction, so that a unit converts without rounding: a minute is sixty seconds there and back. The denominator is above zero.</summary>
internal readonly record struct Ratio(BigInteger Numerator, BigInteger Denominator)
{
    private const int MostDecimals = 28;

    // The greatest whole number that a decimal holds.
    private static readonly BigInteger Greatest = new(decimal.MaxValue);

    public static Ratio One { get; } = new(BigInteger.One, BigInteger.One);

    public static Ratio Zero { get; } = new(BigInteger.Zero, BigInteger.One);

    public static Ratio Of(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var digits = (new BigInteger((uint)bits[2]) << 64) | (new BigInteger((uint)bits[1]) << 32) | new BigInteger((uint)bits[0]);
        return new(value < 0 ? -digits : digits, BigInteger.Pow(10, value.Scale));
    }

    public bool IsZero => Numerator.IsZero;

    public static Ratio operator +(Ratio left, Ratio right) => new((left.Numerator * right.Denominator) + (right.Numerator * left.Denominator), left.Denominator * right.Denominator);

    public static Ratio operator -(Ratio left, Ratio right) => left + new Ratio(-right.Numerator, right.Denominator);

    public static Ratio operator *(Ratio left, Ratio right) => new(left.Numerator * right.Numerator, left.Denominator * right.Denominator);

    /// <summary>The divisor must not be zero.</summary>
    public static Ratio operator /(Ratio left, Ratio right)
    {
        var denominator = left.Denominator * right.Numerator;
        var numerator = left.Numerator * right.Denominator;
        return denominator.Sign < 0 ? new(-numerator, -denominator) : new(numerator, denominator);
    }

    public int CompareTo(Ratio other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    /// <summary>With as many decimals as fit, half away from zero; null when it is too great.</summary>
    public decimal? ToDecimal()
    {
        for (var decimals = MostDecimals; decimals >= 0; decimals--)
        {
            var scaled = Numerator * BigInteger.Pow(10, decimals) * 2;
            var rounded = (scaled + (Numerator.Sign * Denominator)) / (Denominator * 2);
            if (BigInteger.Abs(rounded) <= Greatest)
                return (decimal)rounded / (decimal)BigInteger.Pow(10, decimals);
        }
        return null;
    }
}
