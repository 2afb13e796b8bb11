using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>The search parameters at one time.</summary>
/// <param name="Number">Grows whenever what can be searched, or what is indexed, changes.</param>
/// <param name="Catalog">The parameters.</param>
/// <param name="Numbers">Their numbers, those of the parts of composites too.</param>
internal sealed record CatalogState(long Number, SearchCatalog Catalog, IReadOnlyDictionary<SearchParameter, long> Numbers)
{
    /// <summary>Why this program may not go on with the database; null when it may.</summary>
    public Failure? Refusal { get; init; }
}

/// <summary>The search parameters that count now, the one place where they are exchanged: an operation reads them when it begins and goes on with these. Only the writer sets them, and never within a commit.</summary>
/// <param name="numbers">Where the numbers of parameters are kept.</param>
internal sealed class LiveCatalog(Numbers numbers)
{
    private volatile CatalogState? _state;

    /// <summary>Numbers of types, texts and parameters.</summary>
    public Numbers Numbers => numbers;

    public SearchCatalog Value => State.Catalog;

    public long Number => State.Number;

    /// <summary>True while there is a parameter to index.</summary>
    public bool IsComing => Refusal is null && Value.HasComing;

    public Failure? Refusal => State.Refusal;

    private CatalogState State => _state ?? throw new InvalidOperationException("The catalog was not read.");

    public void Take(CatalogState state)
    {
        // Before it can be named it has its number.
        numbers.Learn(state.Numbers, state.Catalog.SourceOf);
        _state = state;
    }

    /// <summary>The same parameters, some of which have come further, or are there.</summary>
    /// <param name="number">As <see cref="CatalogState.Number"/>.</param>
    /// <param name="coming">Those that are not there yet.</param>
    public void Take(long number, IEnumerable<ComingParameter> coming) => _state = State with { Number = number, Catalog = Value.WithComing(coming) };
}
