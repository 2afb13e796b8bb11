namespace Personalize.Fhir.Validation;

/// <summary>The form of dates and times, and that the day is one of its month. Source: FHIR R4, Data Types.</summary>
internal static class TemporalRules
{
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
        if (text.Length < 20 || text[10] != 'T' || !IsDate(text[..10]))
            return false;
        var clock = text[11..];
        if (clock[^1] == 'Z')
            return IsTime(clock[..^1]);
        return clock.Length >= 14 && clock[^6] is (byte)'+' or (byte)'-' && clock[^3] == ':' && IsTime(clock[..^6]) && IsOffset(Number(clock[^5..^3]), Number(clock[^2..]));
    }

    /// <summary><c>hh:mm:ss</c> with any fraction.</summary>
    public static bool IsTime(ReadOnlySpan<byte> text)
    {
        if (text.Length < 8 || text[2] != ':' || text[5] != ':')
            return false;
        var inDay = Number(text[..2]) is >= 0 and <= 23 && Number(text[3..5]) is >= 0 and <= 59 && Number(text[6..8]) is >= 0 and <= 60;
        return inDay && (text.Length == 8 || (text.Length > 9 && text[8] == '.' && !text[9..].ContainsAnyExceptInRange((byte)'0', (byte)'9')));
    }

    private static bool IsOffset(int hours, int minutes) => hours is >= 0 and <= 13 && minutes is >= 0 and <= 59 || (hours, minutes) == (14, 0);

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
