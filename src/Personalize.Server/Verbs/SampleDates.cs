using System.Globalization;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Server.Verbs;

/// <summary>Moves a sample bundle in time, so that it stays as current as on the day for which it was written. Pure.</summary>
internal static class SampleDates
{
    private const int DayLength = 10;

    /// <summary>Moves every date, dateTime and instant of day precision or finer by the whole days between the bundle's <c>timestamp</c> and today; times of day stay.
    /// Birth dates move too, so that ages stay as written. A resource without timestamp stays as it is.</summary>
    public static ReadOnlyMemory<byte> Move(Resource bundle, DateOnly today)
    {
        if (Day(bundle.Root.Child("timestamp")?.Text) is not { } anchor)
            return bundle.Bytes;
        var days = today.DayNumber - anchor.DayNumber;
        return days == 0 ? bundle.Bytes : Texts.Replace(bundle, element => Moved(element, days));
    }

    private static string? Moved(Element element, int days) =>
        element.Type.Name is "date" or "dateTime" or "instant" && element.Text is { } text && Day(text) is { } day
            ? day.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + text[DayLength..]
            : null;

    private static DateOnly? Day(string? text) => FhirDateTime.TryParse(text, out var moment) ? moment.Day : null;
}
