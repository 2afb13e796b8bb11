using System.Globalization;

namespace Personalize.Fhir.Search;

/// <summary>Dates and times as the span that their precision covers, to the millisecond. What has no zone is read as UTC.</summary>
internal static class SearchDates
{
    private static readonly long _epoch = DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerMillisecond;

    /// <summary>Reads <c>2026</c>, <c>2026-05</c>, <c>2026-05-17</c>, <c>2026-05-17T10:30</c>, with seconds, fractions and zone.</summary>
    public static bool TryParse(string text, out TimeRange range)
    {
        range = default;
        var t = text.IndexOf('T', StringComparison.Ordinal);
        return t < 0 ? TryDate(text, out range) : TryTime(text[..t], text[(t + 1)..], out range);
    }

    /// <summary>Milliseconds since 1970-01-01T00:00Z.</summary>
    public static long Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static bool TryDate(string text, out TimeRange range)
    {
        range = default;
        var parts = text.Split('-');
        if (!Fits(parts, 4, 2, 2) || !TryDay(Number(parts, 0), Number(parts, 1), Number(parts, 2), out var from))
            return false;
        var isLast = from.Year == 9999 && (parts.Length == 1 || (from.Month == 12 && (parts.Length == 2 || from.Day == 31)));
        var until = isLast ? default : parts.Length switch { 1 => from.AddYears(1), 2 => from.AddMonths(1), _ => from.AddDays(1) };
        range = new(At(from), isLast ? long.MaxValue : At(until));
        return true;
    }

    private static bool TryTime(string date, string time, out TimeRange range)
    {
        range = default;
        var zoneAt = time.AsSpan().IndexOfAny("Z+- ");
        var clock = (zoneAt < 0 ? time : time[..zoneAt]).Split('.');
        var parts = clock[0].Split(':');
        if (!TryDate(date, out var day) || date.Length != 10 || clock.Length > 2 || parts.Length < 2 || !Fits(parts, 2, 2, 2) || (clock.Length == 2 && parts.Length != 3)
            || !TryZone(zoneAt < 0 ? "Z" : time[zoneAt..], out var zone) || !TryFraction(clock, out var fraction))
            return false;
        var (hour, minute, second) = (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture), parts.Length < 3 ? 0 : int.Parse(parts[2], CultureInfo.InvariantCulture));
        if (hour > 23 || minute > 59 || second > 60)
            return false;
        var from = day.From + (((((hour * 60L) + minute - zone) * 60) + second) * 1000) + fraction.Milliseconds;
        range = new(from, from + (parts.Length < 3 ? 60_000 : clock.Length < 2 ? 1000 : fraction.Length));
        return true;
    }

    private static bool TryFraction(string[] clock, out (int Milliseconds, int Length) fraction)
    {
        fraction = (0, 1);
        if (clock.Length < 2)
            return true;
        if (clock[1].Length == 0 || !clock[1].All(char.IsAsciiDigit))
            return false;
        var digits = clock[1].PadRight(3, '0')[..3];
        fraction = (int.Parse(digits, CultureInfo.InvariantCulture), clock[1].Length switch { 1 => 100, 2 => 10, _ => 1 });
        return true;
    }

    /// <summary>Minutes east of Greenwich. A plus that a URL turned into a space still counts.</summary>
    private static bool TryZone(string text, out int minutes)
    {
        minutes = 0;
        if (text == "Z")
            return true;
        var parts = text[1..].Split(':');
        if (text[0] == 'Z' || parts.Length != 2 || !Fits(parts, 2, 2))
            return false;
        minutes = (int.Parse(parts[0], CultureInfo.InvariantCulture) * 60) + int.Parse(parts[1], CultureInfo.InvariantCulture);
        minutes = text[0] == '-' ? -minutes : minutes;
        return Math.Abs(minutes) <= 14 * 60;
    }

    private static bool TryDay(int year, int month, int day, out DateTime date)
    {
        date = default;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        date = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc);
        return true;
    }

    private static bool Fits(string[] parts, params int[] lengths) =>
        parts.Length <= lengths.Length && parts.Zip(lengths).All(p => p.First.Length == p.Second && p.First.All(char.IsAsciiDigit));

    private static int Number(string[] parts, int at) => at < parts.Length ? int.Parse(parts[at], CultureInfo.InvariantCulture) : 1;

    private static long At(DateTime time) => (time.Ticks / TimeSpan.TicksPerMillisecond) - _epoch;
}
