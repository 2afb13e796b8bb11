using System.Globalization;
using Personalize.Engine.Content;

namespace Personalize.Engine.Suggestions;

/// <summary>Names calendar periods: <c>once</c>, <c>2026</c>, <c>2026-H1</c>, <c>2026-11</c>.</summary>
public static class Period
{
    /// <summary>The period in which a day lies.</summary>
    public static string Of(OfferPeriod period, DateOnly day) => period switch
    {
        OfferPeriod.Once => "once",
        OfferPeriod.Year => day.ToString("yyyy", CultureInfo.InvariantCulture),
        OfferPeriod.HalfYear => $"{day.ToString("yyyy", CultureInfo.InvariantCulture)}-H{(day.Month <= 6 ? 1 : 2)}",
        _ => day.ToString("yyyy-MM", CultureInfo.InvariantCulture),
    };
}
