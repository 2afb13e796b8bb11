using System.Collections.Immutable;
using Personalize.Engine.Content;
using Personalize.Engine.Facts;
using Personalize.Engine.Record;
using Personalize.Engine.Segments;

namespace Personalize.Engine.Suggestions;

/// <summary>Works out suggestions: conditions in three-valued logic, then what earlier Tasks say to that.</summary>
/// <param name="record">The record.</param>
/// <param name="knowledge">What is known.</param>
/// <param name="facts">The patient's facts.</param>
/// <param name="segments">The patient's segments.</param>
/// <param name="evaluation">Where expressions are evaluated.</param>
/// <param name="today">The day in the practice's time zone.</param>
public sealed class SuggestionFinding(
    PatientRecord record, Knowledge knowledge, FactSheet facts, ImmutableArray<SegmentResult> segments, Evaluation evaluation, DateOnly today)
{
    private readonly ImmutableArray<PastOffer> _past = PastOffer.In(record);

    /// <summary>The results of all rules that are in force, the highest rank first.</summary>
    public ImmutableArray<SuggestionResult> Find() => [.. knowledge.Rules.Where(rule => rule.IsInForce(today)).Select(Find)];

    /// <summary>Open Tasks of rules that are no longer in force: to be withdrawn.</summary>
    public ImmutableArray<PastOffer> Orphans()
    {
        var inForce = knowledge.Rules.Where(rule => rule.IsInForce(today)).Select(rule => rule.Code).ToHashSet();
        return [.. _past.Where(offer => offer.IsOpen && !inForce.Contains(offer.Rule))];
    }

    /// <summary>Tasks that a person dismissed or that were done elsewhere.</summary>
    public IEnumerable<PastOffer> TurnedDown() => _past.Where(offer => offer.Status is "rejected" or "completed");

    private SuggestionResult Find(SuggestionRule rule)
    {
        ImmutableArray<Reason> conditions = [.. rule.Conditions.Select(ConditionOf)];
        ImmutableArray<Reason> looked = [.. rule.Conditions.SelectMany(Mentioned).DistinctBy(reason => reason.Fact)];
        var holds = And(conditions);
        var past = _past.Where(offer => offer.Rule == rule.Code).ToList();
        var course = CourseOf(rule, holds, past);
        return new SuggestionResult(rule, holds, conditions, looked, course, StatusAfter(course, past));
    }

    private Course CourseOf(SuggestionRule rule, bool? holds, List<PastOffer> past)
    {
        // Nobody is nagged about a person who died or left: what was put off for later goes too.
        if (!record.IsActive)
            return Course.Silent(past, DateOnly.MaxValue);
        return holds == true ? Course.Holding(record.Id, rule, knowledge, past, today) : Course.Silent(past, today);
    }

    private Reason ConditionOf(RuleCondition condition)
    {
        var holds = evaluation.Run(condition.Expression).Values.AsBoolean();
        return new Reason(null, condition.Text, null, null, holds, holds is not null, [], []);
    }

    private IEnumerable<Reason> Mentioned(RuleCondition condition) => facts.Mentioned(condition.Expression).Select(Reason.Of)
        .Concat(segments.Where(segment => Mentions.Segments(condition.Expression).Contains(segment.Definition.Code)).Select(segment => segment.AsReason()));

    private static bool? And(ImmutableArray<Reason> conditions) =>
        conditions.Any(condition => condition.Holds == false) ? false
        : conditions.All(condition => condition.Holds == true) ? true
        : null;

    private static string? StatusAfter(Course course, List<PastOffer> past)
    {
        if (course.Offered is not null)
            return "requested";
        var standing = past.FirstOrDefault(offer => offer.Id == course.Standing?.ToString());
        return standing is not null && course.Withdrawn.Contains(standing) ? "cancelled" : standing?.Status;
    }
}
