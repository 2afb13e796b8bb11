using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Engine.Record;

/// <summary>When something happened or was found, as far as its resource says so.</summary>
/// <param name="Day">The date as written, without time: <c>2026-09-02</c>, <c>2026-09</c> or <c>2026</c>.</param>
/// <param name="At">The moment to sort by; what is unknown (month, day, time, offset) is the earliest, in UTC.</param>
public sealed record ClinicalDate(string Day, DateTimeOffset At)
{
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
    public static ClinicalDate? TryParse(string? text) =>
        FhirDateTime.TryParse(text, out var moment) ? new ClinicalDate(moment.ToDate().ToString(), moment.Earliest(TimeSpan.Zero)) : null;
}
