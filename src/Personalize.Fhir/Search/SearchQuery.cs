using System.Collections.Immutable;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Terminology;

namespace Personalize.Fhir.Search;

/// <summary>What the total of a search is to be. Source: FHIR R4, Search, <c>_total</c>.</summary>
public enum TotalMode
{
    /// <summary>Not said: given where it costs nothing.</summary>
    Unset,
    /// <summary>None.</summary>
    None,
    /// <summary>An estimate is enough.</summary>
    Estimate,
    /// <summary>The exact number.</summary>
    Accurate,
}

/// <summary>One key of <c>_sort</c>.</summary>
/// <param name="Parameter">What to sort by; of type string, token, date, number, quantity, uri or reference.</param>
/// <param name="Descending">True for a leading minus.</param>
public sealed record SortKey(SearchParameter Parameter, bool Descending);

/// <summary>One <c>_include</c> or <c>_revinclude</c>.</summary>
/// <param name="Source">The type that holds the reference; <c>*</c> for any.</param>
/// <param name="Parameter">The reference parameter; null for <c>*</c> (all of them).</param>
/// <param name="TargetType">Only targets of this type; null for all.</param>
/// <param name="IsRepeated">True for <c>:iterate</c>: what was included is looked at as the matches are.</param>
public sealed record Inclusion(string Source, SearchParameter? Parameter, string? TargetType, bool IsRepeated = false);

/// <summary>A search on one resource type, read from the parameters of a URL or a form. Immutable.</summary>
/// <param name="Type">The resource type that is searched.</param>
/// <param name="Clauses">All must hold.</param>
public sealed record SearchQuery(string Type, ImmutableArray<SearchClause> Clauses)
{
    /// <summary>For a search over several types: the same question for each of them; <see cref="Type"/> is then <c>Resource</c>. Empty for one type.</summary>
    public ImmutableArray<SearchQuery> OfTypes { get; init; } = [];

    /// <summary>Only what lies in the compartment of this patient; null for everything.</summary>
    public ResourceId? Compartment { get; init; }

    /// <summary>The order; empty for the order in which the current versions were stored.</summary>
    public ImmutableArray<SortKey> Sort { get; init; } = [];

    /// <summary><c>_count</c>: matches on a page; null when not said.</summary>
    public int? Count { get; init; }

    /// <summary><c>_include</c>.</summary>
    public ImmutableArray<Inclusion> Includes { get; init; } = [];

    /// <summary><c>_revinclude</c>.</summary>
    public ImmutableArray<Inclusion> RevIncludes { get; init; } = [];

    /// <summary><c>_total</c>.</summary>
    public TotalMode Total { get; init; }

    /// <summary>True for <c>_summary=count</c>, or <c>_count=0</c>: no entries, only the total.</summary>
    public bool CountOnly { get; init; }

    /// <summary>The parameters that were used, as they were given: what the self link says.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Self { get; init; } = [];

    /// <summary>Reads parameters (names and values already URL-decoded). Fails with <see cref="Failure.Invalid"/> naming each parameter that is unknown or malformed.</summary>
    /// <param name="type">The resource type that is searched.</param>
    /// <param name="parameters">Names and values in order; <c>_format</c>, <c>_pretty</c>, <c>_elements</c> and <c>_summary</c> other than count are left to the caller but stay in <see cref="Self"/>.</param>
    /// <param name="catalog">The parameters known.</param>
    /// <param name="lenient">True drops unknown parameters instead of failing; they are then missing in <see cref="Self"/>.</param>
    /// <param name="terms">What <c>:in</c>, <c>:not-in</c>, <c>:below</c> and <c>:above</c> know of codes; <see cref="SearchCatalog.Terms"/> when nothing is given.</param>
    /// <param name="now">The time of asking, from which <c>ap</c> on a date takes its measure; without it that prefix is refused.</param>
    public static Outcome<SearchQuery> Parse(string type, IEnumerable<KeyValuePair<string, string>> parameters, SearchCatalog catalog, bool lenient, ValueSets? terms = null, DateTimeOffset? now = null) =>
        new SearchQueryReader(type, catalog, terms ?? catalog.Terms, now).Read(parameters, lenient);

    /// <summary>Reads the parameters of a search over several types; each must be known for all of them. Ordered by nothing but <c>_lastUpdated</c> and <c>_id</c>. Fails as <see cref="Parse(string, IEnumerable{KeyValuePair{string, string}}, SearchCatalog, bool, ValueSets?, DateTimeOffset?)"/>.</summary>
    public static Outcome<SearchQuery> ParseTypes(ImmutableArray<string> types, IReadOnlyCollection<KeyValuePair<string, string>> parameters, SearchCatalog catalog, bool lenient, ValueSets? terms = null, DateTimeOffset? now = null)
    {
        var queries = ImmutableArray.CreateBuilder<SearchQuery>(types.Length);
        foreach (var type in types)
            if (Parse(type, parameters, catalog, lenient, terms, now).TryGet(out var query, out var failure))
                queries.Add(query);
            else
                return failure;
        // What a lenient client asks of some types only is dropped for all.
        KeyValuePair<string, string>[] common = [.. queries[0].Self.Where(p => queries.All(q => q.Self.Contains(p)))];
        if (common.Length < queries.Max(q => q.Self.Length))
            return ParseTypes(types, common, catalog, lenient: false, terms, now);
        return queries.All(q => q.Sort.All(key => key.Parameter.Code is "_lastUpdated" or "_id"))
            ? queries[0] with { Type = "Resource", Clauses = [], OfTypes = queries.ToImmutable() }
            : new Failure.Invalid([Issue.Error("not-supported", "A search over several types is sorted by _lastUpdated and _id alone, which all of them have.")]);
    }

    /// <summary>The same search of nothing but what lies in the compartment of a patient; null for everything.</summary>
    public SearchQuery Within(ResourceId? patient) => this with { Compartment = patient, OfTypes = [.. OfTypes.Select(one => one with { Compartment = patient })] };

    /// <summary>The canonicals of the value sets and code systems that these parameters name by <c>:in</c>, <c>:not-in</c>, <c>:below</c> and <c>:above</c>, each once; a URL that is searched by <c>:below</c> may be among them.</summary>
    public static IReadOnlyList<string> Terms(IEnumerable<KeyValuePair<string, string>> parameters) => CodeReader.Canonicals(parameters);

    /// <summary>Reads the part behind the question mark of a search, such as <c>identifier=s|v</c>; percent escapes are decoded where they stand.</summary>
    public static Outcome<SearchQuery> Parse(string type, string query, SearchCatalog catalog, DateTimeOffset? now = null) =>
        Parse(type, query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Pair), catalog, false, now: now);

    private static KeyValuePair<string, string> Pair(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return at < 0 ? new(Uri.UnescapeDataString(text), "") : new(Uri.UnescapeDataString(text[..at]), Uri.UnescapeDataString(text[(at + 1)..]));
    }
}
