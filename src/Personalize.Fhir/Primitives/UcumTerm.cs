using System.Collections.Immutable;
using System.Globalization;

namespace Personalize.Fhir.Primitives;

/// <summary>A factor and base units with exponents, while a unit is read.</summary>
internal sealed record UcumTerm(Ratio Factor, ImmutableSortedDictionary<string, int> Exponents)
{
    private static readonly ImmutableSortedDictionary<string, int> None = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    public static UcumTerm Of(Ratio factor, string? baseUnit = null) => new(factor, baseUnit is null ? None : None.Add(baseUnit, 1));

    public UcumTerm Times(Ratio factor) => this with { Factor = Factor * factor };

    public UcumTerm Times(UcumTerm other, int sign)
    {
        var exponents = Exponents;
        foreach (var (unit, exponent) in other.Exponents)
        {
            var sum = exponents.GetValueOrDefault(unit) + (sign * exponent);
            exponents = sum == 0 ? exponents.Remove(unit) : exponents.SetItem(unit, sum);
        }
        return new UcumTerm(sign > 0 ? Factor * other.Factor : Factor / other.Factor, exponents);
    }

    public UcumTerm Power(int exponent)
    {
        var result = Of(Ratio.One);
        for (var i = 0; i < Math.Abs(exponent); i++)
            result = result.Times(this, Math.Sign(exponent));
        return result;
    }

    public UcumUnit ToUnit() => new(Factor, string.Join('.', Exponents.Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Key}^{e.Value}"))), Ratio.Zero);
}
