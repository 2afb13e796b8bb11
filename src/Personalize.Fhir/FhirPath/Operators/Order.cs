using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.FhirPath.Operators;

/// <summary><c>&lt;</c>, <c>&gt;</c>, <c>&lt;=</c>, <c>&gt;=</c>. Source: FHIRPath 2.0, Comparison.</summary>
internal static class Order
{
    /// <summary>Below zero, zero or above zero; null when one side is empty or when it is not known; an error when the types have no common order.</summary>
    public static int? Compare(Frame frame, Slice left, Slice right)
    {
        if (Singleton.One(frame, left) is not { } a || Singleton.One(frame, right) is not { } b)
            return null;
        frame.SpendOn(a);
        return Compare(a, b);
    }

    public static int? Compare(in PathValue left, in PathValue right)
    {
        if (left.Value is { } value && right.Value is { } other)
            return CompareValues(value, other);
        return HasOrder(left) && HasOrder(right) ? null : throw NoOrder();
    }

    private static bool HasOrder(in PathValue value) => !value.IsElement || SystemValues.KindOf(value.Raw.Type) != SystemKind.None;

    private static PathError NoOrder() => new("These types cannot be compared");

    private static int? CompareValues(object left, object right) => (left, right) switch
    {
        (int a, int b) => a.CompareTo(b),
        (string a, string b) => string.CompareOrdinal(a, b),
        (FhirTime a, FhirTime b) => FhirTime.Compare(a, b),
        (int or long or decimal, int or long or decimal) => Numbers.ToDecimal(left).CompareTo(Numbers.ToDecimal(right)),
        (Quantity or int or long or decimal, Quantity) or (Quantity, int or long or decimal) => Quantity.Compare(Numbers.ToQuantity(left), Numbers.ToQuantity(right)),
        (FhirDate or FhirDateTime, FhirDate or FhirDateTime) => FhirDateTime.Compare(Moments.ToDateTime(left), Moments.ToDateTime(right)),
        _ => throw NoOrder(),
    };
}
