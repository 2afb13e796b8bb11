using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.FhirPath.Operators;

/// <summary><c>=</c>. Source: FHIRPath 2.0, Equality.</summary>
internal static class Equality
{
    /// <summary>Item by item in order; null when one side is empty or when it is not known.</summary>
    public static bool? Same(Frame frame, Slice left, Slice right)
    {
        if (left.IsEmpty || right.IsEmpty)
            return null;
        if (left.Count != right.Count)
            return false;
        bool? all = true;
        for (var i = 0; i < left.Count; i++)
        {
            frame.SpendOn(frame[left.Start + i]);
            var same = Same(frame[left.Start + i], frame[right.Start + i]);
            if (same == false)
                return false;
            all &= same;
        }
        return all;
    }

    /// <summary>One with one.</summary>
    public static bool? Same(in PathValue left, in PathValue right)
    {
        if (left.IsElement)
            return right.IsElement ? Same(left.Raw, right.Raw) : Same(left.Raw, right.System!);
        return right.IsElement ? Same(right.Raw, left.System!) : SameValues(left.System!, right.System!);
    }

    private static bool? Same(Element element, object system)
    {
        var kind = SystemValues.KindOf(element.Type);
        if (kind == SystemKind.Text)
            return system is not string text ? false : element.HasValue ? element.TextIs(text) : null;
        if (kind == SystemKind.None)
            return false;
        if (kind == SystemKind.Boolean && system is bool truth)
            return element.HasValue ? element.Kind == (truth ? JsonKind.True : JsonKind.False) : null;
        return SystemValues.Of(element) is { } value ? SameValues(value, system) : null;
    }

    private static bool? Same(Element left, Element right)
    {
        if (left == right)
            return true;
        var (kind, otherKind) = (SystemValues.KindOf(left.Type), SystemValues.KindOf(right.Type));
        if (kind == SystemKind.None || otherKind == SystemKind.None)
            return kind == otherKind ? Deep.Same(left, right, Same) : false;
        if (kind == SystemKind.Text && otherKind == SystemKind.Text && left.HasValue && right.HasValue)
            return SameText(left, right);
        if (SystemValues.Of(left) is { } value && SystemValues.Of(right) is { } other)
            return SameValues(value, other);
        return Deep.Same(left, right, Same);
    }

    private static bool SameText(Element left, Element right) => left.Tree[left.Node].Has(JsonMarks.Escaped) || right.Tree[right.Node].Has(JsonMarks.Escaped)
        ? left.Text == right.Text
        : left.Tree.Raw(left.Node).SequenceEqual(right.Tree.Raw(right.Node));

    /// <summary>System values; an Integer is the same as a Decimal, and a number the same as a Quantity without unit.</summary>
    public static bool? SameValues(object left, object right) => (left, right) switch
    {
        (string a, string b) => string.Equals(a, b, StringComparison.Ordinal),
        (bool a, bool b) => a == b,
        (int a, int b) => a == b,
        (FhirTime a, FhirTime b) => IsZero(FhirTime.Compare(a, b)),
        (int or long or decimal, int or long or decimal) => Numbers.ToDecimal(left) == Numbers.ToDecimal(right),
        (Quantity or int or long or decimal, Quantity) or (Quantity, int or long or decimal) => IsZero(Quantity.Compare(Numbers.ToQuantity(left), Numbers.ToQuantity(right))),
        (FhirDate or FhirDateTime, FhirDate or FhirDateTime) => IsZero(FhirDateTime.Compare(Moments.ToDateTime(left), Moments.ToDateTime(right))),
        _ => left.Equals(right),
    };

    private static bool? IsZero(int? order) => order is null ? null : order == 0;
}

/// <summary>Equality as a set needs it: what is not known to be the same is another item.</summary>
/// <param name="frame">The evaluation that pays for it; null while an expression is bound.</param>
internal sealed class ValueComparer(Frame? frame) : IEqualityComparer<PathValue>
{
    public bool Equals(PathValue x, PathValue y)
    {
        frame?.SpendOn(x);
        return Equality.Same(x, y) == true;
    }

    // What may be equal across types must have one hash; quantities of different units, and dates of different precision or zone, therefore share one.
    public int GetHashCode(PathValue obj) => obj.Value switch
    {
        string text => string.GetHashCode(text, StringComparison.Ordinal),
        bool truth => truth ? 1 : 2,
        int or long or decimal => Numbers.ToDecimal(obj.Value).GetHashCode(),
        Quantity { Unit: Quantity.NoUnit } quantity => quantity.Value.GetHashCode(),
        null => obj.Element is { } element ? element.Type.GetHashCode() : 4,
        _ => 3,
    };
}
