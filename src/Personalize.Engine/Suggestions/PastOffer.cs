using System.Collections.Immutable;
using Personalize.Engine.Content;
using Personalize.Engine.Record;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Engine.Suggestions;

/// <summary>A suggestion's Task as it is on file: what was offered, and what became of it.</summary>
/// <param name="Id">The Task's id.</param>
/// <param name="Rule">The rule's code.</param>
/// <param name="Status">The Task's status.</param>
/// <param name="Reason">The code of the reason for which it was dismissed, or null.</param>
/// <param name="ReturnsOn">The day on which a deferred one comes back, or null.</param>
/// <param name="ClosedOn">The day on which it was done elsewhere, or the Task last changed; null when it says neither.</param>
public sealed record PastOffer(string Id, string Rule, string Status, string? Reason, DateOnly? ReturnsOn, DateOnly? ClosedOn)
{
    /// <summary>True while it is offered or deferred.</summary>
    public bool IsOpen => Status is "requested" or "on-hold";

    /// <summary>True while it is deferred to a later day.</summary>
    public bool IsDeferred(DateOnly today) => Status == "on-hold" && ReturnsOn > today;

    /// <summary>True when somebody decided on it.</summary>
    public bool IsDecided => !IsOpen && Status != "cancelled";

    /// <summary>The suggestions' Tasks in a record.</summary>
    public static ImmutableArray<PastOffer> In(PatientRecord record) =>
        [.. record.Offered.Where(resource => resource.Type == "Task").Select(Read).OfType<PastOffer>().OrderBy(offer => offer.Id, StringComparer.Ordinal)];

    private static PastOffer? Read(Resource task)
    {
        var root = task.Root;
        var coding = root.At("code")?.Children("coding").Where(coding => coding.TextAt("system") == Canonicals.SuggestionSystem).Select(coding => coding.TextAt("code")).FirstOrDefault();
        return coding is null ? null : new PastOffer(
            task.Id!.ToString(), coding, root.TextAt("status") ?? "", ReasonOf(root), Day(root.TextAt("restriction", "period", "start")),
            Day(root.TextAt("executionPeriod", "end")) ?? Day(root.TextAt("lastModified")) ?? Day(root.TextAt("authoredOn")));
    }

    private static string? ReasonOf(Element root) => root.At("statusReason")?.Children("coding")
        .Where(coding => coding.TextAt("system") == Canonicals.DismissalReasonSystem).Select(coding => coding.TextAt("code")).FirstOrDefault();

    private static DateOnly? Day(string? text) => FhirDateTime.TryParse(text, out var moment) ? moment.Day : null;

    /// <summary>The first day on which the rule may offer again after this one; null for never; the first of all days when this one does not stand in the way.</summary>
    public DateOnly? RestsUntil(Knowledge knowledge, DateOnly today) => Status switch
    {
        "rejected" => knowledge.RestOf(Reason).Until(ClosedOn ?? today),
        "completed" => knowledge.RestOf("already-done").Until(ClosedOn ?? today),
        // What was accepted is under way: it comes back, if at all, no sooner than what was put off.
        "requested" or "on-hold" or "cancelled" => DateOnly.MinValue,
        _ => knowledge.RestOf("not-now").Until(ClosedOn ?? today),
    };
}
