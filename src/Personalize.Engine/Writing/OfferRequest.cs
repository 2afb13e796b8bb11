using System.Collections.Immutable;
using Hl7.Fhir.Model;
using Personalize.Engine.Content;
using Personalize.Fhir.Primitives;
using Stored = Personalize.Fhir.Elements.Resource;

namespace Personalize.Engine.Writing;

/// <summary>The requests of a suggestion: drafts and proposals, never orders.</summary>
internal static class OfferRequest
{
    public static RequestPriority PriorityOf(SuggestionRule rule) => rule.Offer.Priority switch
    {
        "urgent" => RequestPriority.Urgent,
        "asap" => RequestPriority.Asap,
        "stat" => RequestPriority.Stat,
        _ => RequestPriority.Routine,
    };

    public static void Fill(RequestGroup group, SuggestionRule rule, ResourceId patient)
    {
        group.InstantiatesCanonical = [rule.Canonical];
        (group.Status, group.Intent, group.Priority) = (RequestStatus.Draft, RequestIntent.Proposal, PriorityOf(rule));
        group.Subject = PatientOf(patient);
        group.Author = new ResourceReference(Canonicals.EngineDevice);
        group.Action = [ActionOf(rule, group.Id)];
    }

    public static void Fill(ServiceRequest request, SuggestionRule rule, ResourceId patient, ImmutableArray<Stored> used)
    {
        request.InstantiatesCanonical = [rule.Canonical];
        (request.Status, request.Intent, request.Priority) = (RequestStatus.Draft, RequestIntent.Proposal, PriorityOf(rule));
        request.Code = ConceptOf(rule.Offer.Code);
        request.Subject = PatientOf(patient);
        request.Requester = new ResourceReference(Canonicals.EngineDevice);
        request.SupportingInfo = [.. used.Select(OfferTask.Reference)];
    }

    public static void Fill(CommunicationRequest request, SuggestionRule rule, ResourceId patient)
    {
        request.BasedOn = [new ResourceReference($"RequestGroup/{request.Id}")];
        (request.Status, request.Priority) = (RequestStatus.Draft, PriorityOf(rule));
        request.Subject = PatientOf(patient);
        request.Recipient = [PatientOf(patient)];
        request.Payload = [new CommunicationRequest.PayloadComponent { Content = new FhirString(rule.Usage ?? rule.Offer.Text ?? rule.Description) }];
    }

    // rqg-1 wants a resource or further actions: where no request is drafted, the Task itself is what there is to do.
    private static RequestGroup.ActionComponent ActionOf(SuggestionRule rule, string? id) => new()
    {
        Title = rule.Offer.Title,
        Description = rule.Usage ?? rule.Offer.Text,
        Priority = PriorityOf(rule),
        Documentation = [.. rule.Citations.Select(DocumentationOf)],
        Resource = new ResourceReference($"{rule.Offer.Kind}/{id}"),
    };

    private static RelatedArtifact DocumentationOf(Citation citation) => new()
    {
        Type = RelatedArtifact.RelatedArtifactType.Citation,
        Label = citation.Grade,
        Citation = citation.Text,
        Url = citation.Url,
    };

    private static CodeableConcept? ConceptOf(Concept? concept) => concept is null ? null : new CodeableConcept
    {
        Coding = [.. concept.Codings.Select(coding => new Coding(coding.System, coding.Code, coding.Display))],
        Text = concept.Text,
    };

    private static ResourceReference PatientOf(ResourceId patient) => new($"Patient/{patient}");
}
