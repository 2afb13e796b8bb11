using System.Collections.Immutable;
using System.Globalization;
using Personalize.Engine.Content;
using Personalize.Engine.Record;
using Personalize.Fhir.Primitives;

namespace Personalize.Engine.Suggestions;

/// <summary>What becomes of one rule's suggestion.</summary>
/// <param name="Offered">The Task that is to stand as offered; null for none.</param>
/// <param name="Standing">The Task to show: offered, deferred, or the last one that was decided; null when there never was one.</param>
/// <param name="Withdrawn">Tasks to withdraw.</param>
/// <param name="RestsUntil">The day until which the rule keeps silent for this patient; <see cref="DateOnly.MaxValue"/> for good; null when it does not rest.</param>
public sealed record Course(ResourceId? Offered, ResourceId? Standing, ImmutableArray<PastOffer> Withdrawn, DateOnly? RestsUntil)
{
    /// <summary>The course of a rule that cannot offer: what is open is withdrawn, but for what a person deferred to a later day.</summary>
    public static Course Silent(IReadOnlyList<PastOffer> past, DateOnly today) =>
        new(null, StandingOf(past), [.. past.Where(offer => offer.IsOpen && !offer.IsDeferred(today))], null);

    /// <summary>The course of a rule whose conditions hold.</summary>
    public static Course Holding(ResourceId patient, SuggestionRule rule, Knowledge knowledge, IReadOnlyList<PastOffer> past, DateOnly today)
    {
        if (past.FirstOrDefault(offer => offer.IsDeferred(today)) is { } deferred)
            return new Course(null, Key(deferred), Others(past, deferred, today), deferred.ReturnsOn);
        // What is open goes on under its own id, though the calendar may have moved on: it is still the same suggestion.
        if (past.FirstOrDefault(offer => offer.IsOpen) is { } open)
            return new Course(Key(open), Key(open), Others(past, open, today), null);
        if (Resting(knowledge, past, today) is { } until)
            return new Course(null, StandingOf(past), [], until);
        return Fresh(patient, rule, past, today);
    }

    private static Course Fresh(ResourceId patient, SuggestionRule rule, IReadOnlyList<PastOffer> past, DateOnly today)
    {
        var period = Period.Of(rule.Period, today);
        for (var round = 0; ; round++)
        {
            // Decided Tasks are history: what comes back in the same period after a rest gets the next round's id.
            var id = OfferIds.Of(patient, rule.Code, round == 0 ? period : string.Create(CultureInfo.InvariantCulture, $"{period}+{round}"));
            if (past.FirstOrDefault(offer => offer.Id == id.ToString()) is not { IsDecided: true } decided)
                return new Course(id, id, [], null);
            if (decided.Status != "rejected")
                return new Course(null, Key(decided), [], null);
        }
    }

    private static DateOnly? Resting(Knowledge knowledge, IReadOnlyList<PastOffer> past, DateOnly today)
    {
        var until = past.Select(offer => offer.RestsUntil(knowledge, today) ?? DateOnly.MaxValue).DefaultIfEmpty().Max();
        return until > today ? until : null;
    }

    private static ImmutableArray<PastOffer> Others(IEnumerable<PastOffer> past, PastOffer kept, DateOnly today) =>
        [.. past.Where(offer => offer != kept && offer.IsOpen && !offer.IsDeferred(today))];

    private static ResourceId? StandingOf(IReadOnlyList<PastOffer> past)
    {
        var last = past.OrderByDescending(offer => offer.Status != "cancelled").ThenByDescending(offer => offer.ClosedOn).FirstOrDefault();
        return last is null ? null : Key(last);
    }

    private static ResourceId Key(PastOffer offer) => ResourceId.Of(offer.Id);
}
