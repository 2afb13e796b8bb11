using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>Which part of the index of dates, which lies in the order of their beginnings, a comparison can find its rows in.</summary>
/// <param name="From">No span that is not <see cref="Long"/> begins earlier; null for no bound.</param>
/// <param name="Until">All begin before it; null for no bound.</param>
/// <param name="MayBeLong">True when a long span may begin before <paramref name="From"/> and still be met, because it ends late enough.</param>
internal readonly record struct DateBounds(long? From, long? Until, bool MayBeLong)
{
    /// <summary>Longer spans than a day, in milliseconds, have an index by their ends. As it stands in the index <c>dt_long</c>.</summary>
    public const string Long = "hi>lo+86400000";

    private const long Day = 86_400_000;

    /// <summary>The bounds of one comparison.</summary>
    public static DateBounds Of(DateSearch date) => date.Prefix switch
    {
        SearchPrefix.Eq => new(date.Range.From, date.Range.Until, false),
        SearchPrefix.Ge => new(Math.Min(date.Range.From, date.Range.Until - Day), null, true),
        SearchPrefix.Gt => new(date.Range.Until - Day, null, true),
        SearchPrefix.Sa => new(date.Range.Until, null, false),
        SearchPrefix.Lt or SearchPrefix.Eb => new(null, date.Range.From, false),
        SearchPrefix.Le => new(null, date.Range.Until, false),
        SearchPrefix.Ap => new(date.About.From - Day, date.About.Until, true),
        _ => default,
    };

    /// <summary>Where one of several comparisons finds its rows.</summary>
    public static DateBounds Any(IEnumerable<DateSearch> dates) => dates.Select(Of).Aggregate((all, one) => new(
        all.From is { } from && one.From is { } other ? Math.Min(from, other) : null,
        all.Until is { } until && one.Until is { } end ? Math.Max(until, end) : null,
        all.MayBeLong || one.MayBeLong));

    /// <summary>Where both find their rows.</summary>
    public DateBounds And(DateBounds other) => new(
        From is { } from && other.From is { } later ? Math.Max(from, later) : From ?? other.From,
        Until is { } until && other.Until is { } sooner ? Math.Min(until, sooner) : Until ?? other.Until,
        MayBeLong || other.MayBeLong);
}
