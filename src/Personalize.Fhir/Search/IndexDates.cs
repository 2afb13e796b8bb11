using System.Text;

namespace Personalize.Fhir.Search;

/// <summary>The spans of dates as they stand in resources; the forms that nearly all have are read from the bytes, the others as <see cref="SearchDates"/> reads them.</summary>
internal static class IndexDates
{
    private const long EpochMilliseconds = 62_135_596_800_000;
    private const long Day = 24 * 60 * 60 * 1000;

    // Years near the ends of the calendar need care that costs time.
    private const int FirstPlain = 2;
    private const int LastPlain = 9998;

    /// <summary>False when it is no date.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out TimeRange range)
    {
        if (text.Length >= 10 && Date(text, out var day) && (text.Length == 10 || Clock(text, ref day, out _)))
        {
            var length = text.Length == 10 ? Day : text[19] == '.' ? 1 : 1000;
            range = new(day, day + length);
            return true;
        }
        return SearchDates.TryParse(Encoding.UTF8.GetString(text), out range);
    }

    private static bool Date(ReadOnlySpan<byte> text, out long from)
    {
        from = 0;
        if (text[4] != '-' || text[7] != '-')
            return false;
        var (year, month, day) = ((Two(text) * 100) + Two(text[2..]), Two(text[5..]), Two(text[8..]));
        if (year is < FirstPlain or > LastPlain || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        from = (new DateTime(year, month, day).Ticks / TimeSpan.TicksPerMillisecond) - EpochMilliseconds;
        return true;
    }

    /// <summary>Seconds, perhaps with a fraction, and an offset.</summary>
    private static bool Clock(ReadOnlySpan<byte> text, ref long moment, out int offset)
    {
        offset = 0;
        if (text.Length < 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':')
            return false;
        var (hour, minute, second) = (Two(text[11..]), Two(text[14..]), Two(text[17..]));
        var rest = text[19..];
        if (hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59 || !Fraction(ref rest, out var thousandths) || !Offset(rest, out offset))
            return false;
        moment += ((((hour * 60) + minute - offset) * 60) + second) * 1000L + thousandths;
        return true;
    }

    private static bool Fraction(ref ReadOnlySpan<byte> text, out int thousandths)
    {
        thousandths = 0;
        if (text[0] != '.')
            return true;
        var digits = 1;
        for (var unit = 100; digits < text.Length && (uint)(text[digits] - '0') <= 9; digits++, unit /= 10)
            thousandths += (text[digits] - '0') * unit;
        text = text[digits..];
        return digits > 1;
    }

    /// <summary>In minutes.</summary>
    private static bool Offset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text is [(byte)'Z'])
            return true;
        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':')
            return false;
        var (hour, minute) = (Two(text[1..]), Two(text[4..]));
        minutes = ((hour * 60) + minute) * (text[0] == '-' ? -1 : 1);
        return hour is >= 0 and < 14 && minute is >= 0 and <= 59;
    }

    /// <summary>Two digits; far below zero when one is none.</summary>
    private static int Two(ReadOnlySpan<byte> text)
    {
        var (ten, one) = ((uint)(text[0] - '0'), (uint)(text[1] - '0'));
        return ten <= 9 && one <= 9 ? (int)((ten * 10) + one) : -1_000_000;
    }
}
