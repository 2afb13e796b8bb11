using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Search;

/// <summary>Says in memory whether a resource matches a query: the meaning that the store's SQL must have. Pure.</summary>
public static class Matching
{
    /// <summary>True when every clause holds. Sort, paging and includes are not looked at.</summary>
    /// <param name="resource">As stored, with its id and meta.</param>
    /// <param name="query">The query.</param>
    /// <param name="catalog">The catalog that the query was read with.</param>
    /// <param name="find">Finds the target of a reference for chains; null finds none.</param>
    /// <param name="referrers">Lists the resources of a type that may refer to this one, for <c>_has</c>; null lists none.</param>
    public static bool Matches(Resource resource, SearchQuery query, SearchCatalog catalog, Func<ResourceKey, Resource?>? find = null, Func<string, IEnumerable<Resource>>? referrers = null) =>
        throw new NotImplementedException();
}
