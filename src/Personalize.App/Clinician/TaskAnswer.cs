using Hl7.Fhir.Model;
using Personalize.App.Fhir;
using FhirTask = Hl7.Fhir.Model.Task;

namespace Personalize.App.Clinician;

/// <summary>What a clinician says to a suggestion.</summary>
internal abstract record TaskAnswer
{
    /// <summary>It will be done.</summary>
    public sealed record Accept : TaskAnswer;

    /// <summary>Later: it comes back on that date.</summary>
    public sealed record Defer(DateOnly Until) : TaskAnswer;

    /// <summary>No, for that reason.</summary>
    public sealed record Dismiss(string Reason, string Note) : TaskAnswer;

    /// <summary>It was done elsewhere on that date.</summary>
    public sealed record DoneElsewhere(DateOnly On) : TaskAnswer;

    /// <summary>The last answer is taken back.</summary>
    public sealed record Undo : TaskAnswer;

    /// <summary>The codes of <c>dismissal-reason</c>, in the order that they are offered.</summary>
    public static readonly IReadOnlyList<string> Reasons = ["patient-declined", "not-appropriate", "already-done", "not-now", "data-wrong", "other"];

    private const int LongestNote = 500;

    /// <summary>Reads an answer out of a form; null when a part is missing or makes no sense on that day.</summary>
    public static TaskAnswer? Read(string? answer, string? date, string? reason, string? note, DateOnly today)
    {
        var on = DateOnly.TryParseExact(date, "yyyy-MM-dd", out var parsed) ? parsed : (DateOnly?)null;
        return answer switch
        {
            "accept" => new Accept(),
            "defer" when on > today && on <= today.AddYears(2) => new Defer(on.Value),
            "dismiss" when reason is not null && Reasons.Contains(reason) && (note?.Length ?? 0) <= LongestNote => new Dismiss(reason, note?.Trim() ?? ""),
            "done" when on <= today && on > today.AddYears(-20) => new DoneElsewhere(on.Value),
            "undo" => new Undo(),
            _ => null,
        };
    }

    /// <summary>Puts the answer into the Task: its state is the answer, and an older answer is gone.</summary>
    public void Apply(FhirTask task, string user, DateTimeOffset now)
    {
        (task.Owner, task.StatusReason, task.Restriction, task.ExecutionPeriod) = (null, null, null, null);
        task.LastModifiedElement = new FhirDateTime(now);
        switch (this)
        {
            case Accept:
                task.Status = FhirTask.TaskStatus.Accepted;
                task.Owner = user.Length > 0 ? new ResourceReference(user) : null;
                break;
            case Defer later:
                task.Status = FhirTask.TaskStatus.OnHold;
                task.Restriction = new FhirTask.RestrictionComponent { Period = new Period { Start = Written(later.Until) } };
                break;
            case Dismiss no:
                task.Status = FhirTask.TaskStatus.Rejected;
                task.StatusReason = new CodeableConcept(Canonicals.DismissalReason, no.Reason) { Text = no.Note.Length > 0 ? no.Note : null };
                break;
            case DoneElsewhere done:
                task.Status = FhirTask.TaskStatus.Completed;
                task.ExecutionPeriod = new Period { End = Written(done.On) };
                break;
            case Undo:
                task.Status = FhirTask.TaskStatus.Requested;
                break;
        }
    }

    private static string Written(DateOnly date) => date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
