using Hl7.Fhir.Model;
using Personalize.App.Fhir;
using FhirTask = Hl7.Fhir.Model.Task;

namespace Personalize.App.Clinician;

/// <summary>A suggestion: its Task, and why it is made.</summary>
public sealed record Suggestion
{
    /// <summary>The Task's id.</summary>
    public required string Id { get; init; }

    /// <summary>The Task's version, for <c>If-Match</c>.</summary>
    public required string Version { get; init; }

    /// <summary>What is suggested, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>One sentence for the clinician.</summary>
    public required string Description { get; init; }

    /// <summary>Where it stands.</summary>
    public required FhirTask.TaskStatus Status { get; init; }

    /// <summary>The higher, the further up.</summary>
    public required decimal Rank { get; init; }

    /// <summary>True for an urgent or asap priority.</summary>
    public required bool Pressing { get; init; }

    /// <summary>When it was offered or answered last, as FHIR writes it.</summary>
    public string? Changed { get; init; }

    /// <summary>The date that belongs to the answer: when it comes back, or when it was done elsewhere.</summary>
    public string? AnswerDate { get; init; }

    /// <summary>The code of the reason it was dismissed for.</summary>
    public string? ReasonCode { get; init; }

    /// <summary>What was written beside that reason.</summary>
    public string? ReasonText { get; init; }

    /// <summary>Why; null when that could not be read.</summary>
    public Explanation? Why { get; init; }

    /// <summary>True for a Task that is one of our suggestions.</summary>
    internal static bool Is(FhirTask task) => task.Code?.Coding.Any(c => c.System == Canonicals.Suggestion) == true;

    internal static Suggestion Of(FhirTask task, IReadOnlyList<Explanation> why)
    {
        var code = task.Code!.Coding.First(c => c.System == Canonicals.Suggestion);
        return new Suggestion
        {
            Id = task.Id!,
            Version = task.Meta?.VersionId ?? "",
            Title = task.Code.Text ?? code.Display ?? code.Code ?? "",
            Description = task.Description ?? "",
            Status = task.Status ?? FhirTask.TaskStatus.Requested,
            Rank = task.GetExtensionValue<FhirDecimal>(Canonicals.SuggestionRank)?.Value ?? 0,
            Pressing = task.Priority is RequestPriority.Urgent or RequestPriority.Asap or RequestPriority.Stat,
            Changed = task.LastModified ?? task.AuthoredOn,
            AnswerDate = task.Status == FhirTask.TaskStatus.OnHold ? task.Restriction?.Period?.Start : task.ExecutionPeriod?.End,
            ReasonCode = task.StatusReason?.Coding.FirstOrDefault(c => c.System == Canonicals.DismissalReason)?.Code,
            ReasonText = task.StatusReason?.Text,
            Why = why.FirstOrDefault(w => w.Task == $"Task/{task.Id}") ?? why.FirstOrDefault(w => w.Task is null && w.Code == code.Code),
        };
    }
}
