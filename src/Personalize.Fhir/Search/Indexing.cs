using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Search;

/// <summary>Finds the values of all search parameters in a resource. Pure.</summary>
public static class Indexing
{
    [ThreadStatic] private static IndexEntries? _entries;

    /// <summary>All values, each once; <c>_id</c> and <c>_lastUpdated</c> are left out (the row of the resource has them). Each is an object of its own; <see cref="IndexEntries"/> does without.</summary>
    public static IReadOnlyList<IndexValue> Extract(Resource resource, SearchCatalog catalog)
    {
        var entries = _entries ??= new();
        entries.Fill(resource, catalog);
        var values = new HashSet<IndexValue>(entries.Count);
        foreach (ref readonly var entry in entries.All)
            values.Add(entries.Value(entry));
        return [.. values];
    }

    /// <summary>The ids of the patients in whose compartment a resource lies (R4's CompartmentDefinition for Patient); a Patient lies in its own.</summary>
    /// <param name="type">The resource's type.</param>
    /// <param name="id">Its id; null when it has none yet.</param>
    /// <param name="values">What <see cref="Extract"/> gave.</param>
    /// <param name="catalog">The catalog that they were taken with.</param>
    public static ImmutableArray<ResourceId> Patients(string type, ResourceId? id, IReadOnlyList<IndexValue> values, SearchCatalog catalog)
    {
        var codes = catalog.PatientCompartment(type);
        var patients = type == "Patient" && id is not null ? ImmutableArray.Create(id) : [];
        if (codes.IsEmpty)
            return patients;
        var named = values.OfType<ReferenceIndex>().Where(r => r is { IsUrl: false, Type: "Patient" } && codes.Contains(r.Parameter.Code)).Select(r => ResourceId.Of(r.Target));
        return [.. patients.Concat(named).Distinct()];
    }
}
