using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Search;

/// <summary>Dates and times as the span that their precision covers, to the millisecond. What has no zone is read as UTC.</summary>
internal static class SearchDates
{
    /// <summary>Reads <c>2026</c>, <c>2026-05</c>, <c>2026-05-17</c>, <c>2026-05-17T10:30</c>, with seconds, fractions and zone. A plus that a URL turned into a space still counts.</summary>
    public static bool TryParse(string text, out TimeRange range)
    {
        range = default;
        // FHIRPath knows times that end with the T or the hour; FHIR does not.
        if (text.EndsWith('T') || !FhirDateTime.TryParse(text.Replace(' ', '+'), out var moment) || moment.Precision == TemporalPrecision.Hour)
            return false;
        var isLast = moment.LocalUntil == DateTime.MaxValue;
        range = new(moment.Earliest(default).ToUnixTimeMilliseconds(), isLast ? long.MaxValue : moment.Until(default).ToUnixTimeMilliseconds());
        return true;
    }
}
