using System.Collections.Frozen;
using Personalize.Fhir.Primitives;
using Personalize.Store;

namespace Personalize.Server.Smart;

/// <summary>Turns scopes into what the store understands.</summary>
public static class ScopeAccess
{
    // Directory and knowledge: types outside every patient compartment that say nothing of any patient.
    private static readonly FrozenSet<string> _shared = FrozenSet.ToFrozenSet(
    [
        "ActivityDefinition", "CapabilityStatement", "CodeSystem", "ConceptMap", "HealthcareService", "Library", "Location", "Medication",
        "Organization", "PlanDefinition", "Practitioner", "PractitionerRole", "Questionnaire", "SearchParameter", "StructureDefinition", "ValueSet",
    ]);

    /// <summary>The access that these scopes give: the union of them all.</summary>
    /// <param name="actor">Who acts, such as <c>Practitioner/x</c>.</param>
    /// <param name="scopes">The scopes of the token.</param>
    /// <param name="patient">The patient of the launch, if any; without one, <c>patient/</c> scopes reach nothing.</param>
    public static Access Of(string actor, Scopes scopes, ResourceId? patient) => new(actor, [.. scopes.Resources.Select(GrantOf)], patient);

    // A patient/ scope ends at the patient's compartment. One that names a shared type may read it too: what a chart refers to (its practitioners,
    // its places) is not in the chart. A patient/*. scope never reaches outside.
    private static Grant GrantOf(ResourceScope scope) => scope.Level switch
    {
        ScopeLevel.User => new Grant(scope.Type, scope.Rights, InCompartment: false),
        _ when _shared.Contains(scope.Type) => new Grant(scope.Type, scope.Rights & (Rights.Read | Rights.Search), InCompartment: false),
        _ => new Grant(scope.Type, scope.Rights, InCompartment: true),
    };
}
