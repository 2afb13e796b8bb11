using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Search;

/// <summary>Finds the values of all search parameters in a resource. Pure.</summary>
public static class Indexing
{
    /// <summary>All values, each once; <c>_id</c> and <c>_lastUpdated</c> are left out (the row of the resource has them).</summary>
    public static IReadOnlyList<IndexValue> Extract(Resource resource, SearchCatalog catalog) => throw new NotImplementedException();

    /// <summary>The ids of the patients in whose compartment the resource lies (R4's CompartmentDefinition for Patient); a Patient lies in its own.</summary>
    public static ImmutableArray<ResourceId> Patients(Resource resource, SearchCatalog catalog) => throw new NotImplementedException();
}
