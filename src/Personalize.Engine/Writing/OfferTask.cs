using System.Collections.Immutable;
using Hl7.Fhir.Model;
using Personalize.Engine.Content;
using Personalize.Engine.Record;
using Personalize.Engine.Suggestions;
using Personalize.Fhir.Primitives;
using Stored = Personalize.Fhir.Elements.Resource;
using Task = Hl7.Fhir.Model.Task;

namespace Personalize.Engine.Writing;

/// <summary>The Task of a suggestion: its state.</summary>
internal static class OfferTask
{
    private const string Evidence = "evidence";
    private const string Withdrawn = "Its conditions no longer hold.";

    /// <summary>Makes the Task that of an offered suggestion; what others added (notes, other inputs) stays.</summary>
    public static void Fill(Task task, SuggestionResult suggestion, ResourceId patient, ImmutableArray<Stored> used)
    {
        var rule = suggestion.Rule;
        task.Meta ??= new Meta();
        if (!task.Meta.Profile.Contains(Canonicals.SuggestionTask))
            task.Meta.Profile = [.. task.Meta.Profile, Canonicals.SuggestionTask];
        task.SetExtension(Canonicals.SuggestionRank, new FhirDecimal(rule.Rank));
        task.InstantiatesCanonical = rule.Canonical;
        (task.Status, task.StatusReason, task.Restriction) = (Task.TaskStatus.Requested, null, null);
        task.Intent = Task.TaskIntent.Proposal;
        task.Priority = OfferRequest.PriorityOf(rule);
        task.Code = new CodeableConcept { Coding = [new Coding(Canonicals.SuggestionSystem, rule.Code)], Text = rule.Title };
        task.Description = rule.Description;
        task.Focus = new ResourceReference($"RequestGroup/{task.Id}");
        task.For = new ResourceReference($"Patient/{patient}");
        task.Requester = new ResourceReference(Canonicals.EngineDevice);
        task.Input = [.. used.Select(EvidenceOf), .. task.Input.Where(input => !IsEvidence(input))];
    }

    /// <summary>Makes it a withdrawn one.</summary>
    public static void Cancel(Task task) =>
        (task.Status, task.StatusReason, task.Restriction) = (Task.TaskStatus.Cancelled, new CodeableConcept { Text = Withdrawn }, null);

    /// <summary>A reference to a used resource, with its short text.</summary>
    public static ResourceReference Reference(Stored used) => new($"{used.Type}/{used.Id}", UsedText.Of(used));

    private static Task.ParameterComponent EvidenceOf(Stored used) => new()
    {
        Type = new CodeableConcept(Canonicals.SuggestionInputSystem, Evidence),
        Value = Reference(used),
    };

    private static bool IsEvidence(Task.ParameterComponent input) =>
        input.Type?.Coding.Any(coding => coding.System == Canonicals.SuggestionInputSystem && coding.Code == Evidence) == true;
}
