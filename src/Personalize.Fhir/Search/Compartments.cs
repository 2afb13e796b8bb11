using System.Collections.Immutable;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Search;

/// <summary>The patients to whose record a resource belongs. Pure.</summary>
public static class Compartments
{
    /// <summary>The ids of the patients in whose compartment a resource lies (R4's CompartmentDefinition for Patient); a Patient lies in its own.</summary>
    /// <param name="type">The resource's type.</param>
    /// <param name="id">Its id; null when it has none yet.</param>
    /// <param name="values">The values of its search parameters.</param>
    /// <param name="catalog">The catalog that they were taken with.</param>
    public static ImmutableArray<ResourceId> Patients(string type, ResourceId? id, IndexEntries values, SearchCatalog catalog)
    {
        var codes = catalog.PatientCompartment(type);
        var patients = new List<ResourceId>();
        if (type == "Patient" && id is not null)
            patients.Add(id);
        if (!codes.IsEmpty)
            foreach (ref readonly var value in values.All)
                if (value.Kind == IndexKind.Reference && values.Bytes(value.Scope).Span.SequenceEqual("Patient"u8) && codes.Contains(values.Parameter(value).Code)
                    && ResourceId.Of(values.Text(value.Main)) is var patient && !patients.Contains(patient))
                    patients.Add(patient);
        return [.. patients];
    }
}
