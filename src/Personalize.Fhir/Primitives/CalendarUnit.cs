namespace Personalize.Fhir.Primitives;

/// <summary>The units in which dates are counted. Source: FHIRPath 2.0, time-valued quantities.</summary>
public enum CalendarUnit
{
    /// <summary>A calendar year.</summary>
    Year,
    /// <summary>A calendar month.</summary>
    Month,
    /// <summary>Seven days.</summary>
    Week,
    /// <summary>A day.</summary>
    Day,
    /// <summary>An hour.</summary>
    Hour,
    /// <summary>A minute.</summary>
    Minute,
    /// <summary>A second.</summary>
    Second,
    /// <summary>A thousandth of a second.</summary>
    Millisecond,
}

/// <summary>Words and UCUM codes for calendar units.</summary>
public static class CalendarUnits
{
    /// <summary>The unit of a word (<c>year</c>, <c>years</c>) or of a UCUM code that means the same (<c>wk</c>, <c>d</c>, <c>h</c>, <c>min</c>, <c>s</c>, <c>ms</c>);
    /// null for others. UCUM's <c>a</c> and <c>mo</c> are none: they are 365.25 and 30.4375 days.</summary>
    public static CalendarUnit? Of(string unit) => unit switch
    {
        "wk" => CalendarUnit.Week,
        "d" => CalendarUnit.Day,
        "h" => CalendarUnit.Hour,
        "min" => CalendarUnit.Minute,
        "s" => CalendarUnit.Second,
        "ms" => CalendarUnit.Millisecond,
        _ => OfWord(unit),
    };

    /// <summary>The unit of an English word, singular or plural; null for others.</summary>
    public static CalendarUnit? OfWord(string word) => word switch
    {
        "year" or "years" => CalendarUnit.Year,
        "month" or "months" => CalendarUnit.Month,
        "week" or "weeks" => CalendarUnit.Week,
        "day" or "days" => CalendarUnit.Day,
        "hour" or "hours" => CalendarUnit.Hour,
        "minute" or "minutes" => CalendarUnit.Minute,
        "second" or "seconds" => CalendarUnit.Second,
        "millisecond" or "milliseconds" => CalendarUnit.Millisecond,
        _ => null,
    };

    internal static decimal Milliseconds(CalendarUnit unit) => unit switch
    {
        CalendarUnit.Week => 604_800_000m,
        CalendarUnit.Day => 86_400_000m,
        CalendarUnit.Hour => 3_600_000m,
        CalendarUnit.Minute => 60_000m,
        CalendarUnit.Second => 1_000m,
        CalendarUnit.Millisecond => 1m,
        _ => throw new ArgumentOutOfRangeException(nameof(unit), "Years and months have no fixed length."),
    };
}
