using Personalize.Fhir.FhirPath.Functions;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.FhirPath.Operators;

/// <summary><c>+ - * / div mod</c> and the signs. What overflows or is divided by zero is empty. Source: FHIRPath 2.0, Math.</summary>
internal static class Arithmetic
{
    public delegate object? Operation(object left, object right);

    /// <summary>Both sides are one value; empty when one is empty.</summary>
    public static void Apply(Frame frame, Slice left, Slice right, int start, Operation operation)
    {
        var result = Singleton.One(frame, left) is { } a && Singleton.One(frame, right) is { } b ? Apply(a, b, operation) : null;
        frame.Reset(start);
        if (result is string text)
            frame.SpendText(text.Length);
        if (result is not null)
            frame.Push(PathValue.Of(result));
    }

    private static object? Apply(in PathValue left, in PathValue right, Operation operation)
    {
        try
        {
            return left.Value is { } a && right.Value is { } b ? operation(a, b) : Unknown(left, right);
        }
        catch (OverflowException)
        {
            // The specification makes a result that cannot be represented empty.
            return null;
        }
    }

    // A primitive without value is unknown; any other element is not for reckoning.
    private static object? Unknown(in PathValue left, in PathValue right) => IsScalar(left) && IsScalar(right) ? null : throw NotDefined();

    private static bool IsScalar(in PathValue value) => !value.IsElement || SystemValues.KindOf(value.Raw.Type) != SystemKind.None;

    private static PathError NotDefined() => new("This operator is not defined for these types");

    private static object? Whole(long value, object left, object right) => left is int && right is int ? (object?)Fit(value) : value;

    private static int? Fit(long value) => value is >= int.MinValue and <= int.MaxValue ? (int)value : null;

    private static bool AreWhole(object left, object right) => left is int or long && right is int or long;

    private static bool AreNumbers(object left, object right) => Numbers.Is(left) && Numbers.Is(right);

    private static long Long(object value) => value is int whole ? whole : (long)value;

    public static object? Add(object left, object right) => (left, right) switch
    {
        (string a, string b) => Strings.Concatenate(a, b),
        _ when AreWhole(left, right) => Whole(checked(Long(left) + Long(right)), left, right),
        _ when AreNumbers(left, right) => Numbers.ToDecimal(left) + Numbers.ToDecimal(right),
        (Quantity a, Quantity b) => a.Plus(b),
        (FhirDate or FhirDateTime or FhirTime, Quantity b) => Moved(left, b.Value, b.Unit),
        _ => throw NotDefined(),
    };

    public static object? Subtract(object left, object right) => (left, right) switch
    {
        _ when AreWhole(left, right) => Whole(checked(Long(left) - Long(right)), left, right),
        _ when AreNumbers(left, right) => Numbers.ToDecimal(left) - Numbers.ToDecimal(right),
        (Quantity a, Quantity b) => a.Plus(b with { Value = -b.Value }),
        (FhirDate or FhirDateTime or FhirTime, Quantity b) => Moved(left, -b.Value, b.Unit),
        _ => throw NotDefined(),
    };

    /// <summary>A date moves by calendar units only: UCUM's years and months have no whole number of days.</summary>
    private static object? Moved(object moment, decimal amount, string unit)
    {
        var calendar = CalendarUnits.Of(unit) ?? throw new PathError("A date moves by calendar units only");
        return moment switch
        {
            FhirDate date => date.Plus(amount, calendar),
            FhirDateTime dateTime => dateTime.Plus(amount, calendar),
            _ => calendar >= CalendarUnit.Hour ? ((FhirTime)moment).Plus(amount, calendar) : throw new PathError("A time moves by hours or less"),
        };
    }

    public static object? Multiply(object left, object right) => (left, right) switch
    {
        _ when AreWhole(left, right) => Whole(checked(Long(left) * Long(right)), left, right),
        _ when AreNumbers(left, right) => Numbers.ToDecimal(left) * Numbers.ToDecimal(right),
        (Quantity or int or long or decimal, Quantity or int or long or decimal) => Numbers.ToQuantity(left).Times(Numbers.ToQuantity(right)),
        _ => throw NotDefined(),
    };

    public static object? Divide(object left, object right) => (left, right) switch
    {
        _ when AreNumbers(left, right) => Numbers.ToDecimal(right) is var divisor and not 0 ? Numbers.ToDecimal(left) / divisor : null,
        (Quantity or int or long or decimal, Quantity or int or long or decimal) => Numbers.ToQuantity(left).DividedBy(Numbers.ToQuantity(right)),
        _ => throw NotDefined(),
    };

    public static object? DivideWhole(object left, object right)
    {
        if (!AreNumbers(left, right))
            throw NotDefined();
        if (Numbers.ToDecimal(right) is 0)
            return null;
        if (AreWhole(left, right))
            return Whole(checked(Long(left) / Long(right)), left, right);
        var ratio = decimal.Truncate(Numbers.ToDecimal(left) / Numbers.ToDecimal(right));
        return Math.Abs(ratio) <= int.MaxValue ? (int)ratio : null;
    }

    public static object? Modulo(object left, object right)
    {
        if (!AreNumbers(left, right))
            throw NotDefined();
        if (Numbers.ToDecimal(right) is 0)
            return null;
        // The least Integer has no remainder by -1 that .NET would compute.
        return AreWhole(left, right) ? Whole(Long(right) == -1 ? 0 : Long(left) % Long(right), left, right) : Numbers.ToDecimal(left) % Numbers.ToDecimal(right);
    }

    /// <summary><c>&amp;</c>: empty counts as the empty string.</summary>
    public static void Concatenate(Frame frame, Slice left, Slice right, int start)
    {
        var text = Strings.Concatenate(Singleton.Text(frame, left) ?? "", Singleton.Text(frame, right) ?? "");
        frame.Reset(start);
        frame.SpendText(text.Length);
        frame.Push(text);
    }

    /// <summary>A number or Quantity with its sign turned round, or as it is.</summary>
    public static object? Sign(object value, bool isMinus) => value switch
    {
        int whole => isMinus ? whole == int.MinValue ? null : -whole : whole,
        long big => isMinus ? big == long.MinValue ? null : -big : big,
        decimal number => isMinus ? -number : number,
        Quantity quantity => isMinus ? quantity with { Value = -quantity.Value } : quantity,
        _ => throw new PathError("Only a number or a Quantity has a sign"),
    };
}
