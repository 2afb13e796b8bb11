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

    /// <summary>The links of a page: self, first, and next when there is more. The first page's self says the parameters that were used; later ones are sealed.</summary>
    public static IEnumerable<(string Relation, string Url)> Links(RestRequest request, PagePlace place, SearchMark? next, PageLinks links)
    {
        var address = request.FhirBase + place.Path;
        var first = address + Parameters.Write(place.Parameters);
        string Sealed(SearchMark? mark) => $"{address}?{PageLinks.Parameter}={links.Seal(place, mark)}";
        yield return ("self", place.Mark is null ? first : Sealed(place.Mark));
        yield return ("first", place.Mark is null ? first : Sealed(null));
        if (next is not null)
            yield return ("next", Sealed(next));
    }
}
