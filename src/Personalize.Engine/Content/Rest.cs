using System.Globalization;

namespace Personalize.Engine.Content;

/// <summary>How long a suggestion rests after it was dismissed: a number of months and days, or for good.</summary>
/// <param name="Months">Calendar months.</param>
/// <param name="Days">Days.</param>
/// <param name="IsForGood">True when it never comes back.</param>
public sealed record Rest(int Months, int Days, bool IsForGood)
{
    /// <summary>Never again.</summary>
    public static Rest ForGood { get; } = new(0, 0, true);

    /// <summary>Reads <c>12 months</c>, <c>30 days</c> or <c>for good</c>; null for anything else.</summary>
    public static Rest? TryParse(string? text)
    {
        if (text == "for good")
            return ForGood;
        var parts = text?.Split(' ') ?? [];
        if (parts.Length != 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;
        return parts[1] switch
        {
            "month" or "months" => new Rest(number, 0, false),
            "day" or "days" => new Rest(0, number, false),
            _ => null,
        };
    }

    /// <summary>The day on which it may come back; null for never.</summary>
    public DateOnly? Until(DateOnly from) => IsForGood ? null : from.AddMonths(Months).AddDays(Days);
}
