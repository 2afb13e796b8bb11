using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Personalize.Fhir.Validation;

/// <summary>The form of dates and times, and that the day is one of its month. Source: FHIR R4, Data Types.</summary>
internal static class TemporalRules
{
    // YYYY-MM-DDThh:mm, where digits stand and where signs stand.
    private const int Minutes = 16;
    private const uint Digits = 0b1101_1011_0110_1111;
    private const uint Signs = ~Digits & 0xFFFF;
    private static ReadOnlySpan<byte> Form => "0000-00-00T00:00"u8;

    /// <summary><c>YYYY</c>, <c>YYYY-MM</c> or <c>YYYY-MM-DD</c>.</summary>
    public static bool IsDate(ReadOnlySpan<byte> text) => text.Length switch
    {
        4 => Number(text) > 0,
        7 => IsDate(text[..4]) && text[4] == '-' && Number(text[5..]) is >= 1 and <= 12,
        10 => IsDate(text[..7]) && text[7] == '-' && Number(text[8..]) is >= 1 and var day && day <= DateTime.DaysInMonth(Number(text[..4]), Number(text[5..7])),
        _ => false,
    };

    /// <summary>A date, or an instant: who tells the time tells its offset.</summary>
    public static bool IsDateTime(ReadOnlySpan<byte> text) => text.Length <= 10 ? IsDate(text) : IsInstant(text);

    /// <summary><c>YYYY-MM-DDThh:mm:ss.sss+zz:zz</c>, the fraction not needed.</summary>
    public static bool IsInstant(ReadOnlySpan<byte> text)
    {
        if (text.Length < 20 || !IsMinute(text))
            return false;
        var rest = text[Minutes..];
        if (rest[^1] == 'Z')
            return IsSecond(rest[..^1]);
        return rest.Length >= 9 && rest[^6] is (byte)'+' or (byte)'-' && rest[^3] == ':' && IsSecond(rest[..^6]) && IsOffset(Two(rest, rest.Length - 5), Two(rest, rest.Length - 2));
    }

    /// <summary><c>hh:mm:ss</c> with any fraction.</summary>
    public static bool IsTime(ReadOnlySpan<byte> text) =>
        text.Length >= 8 && text[2] == ':' && Two(text, 0) is >= 0 and <= 23 && Two(text, 3) is >= 0 and <= 59 && IsSecond(text[5..]);

    /// <summary>The first sixteen bytes of an instant, looked at as one.</summary>
    private static bool IsMinute(ReadOnlySpan<byte> text)
    {
        var bytes = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(text));
        var digits = Vector128.LessThan(bytes - Vector128.Create((byte)'0'), Vector128.Create((byte)10)).ExtractMostSignificantBits();
        var signs = Vector128.Equals(bytes, Vector128.Create(Form)).ExtractMostSignificantBits() & Signs;
        if ((digits & Digits) != Digits || signs != Signs)
            return false;
        var (year, month, day) = ((Plain(text, 0) * 100) + Plain(text, 2), Plain(text, 5), Plain(text, 8));
        // Every month has 28 days.
        return year > 0 && month is >= 1 and <= 12 && day >= 1 && (day <= 28 || day <= DateTime.DaysInMonth(year, month)) && Plain(text, 11) <= 23 && Plain(text, 14) <= 59;
    }

    /// <summary><c>:ss</c> with any fraction; 60 for a leap second.</summary>
    private static bool IsSecond(ReadOnlySpan<byte> text)
    {
        if (text.Length < 3 || text[0] != ':' || Two(text, 1) is < 0 or > 60)
            return false;
        return text.Length == 3 || (text.Length > 4 && text[3] == '.' && !text[4..].ContainsAnyExceptInRange((byte)'0', (byte)'9'));
    }

    private static bool IsOffset(int hours, int minutes) => hours is >= 0 and <= 13 && minutes is >= 0 and <= 59 || (hours, minutes) == (14, 0);

    /// <summary>Two digits as a number; below zero when one is none.</summary>
    private static int Two(ReadOnlySpan<byte> text, int at) => char.IsAsciiDigit((char)text[at]) && char.IsAsciiDigit((char)text[at + 1]) ? Plain(text, at) : -1;

    private static int Plain(ReadOnlySpan<byte> text, int at) => ((text[at] - '0') * 10) + text[at + 1] - '0';

    /// <summary>The number that those digits make; -1 when one is no digit.</summary>
    private static int Number(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return -1;
            number = number * 10 + digit - '0';
        }
        return number;
    }
}
