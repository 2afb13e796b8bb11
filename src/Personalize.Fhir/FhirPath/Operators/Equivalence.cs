using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.FhirPath.Operators;

/// <summary><c>~</c>: never unknown; text without regard to case and width of spaces, numbers to the lesser precision, collections in any order. Source: FHIRPath 2.0, Equivalence.</summary>
internal static class Equivalence
{
    public static bool Same(Frame frame, Slice left, Slice right)
    {
        if (left.Count != right.Count)
            return false;
        for (var i = left.Start; i < left.End; i++)
            frame.SpendOn(frame[i]);
        if (left.Count == 1)
            return Same(frame[left.Start], frame[right.Start]);
        var used = new bool[right.Count];
        for (var i = 0; i < left.Count; i++)
        {
            var match = 0;
            while (match < used.Length && (used[match] || !Same(frame[left.Start + i], frame[right.Start + match])))
            {
                frame.SpendOn(frame[right.Start + match]);
                match++;
            }
            if (match == used.Length)
                return false;
            used[match] = true;
        }
        return true;
    }

    private static bool Same(in PathValue left, in PathValue right)
    {
        if (left.Value is { } value && right.Value is { } other)
            return SameValues(value, other);
        return left.Element is { } a && right.Element is { } b && (a == b || (IsCoding(a) && IsCoding(b) ? SameCode(a, b) : Deep.Same(a, b, Compare) == true));
    }

    private static bool? Compare(in PathValue left, in PathValue right) => Same(left, right);

    private static bool IsCoding(Element element) => element.Type.Name == "Coding";

    private static bool SameCode(Element left, Element right) =>
        left.Child("system")?.Text == right.Child("system")?.Text && left.Child("code")?.Text == right.Child("code")?.Text;

    private static bool SameValues(object left, object right) => (left, right) switch
    {
        (string a, string b) => string.Equals(Plain(a), Plain(b), StringComparison.OrdinalIgnoreCase),
        (int or long or decimal, int or long or decimal) => SameNumbers(Numbers.ToDecimal(left), Numbers.ToDecimal(right)),
        (Quantity or int or long or decimal, Quantity or int or long or decimal) => SameQuantities(Numbers.ToQuantity(left), Numbers.ToQuantity(right)),
        _ => Equality.SameValues(left, right) == true,
    };

    private static bool SameNumbers(decimal left, decimal right)
    {
        var digits = Math.Min(Numbers.Decimals(left), Numbers.Decimals(right));
        return Math.Round(left, digits, MidpointRounding.AwayFromZero) == Math.Round(right, digits, MidpointRounding.AwayFromZero);
    }

    // A calendar year is equivalent, not equal, to UCUM's year.
    private static bool SameQuantities(Quantity left, Quantity right) =>
        Definite(left).In(Definite(right).Unit) is { } converted && SameNumbers(converted.Value, right.Value);

    private static Quantity Definite(Quantity quantity) => CalendarUnits.OfWord(quantity.Unit) switch
    {
        CalendarUnit.Year => quantity with { Unit = "a" },
        CalendarUnit.Month => quantity with { Unit = "mo" },
        _ => quantity,
    };

    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text.AsSpan().Trim())
        {
            if (!char.IsWhiteSpace(c))
                plain.Append(c);
            else if (plain[^1] != ' ')
                plain.Append(' ');
        }
        return plain.ToString();
    }
}
