using System.Collections.Immutable;
using System.Globalization;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>Goes through the compartment of a patient type by type, at one commit; what the access may not search is passed over.</summary>
/// <param name="services">The store, and what is composed.</param>
/// <param name="access">Who asks.</param>
/// <param name="types">The types, in their order.</param>
internal sealed class CompartmentWalk(RestServices services, Access access, ImmutableArray<string> types)
{
    // Between the place among the types and the mark inside one.
    private const char Divider = '|';

    /// <summary>A page. Fails with <see cref="Failure.Invalid"/> on a mark of something else, and as a search does.</summary>
    /// <param name="ofType">The question for a type, without the number of matches.</param>
    /// <param name="count">Matches on the page.</param>
    /// <param name="from">Where the page before ended; null for the first.</param>
    /// <param name="ct">Gives up.</param>
    public async ValueTask<Outcome<SearchPage>> Page(Func<string, SearchQuery> ofType, int count, SearchMark? from, CancellationToken ct)
    {
        if (Place(from) is not { } place)
            return new Failure.Invalid("The page mark is malformed.");
        var (at, inner, t, total) = (place.At, place.Inner, from?.T, (long?)0);
        var (matches, includes) = (new List<Stored>(), new Dictionary<ResourceKey, Stored>());
        while (at < types.Length && matches.Count < count)
        {
            var next = (SearchMark?)null;
            if (access.Of(types[at], Rights.Search) != Reach.None)
            {
                var query = ofType(types[at]) with { Count = count - matches.Count };
                if (!(await Search.Found(access, query, t is null ? null : new SearchMark(t.Value, inner), services, ct)).TryGet(out var page, out var failure))
                    return failure;
                (t, next, total) = (page.T, page.Next, total + page.Total);
                matches.AddRange(page.Matches);
                foreach (var include in page.Includes)
                    includes.TryAdd(include.Key, include);
            }
            (at, inner) = next is null ? (at + 1, "") : (at, next.Key);
        }
        var mark = at < types.Length ? new SearchMark(t!.Value, string.Create(CultureInfo.InvariantCulture, $"{at}{Divider}{inner}")) : null;
        return new SearchPage([.. matches], [.. includes.Values], mark, from is null && mark is null ? total : null, t ?? services.Store.T);
    }

    private (int At, string Inner)? Place(SearchMark? mark)
    {
        if (mark is null or { Key: "" })
            return (0, "");
        var cut = mark.Key.IndexOf(Divider, StringComparison.Ordinal);
        return cut > 0 && int.TryParse(mark.Key.AsSpan(0, cut), NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < types.Length ? (at, mark.Key[(cut + 1)..]) : null;
    }
}
