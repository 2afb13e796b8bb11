using System.Collections.Immutable;
using Hl7.Fhir.Model;
using Personalize.Engine.Content;
using Personalize.Fhir.Primitives;
using Stored = Personalize.Fhir.Elements.Resource;

namespace Personalize.Engine.Writing;

/// <summary>The Provenance of a suggestion: which rule in which version, and the resources used.</summary>
internal static class OfferProvenance
{
    private const string OperationSystem = "http://terminology.hl7.org/CodeSystem/v3-DataOperation";

    public static void Fill(Provenance provenance, SuggestionRule rule, ResourceId patient, ImmutableArray<Stored> used)
    {
        // With the Patient among its targets it lies in the patient's compartment, as the Task does.
        provenance.Target = [new ResourceReference($"Task/{provenance.Id}"), new ResourceReference($"Patient/{patient}")];
        provenance.Policy = [rule.Canonical];
        provenance.Activity = new CodeableConcept(OperationSystem, "CREATE");
        provenance.Agent = [new Provenance.AgentComponent { Who = new ResourceReference(Canonicals.EngineDevice) }];
        provenance.Entity =
        [
            .. used.Select(resource => new Provenance.EntityComponent { Role = Provenance.ProvenanceEntityRole.Source, What = OfferTask.Reference(resource) }),
        ];
    }
}
