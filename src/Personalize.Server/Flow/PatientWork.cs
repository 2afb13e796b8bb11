using System.Collections.Immutable;
using System.Text;
using Personalize.Engine.Content;
using Personalize.Engine.Record;
using Personalize.Engine.Segments;
using Personalize.Engine.Suggestions;
using Personalize.Engine.Writing;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Store;

namespace Personalize.Server.Flow;

/// <summary>What one patient's decision asks of the store.</summary>
/// <param name="Patient">The patient.</param>
/// <param name="Changes">Resources to write, each guarded by the version that it was made from.</param>
/// <param name="Memberships">Moves into and out of segments.</param>
/// <param name="Facts">The packed facts, when they changed; else null.</param>
/// <param name="Faults">What could not be worked out, without content.</param>
internal sealed record PatientWish(
    ResourceId Patient, ImmutableArray<Change> Changes, ImmutableArray<MembershipChange> Memberships, FactRow? Facts, ImmutableArray<string> Faults)
{
    /// <summary>True when all is as it should be.</summary>
    public bool IsEmpty => Changes.IsEmpty && Memberships.IsEmpty && Facts is null;
}

/// <summary>Reads a patient's record and decides.</summary>
/// <param name="store">Where the records are.</param>
internal sealed class PatientWork(IResourceStore store)
{
    private static readonly string[] _offered = ["Task", "RequestGroup", "ServiceRequest", "CommunicationRequest"];

    /// <summary>A record and the memberships that still last; null when there is no such patient (any more).</summary>
    public async Task<(PatientRecord Record, ImmutableArray<CurrentMembership> Memberships)?> Read(Access access, ResourceId patient, CancellationToken ct)
    {
        var stored = await store.Compartment(access, patient, ct);
        if (stored.Count == 0 || stored[0].Key.Type != "Patient")
            return null;
        var resources = stored.Select(item => Resource.Parse(item.Json).Value).ToList();
        return (new PatientRecord(resources[0], resources.Skip(1)), await Lasting(patient, ct));
    }

    /// <summary>What is to be written for a patient.</summary>
    public async Task<PatientWish> Decide(ResourceId patient, Knowledge knowledge, DateTimeOffset now, CancellationToken ct)
    {
        if (await Read(Access.Engine, patient, ct) is not var (record, memberships))
            return await Leave(patient, now, ct);
        var decision = Engine.Decide.For(record, knowledge, now, memberships);
        var known = await store.Facts(patient, ct);
        return new PatientWish(
            patient, [.. decision.Proposals.Select(ChangeOf)],
            [.. decision.Moves.Select(move => new MembershipChange(patient, move.Segment, move.From, move.Until))],
            known is not null && known.Bytes.Span.SequenceEqual(decision.FactRow.Span) ? null : new FactRow(patient, decision.FactRow),
            [.. decision.Faults]);
    }

    private static Change ChangeOf(Proposal proposal) =>
        Change.Update(proposal.Key.Id, Resource.Parse(proposal.Json).Value) with { IfMatch = proposal.BasedOnVersion };

    // A patient who was deleted is in no segment, nothing stays open for them, and no facts are kept.
    private async Task<PatientWish> Leave(ResourceId patient, DateTimeOffset now, CancellationToken ct)
    {
        var (lasting, today) = (await Lasting(patient, ct), DateOnly.FromDateTime(now.DateTime));
        return new PatientWish(
            patient, [.. (await Withdrawn(patient, now, ct)).Select(ChangeOf)],
            [.. lasting.Select(membership => new MembershipChange(patient, membership.Segment, membership.From, today))],
            await store.Facts(patient, ct) is null ? null : new FactRow(patient, default), []);
    }

    private async Task<ImmutableArray<Proposal>> Withdrawn(ResourceId patient, DateTimeOffset now, CancellationToken ct)
    {
        var left = new List<Resource>();
        foreach (var type in _offered)
            await foreach (var stored in StoredSearch.All(store, type, ct, new KeyValuePair<string, string>("patient", $"Patient/{patient}")))
                left.Add(Resource.Parse(stored.Json).Value);
        var nobody = Resource.Parse(Encoding.UTF8.GetBytes($$"""{"resourceType":"Patient","id":"{{patient}}"}""")).Value;
        var record = new PatientRecord(nobody, left);
        var writing = new OfferWriting(record, now);
        foreach (var offer in PastOffer.In(record).Where(offer => offer.IsOpen))
            writing.Withdraw(offer);
        return writing.Proposals;
    }

    private async Task<ImmutableArray<CurrentMembership>> Lasting(ResourceId patient, CancellationToken ct) =>
    [
        .. (await store.Memberships(patient, ct)).Where(membership => membership.Until is null)
            .Select(membership => new CurrentMembership(membership.Segment, membership.From)),
    ];
}
