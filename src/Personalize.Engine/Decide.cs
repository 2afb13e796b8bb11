using System.Collections.Immutable;
using Personalize.Engine.Content;
using Personalize.Engine.Facts;
using Personalize.Engine.Preferences;
using Personalize.Engine.Record;
using Personalize.Engine.Segments;
using Personalize.Engine.Suggestions;
using Personalize.Engine.Writing;
using Personalize.Fhir.Primitives;

namespace Personalize.Engine;

/// <summary>What is good for this patient: a record goes in, results and proposals come out. Pure.</summary>
public static class Decide
{
    /// <summary>Works everything out.</summary>
    /// <param name="record">What is on file.</param>
    /// <param name="knowledge">What is known.</param>
    /// <param name="now">The time in the practice's time zone.</param>
    /// <param name="memberships">The segments that the patient is in so far.</param>
    public static Decision For(PatientRecord record, Knowledge knowledge, DateTimeOffset now, IReadOnlyList<CurrentMembership> memberships)
    {
        var today = DateOnly.FromDateTime(now.DateTime);
        var evaluation = new Evaluation(record, knowledge.ValueSets, now);
        var facts = FactSheet.Of(knowledge, evaluation);
        ImmutableArray<SegmentResult> segments = [.. knowledge.Segments.Select(segment =>
            SegmentResult.Of(segment, facts, evaluation, record.IsActive, memberships.FirstOrDefault(membership => membership.Segment == segment.Code), today))];
        var preferences = new PreferenceFinding(knowledge, facts, evaluation);
        ImmutableArray<PreferenceResult> preferred = [.. knowledge.Preferences.SelectMany(preferences.Find)];
        var finding = new SuggestionFinding(record, knowledge, facts, segments, evaluation, today);
        var suggestions = finding.Find();
        return new Decision(
            facts, segments, preferred, suggestions, Proposals(record, segments, preferred, suggestions, finding, now),
            SegmentResult.Moves(segments, memberships, today), PackedFacts.Pack(facts));
    }

    private static ImmutableArray<Proposal> Proposals(
        PatientRecord record, ImmutableArray<SegmentResult> segments, ImmutableArray<PreferenceResult> preferences,
        ImmutableArray<SuggestionResult> suggestions, SuggestionFinding finding, DateTimeOffset now)
    {
        var writing = new OfferWriting(record, now);
        foreach (var suggestion in suggestions.Where(suggestion => suggestion.IsOffered))
            writing.Offer(suggestion);
        foreach (var offer in suggestions.SelectMany(suggestion => suggestion.Course.Withdrawn).Concat(finding.Orphans()))
            writing.Withdraw(offer);
        foreach (var offer in finding.TurnedDown())
            writing.Revoke(offer);
        return PatientEdit.Apply(record.Patient, segments, preferences) is { } patient
            ? [Patient(record, patient), .. writing.Proposals]
            : writing.Proposals;
    }

    private static Proposal Patient(PatientRecord record, ReadOnlyMemory<byte> json) =>
        new(new ResourceKey("Patient", record.Id), json, record.Patient.Root.TextAt("meta", "versionId"));
}
