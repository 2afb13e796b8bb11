using System.Globalization;
using Personalize.Fhir.Elements;

namespace Personalize.Engine.Record;

/// <summary>When something happened or was found, as far as its resource says so.</summary>
/// <param name="Day">The date as written, without time: <c>2026-09-02</c>, <c>2026-09</c> or <c>2026</c>.</param>
/// <param name="At">The moment to sort by; what is unknown (month, day, time, offset) is the earliest, in UTC.</param>
public sealed record ClinicalDate(string Day, DateTimeOffset At)
{
    private const int DayLength = 10;

    // In the order in which a clinician would ask: when it was, when it began, when it was written down.
    private static readonly string[] _names =
    [
        "effective", "occurrence", "performed", "sent", "received", "start", "onset", "authored", "authoredOn",
        "period", "dateTime", "date", "issued", "recordedDate", "recorded", "startDate", "created",
    ];

    /// <summary>The date of a resource: what it tells, else when the server stored it; null when it says neither.</summary>
    public static ClinicalDate? Of(Resource resource)
    {
        foreach (var name in _names)
            if (resource.Root.Child(name) is { } element && OfElement(element) is { } date)
                return date;
        return TryParse(resource.Root.TextAt("meta", "lastUpdated"));
    }

    private static ClinicalDate? OfElement(Element element) =>
        TryParse(element.Text ?? element.TextAt("start") ?? element.TextAt("end") ?? element.TextAt("event"));

    /// <summary>Reads a FHIR date, dateTime or instant; null when it is none.</summary>
    public static ClinicalDate? TryParse(string? text) => text?.Length switch
    {
        null => null,
        4 => Partial(text, text + "-01-01"),
        7 => Partial(text, text + "-01"),
        DayLength => Partial(text, text),
        > DayLength => Moment(text),
        _ => null,
    };

    private static ClinicalDate? Partial(string text, string day) =>
        DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? new ClinicalDate(text, new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero))
            : null;

    private static ClinicalDate? Moment(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? new ClinicalDate(text[..DayLength], moment)
            : null;
}
