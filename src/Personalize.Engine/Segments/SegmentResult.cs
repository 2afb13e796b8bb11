using System.Collections.Immutable;
using Personalize.Engine.Content;
using Personalize.Engine.Facts;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;

namespace Personalize.Engine.Segments;

/// <summary>A patient's time in a segment that still lasts.</summary>
/// <param name="Segment">The segment's code.</param>
/// <param name="From">The first day.</param>
public sealed record CurrentMembership(string Segment, DateOnly From);

/// <summary>A move into or out of a segment.</summary>
/// <param name="Segment">The segment's code.</param>
/// <param name="From">The first day.</param>
/// <param name="Until">The day on which it ended; null for a move in.</param>
public sealed record SegmentMove(string Segment, DateOnly From, DateOnly? Until);

/// <summary>Whether a patient is in a segment, and why.</summary>
/// <param name="Definition">The segment.</param>
/// <param name="Holds">True, false, or null when it cannot be told.</param>
/// <param name="Since">The first day; null when the patient is not in it.</param>
/// <param name="Reasons">The facts that were looked at.</param>
/// <param name="Fault">Why it could not be worked out, without content; null when it could.</param>
public sealed record SegmentResult(SegmentDefinition Definition, bool? Holds, DateOnly? Since, ImmutableArray<Reason> Reasons, string? Fault)
{
    /// <summary>The resources that it rests on.</summary>
    public ImmutableArray<Resource> Used => Facts.Reasons.Used(Reasons);

    /// <summary>Titles of the facts that are not on file.</summary>
    public ImmutableArray<string> Missing => Facts.Reasons.Missing(Reasons);

    /// <summary>The segment as a reason for something else.</summary>
    public Reason AsReason() => new(
        Mentions.SegmentPrefix + Definition.Code, Definition.Title, ValueFor(Holds), Since?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        Holds, Holds is not null, Used, Missing);

    private static string? ValueFor(bool? holds) => holds switch { true => "yes", false => "no", null => null };

    /// <summary>Works out a segment and lets later expressions see it.</summary>
    /// <param name="definition">The segment.</param>
    /// <param name="facts">The patient's facts.</param>
    /// <param name="evaluation">Where expressions are evaluated.</param>
    /// <param name="active">False for a person who died or left: a segment says whom to reach and how, so that person is in none.</param>
    /// <param name="membership">The patient's time in it so far; null when there is none.</param>
    /// <param name="today">The day in the practice's time zone.</param>
    public static SegmentResult Of(
        SegmentDefinition definition, FactSheet facts, Evaluation evaluation, bool active, CurrentMembership? membership, DateOnly today)
    {
        var evaluated = evaluation.Run(definition.Expression);
        var holds = active ? evaluated.Values.AsBoolean() : false;
        evaluation.Give(Mentions.SegmentPrefix + definition.Code, holds is { } truth ? PathValues.Of(truth) : PathValues.Empty);
        var since = holds == true ? membership?.From ?? today : (DateOnly?)null;
        return new SegmentResult(definition, holds, since, [.. facts.Mentioned(definition.Expression).Select(Reason.Of)], evaluated.Fault);
    }

    /// <summary>The moves that lead from the memberships of now to these results. A segment that is no longer known, or cannot be told, is left.</summary>
    public static ImmutableArray<SegmentMove> Moves(IEnumerable<SegmentResult> results, IEnumerable<CurrentMembership> memberships, DateOnly today)
    {
        var current = memberships.ToDictionary(membership => membership.Segment);
        var holding = results.Where(result => result.Holds == true).ToDictionary(result => result.Definition.Code);
        var entered = holding.Values.Where(result => !current.ContainsKey(result.Definition.Code)).Select(result => new SegmentMove(result.Definition.Code, today, null));
        var left = current.Values.Where(membership => !holding.ContainsKey(membership.Segment)).Select(membership => new SegmentMove(membership.Segment, membership.From, today));
        return [.. left.Concat(entered).OrderBy(move => move.Segment, StringComparer.Ordinal)];
    }
}
