using System.Globalization;

namespace Personalize.Fhir.Json;

/// <summary>Whether two values are the same by RFC 6902, section 4.6: numbers by value, strings by characters, objects whatever the order of their members.</summary>
public static class JsonSameness
{
    /// <summary>True when both are the same value. Neither may be an item that does not exist.</summary>
    public static bool Same(JsonItem left, JsonItem right) => (left.Kind, right.Kind) switch
    {
        var (one, other) when one != other => false,
        (JsonKind.String, _) => left.Text == right.Text,
        (JsonKind.Number, _) => SameNumber(left.Text!, right.Text!),
        (JsonKind.Array, _) => SameItems([.. left.Items], [.. right.Items]),
        (JsonKind.Object, _) => SameMembers([.. left.Items], [.. right.Items]),
        _ => true,
    };

    private static bool SameItems(JsonItem[] left, JsonItem[] right) =>
        left.Length == right.Length && left.Zip(right).All(pair => Same(pair.First, pair.Second));

    private static bool SameMembers(JsonItem[] left, JsonItem[] right)
    {
        if (left.Length != right.Length)
            return false;
        var byKey = right.ToDictionary(item => item.Key, StringComparer.Ordinal);
        return left.All(item => byKey.TryGetValue(item.Key, out var other) && Same(item, other));
    }

    private static bool SameNumber(string left, string right) => left == right || Plain(left) == Plain(right);

    /// <summary>A number as sign, digits without zeros at either end, and the power of ten of the last digit: the same for 10, 10.0 and 1e1.</summary>
    private static (bool IsNegative, string Digits, long Power) Plain(string number)
    {
        var isNegative = number[0] == '-';
        var mantissa = number.TrimStart('-');
        var power = 0L;
        if (mantissa.IndexOfAny(['e', 'E']) is >= 0 and var e)
        {
            // An exponent of more digits than a long has is not held against another: the texts differ already.
            if (!long.TryParse(mantissa.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out power))
                return (isNegative, number, 0);
            mantissa = mantissa[..e];
        }
        if (mantissa.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot)
        {
            power -= mantissa.Length - dot - 1;
            mantissa = mantissa.Remove(dot, 1);
        }
        var digits = mantissa.TrimEnd('0');
        power += mantissa.Length - digits.Length;
        digits = digits.TrimStart('0');
        return digits.Length == 0 ? (false, "", 0) : (isNegative, digits, power);
    }
}
