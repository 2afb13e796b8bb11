using System.Globalization;

namespace Personalize.Fhir.Primitives;

/// <summary>A number with a unit: a UCUM code (<c>mg/dL</c>, <c>1</c> for none) or a calendar word (<c>year</c>). Source: FHIRPath 2.0, Quantity.</summary>
/// <param name="Value">The number.</param>
/// <param name="Unit">UCUM, case-sensitive, or a calendar word, singular or plural.</param>
public sealed record Quantity(decimal Value, string Unit)
{
    /// <summary>The unit of a plain number.</summary>
    public const string NoUnit = "1";

    /// <summary>True when both are of one dimension, so that they can be compared.</summary>
    public bool IsComparable(Quantity other) => InOneUnit(other) is not null;

    /// <summary>Below zero, zero or above zero as <paramref name="left"/> is less than, the same as or more than <paramref name="right"/>; null when their units do not compare.
    /// A calendar year or month does not compare with UCUM's <c>a</c> or <c>mo</c>. Source: FHIRPath 2.0, Comparison.</summary>
    public static int? Compare(Quantity left, Quantity right) => left.Unit == right.Unit
        ? left.Value.CompareTo(right.Value)
        : left.InOneUnit(right) is var (a, b) ? a.CompareTo(b) : null;

    /// <summary>Both values in one unit; null when there is none for them.</summary>
    private (Ratio Left, Ratio Right)? InOneUnit(Quantity other)
    {
        if (Unit == other.Unit)
            return (Ratio.Of(Value), Ratio.Of(other.Value));
        if (Months is { } months && other.Months is { } otherMonths)
            return (months, otherMonths);
        if (Ucum.Find(UcumUnit) is not { } unit || Ucum.Find(other.UcumUnit) is not { } otherUnit || unit.Dimension != otherUnit.Dimension)
            return null;
        return (unit.ToBaseUnits(Value), otherUnit.ToBaseUnits(other.Value));
    }

    /// <summary>The same amount in another unit; null when the units do not compare.</summary>
    public Quantity? In(string unit)
    {
        if (Unit == unit)
            return this;
        if (InOneUnit(new Quantity(0m, unit)) is not var (amount, zero) || InOneUnit(new Quantity(1m, unit)) is not var (_, one))
            return null;
        // Temperature scales have zeros of their own; of all other units zero is zero.
        return ((amount - zero) / (one - zero)).ToDecimal() is { } value ? new Quantity(value, unit) : null;
    }

    private bool HasOwnZero => Ucum.Find(UcumUnit) is { Shift.IsZero: false };

    private Ratio? Months => CalendarUnits.OfWord(Unit) switch
    {
        CalendarUnit.Year => Ratio.Of(Value) * Ratio.Of(12m),
        CalendarUnit.Month => Ratio.Of(Value),
        _ => null,
    };

    // The calendar's years and months have no fixed length, so they are no UCUM unit; weeks and less are.
    private string UcumUnit => CalendarUnits.OfWord(Unit) switch
    {
        CalendarUnit.Week => "wk",
        CalendarUnit.Day => "d",
        CalendarUnit.Hour => "h",
        CalendarUnit.Minute => "min",
        CalendarUnit.Second => "s",
        CalendarUnit.Millisecond => "ms",
        _ => Unit,
    };

    /// <summary>The sum in the unit of the left side; null when the units do not compare.</summary>
    /// <exception cref="OverflowException">The sum does not fit into a decimal.</exception>
    public Quantity? Plus(Quantity other)
    {
        if (Unit == other.Unit)
            return this with { Value = Value + other.Value };
        // Degrees of one scale are not added to those of another: their zeros differ.
        return HasOwnZero || other.HasOwnZero || other.In(Unit) is not { } same ? null : this with { Value = Value + same.Value };
    }

    /// <summary>The product; its unit is the product of the units.</summary>
    /// <exception cref="OverflowException">The product does not fit into a decimal.</exception>
    public Quantity Times(Quantity other) => new(Value * other.Value, Product(UcumUnit, other.UcumUnit));

    private static string Product(string left, string right) => left == NoUnit ? right : right == NoUnit ? left : $"{left}.{right}";

    /// <summary>The ratio; its unit is the ratio of the units. Null when the other is zero.</summary>
    /// <exception cref="OverflowException">The ratio does not fit into a decimal.</exception>
    public Quantity? DividedBy(Quantity other)
    {
        if (other.Value == 0)
            return null;
        var unit = UcumUnit == other.UcumUnit ? NoUnit : other.UcumUnit == NoUnit ? UcumUnit : $"{UcumUnit}/({other.UcumUnit})";
        return new Quantity(Value / other.Value, unit);
    }

    /// <summary>As a FHIRPath literal: <c>4 days</c>, <c>5.4 'mg/dL'</c>.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture) + (CalendarUnits.OfWord(Unit) is null ? $" '{Unit}'" : $" {Unit}");
}
