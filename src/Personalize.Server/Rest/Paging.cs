using Personalize.Fhir.Primitives;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>Where a page of a search or a history begins, and its links.</summary>
internal static class Paging
{
    /// <summary>The place that a sealed link names, or the first page of what the URL asks for.</summary>
    public static Outcome<PagePlace> Open(RestRequest request, string path, PageLinks links)
    {
        var sealedPlaces = request.Query.Where(p => p.Key == PageLinks.Parameter).ToList();
        if (sealedPlaces.Count == 0)
            return links.First(path, request.Query, request.Access.Actor);
        return sealedPlaces.Count == 1 && request.Query.All(p => p.Key is PageLinks.Parameter or "_format" or "_pretty")
            ? links.Open(sealedPlaces[0].Value, path, request.Access.Actor)
            : new Failure.Invalid("A paging link is followed as it is, without other parameters.");
    }

    // A link grows by some twenty bytes for each page that it can go back.
    private const int MostBack = 30;

    /// <summary>The links of a page: self, first, next when there is more, and previous for up to thirty pages back. The first page's self says the parameters that were used; later ones are sealed.</summary>
    public static IEnumerable<(string Relation, string Url)> Links(RestRequest request, PagePlace place, SearchMark? next, PageLinks links)
    {
        var address = request.FhirBase + place.Path;
        var first = address + Parameters.Write(place.Parameters);
        string Sealed(SearchMark? mark, IEnumerable<string> before) => $"{address}?{PageLinks.Parameter}={links.Seal(place with { Before = [.. before] }, mark)}";
        yield return ("self", place.Mark is null ? first : Sealed(place.Mark, place.Before));
        yield return ("first", place.Mark is null ? first : Sealed(null, []));
        if (next is not null)
            yield return ("next", Sealed(next, place.Before.Append(place.Mark?.Key ?? "").TakeLast(MostBack)));
        // The first page as it was at the commit of this one, not as it is now.
        if (place.Mark is { } here && place.Before.Count > 0)
            yield return ("previous", Sealed(here with { Key = place.Before[^1] }, place.Before.SkipLast(1)));
    }
}
