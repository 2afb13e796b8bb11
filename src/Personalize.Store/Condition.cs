using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store;

/// <summary>Reads the searches that stand in place of an id: <c>If-None-Exist</c>, and the parameters of an update, patch or delete by condition. Source: http://hl7.org/fhir/R4/http.html#ccreate, #cond-update, #3.1.0.7.1.</summary>
public static class Condition
{
    /// <summary>So many resources one deletion by condition takes away at the most.</summary>
    public const int MostDeletions = 1_000;

    /// <summary>Reads <c>identifier=s|v</c>, with or without a question mark before it. Fails with <see cref="Failure.Invalid"/> on a parameter that is unknown, and on a search that names nothing.</summary>
    public static Outcome<SearchQuery> Read(string type, string text, SearchCatalog catalog) => Narrow(SearchQuery.Parse(type, text.TrimStart('?'), catalog));

    /// <summary>The same for parameters that are decoded already; those that say how to answer are left out.</summary>
    public static Outcome<SearchQuery> Read(string type, IEnumerable<KeyValuePair<string, string>> parameters, SearchCatalog catalog) =>
        Narrow(SearchQuery.Parse(type, parameters.Where(p => p.Key is not ("_format" or "_pretty")), catalog, lenient: false));

    /// <summary>How many resources a deletion by this condition may take away: as many as its <c>_count</c> says, else one.</summary>
    public static int MostOf(SearchQuery condition) => Math.Clamp(condition.Count ?? 1, 1, MostDeletions);

    private static Outcome<SearchQuery> Narrow(Outcome<SearchQuery> read) =>
        read.Then<SearchQuery>(query => query.Clauses.IsEmpty ? new Failure.Invalid("The condition names no search parameter.") : query);
}
