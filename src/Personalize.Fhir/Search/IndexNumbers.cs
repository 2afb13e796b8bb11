using System.Globalization;

namespace Personalize.Fhir.Search;

/// <summary>Numbers as they stand in resources, as the double that is nearest.</summary>
internal static class IndexNumbers
{
    // Up to so many digits a whole number is exact as a double, and so is each of these powers of ten: their quotient is the nearest there is.
    private const int ExactDigits = 15;
    private static readonly double[] _powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>False when it is no number.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out double number) =>
        TryPlain(text, out number) || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    /// <summary>Digits with or without a point.</summary>
    private static bool TryPlain(ReadOnlySpan<byte> text, out double number)
    {
        number = 0;
        if (text.IsEmpty || text.Length > ExactDigits || text[0] == '.' || text[^1] == '.')
            return false;
        var (digits, point) = (0L, -1);
        for (var at = 0; at < text.Length; at++)
        {
            var digit = (uint)(text[at] - '0');
            if (digit <= 9)
                digits = (digits * 10) + digit;
            else if (text[at] == '.' && point < 0)
                point = at;
            else
                return false;
        }
        number = digits / _powers[point < 0 ? 0 : text.Length - point - 1];
        return true;
    }
}
