using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Search;

/// <summary>Every search parameter that is known: R4's own (<c>r4.search</c>) and added SearchParameter resources. One catalog drives the index writer, the query builder and the matcher. Immutable.</summary>
public sealed class SearchCatalog
{
    /// <summary>R4's own parameters.</summary>
    public static SearchCatalog R4 => throw new NotImplementedException();

    /// <summary>A text that changes when any parameter changes: equal fingerprints mean equal index values.</summary>
    public string Fingerprint => throw new NotImplementedException();

    /// <summary>The catalog with SearchParameter resources added; one of the same type and code takes the place of the older one.
    /// Fails with <see cref="Failure.Invalid"/> on a resource of another type, an unknown base, or an expression that does not parse.</summary>
    public Outcome<SearchCatalog> With(IEnumerable<Resource> searchParameters) => throw new NotImplementedException();

    /// <summary>The parameter of that name on that type (those of all resources included), or null.</summary>
    public SearchParameter? Find(string resourceType, string code) => throw new NotImplementedException();

    /// <summary>All parameters of a type, those of all resources included, sorted by code.</summary>
    public ImmutableArray<SearchParameter> For(string resourceType) => throw new NotImplementedException();
}
