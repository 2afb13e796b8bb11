using System.Collections.Immutable;
using Personalize.Engine.Content;
using Personalize.Engine.Facts;
using Personalize.Fhir.Elements;

namespace Personalize.Engine.Suggestions;

/// <summary>Whether a rule's conditions hold for a patient, why, and what becomes of its suggestion.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Holds">True, false, or null when it cannot be told.</param>
/// <param name="Conditions">Each condition in words.</param>
/// <param name="Facts">The facts and segments that were looked at.</param>
/// <param name="Course">What becomes of the suggestion.</param>
/// <param name="Status">The status of the Task after that: requested, on-hold, accepted, ...; null when there is no Task.</param>
public sealed record SuggestionResult(
    SuggestionRule Rule, bool? Holds, ImmutableArray<Reason> Conditions, ImmutableArray<Reason> Facts, Course Course, string? Status)
{
    /// <summary>The resources that it rests on.</summary>
    public ImmutableArray<Resource> Used => Reasons.Used(Facts);

    /// <summary>Titles of what is not on file.</summary>
    public ImmutableArray<string> Missing => Reasons.Missing(Facts);

    /// <summary>True when it stands as offered.</summary>
    public bool IsOffered => Course.Offered is not null;
}
