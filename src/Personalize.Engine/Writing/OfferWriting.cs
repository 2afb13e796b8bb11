using System.Collections.Immutable;
using Hl7.Fhir.Model;
using Personalize.Engine.Content;
using Personalize.Engine.Record;
using Personalize.Engine.Suggestions;
using Personalize.Fhir.Primitives;
using Stored = Personalize.Fhir.Elements.Resource;
using Task = Hl7.Fhir.Model.Task;

namespace Personalize.Engine.Writing;

/// <summary>Writes suggestions as FHIR: the Task that holds the state, the RequestGroup, the draft request and the Provenance, all under one id.</summary>
/// <remarks>What is on file is read, changed in the fields that are the engine's, and proposed only when something came out different: so it comes to rest, and what people added stays.</remarks>
/// <param name="record">The record.</param>
/// <param name="now">What new resources are dated with; in the practice's time.</param>
public sealed class OfferWriting(PatientRecord record, DateTimeOffset now)
{
    private readonly ImmutableArray<Proposal>.Builder _proposals = ImmutableArray.CreateBuilder<Proposal>();
    private readonly string _now = now.ToString("yyyy-MM-dd'T'HH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What was proposed so far.</summary>
    public ImmutableArray<Proposal> Proposals => _proposals.ToImmutable();

    /// <summary>Proposes a suggestion that stands as offered.</summary>
    public void Offer(SuggestionResult suggestion)
    {
        var id = suggestion.Course.Offered ?? throw new ArgumentException("The suggestion is not offered.", nameof(suggestion));
        var used = suggestion.Used;
        Put<Task>(id, task => OfferTask.Fill(task, suggestion, record.Id, used), task => (task.AuthoredOn, task.LastModified) = (task.AuthoredOn ?? _now, _now));
        Put<RequestGroup>(id, group => OfferRequest.Fill(group, suggestion.Rule, record.Id), group => group.AuthoredOn ??= _now);
        if (suggestion.Rule.Offer.Kind == OfferKind.ServiceRequest)
            Put<ServiceRequest>(id, request => OfferRequest.Fill(request, suggestion.Rule, record.Id, used), request => request.AuthoredOn ??= _now);
        if (suggestion.Rule.Offer.Kind == OfferKind.CommunicationRequest)
            Put<CommunicationRequest>(id, request => OfferRequest.Fill(request, suggestion.Rule, record.Id), request => request.AuthoredOn ??= _now);
        Put<Provenance>(id, provenance => OfferProvenance.Fill(provenance, suggestion.Rule, record.Id, used), provenance => provenance.Recorded = now);
    }

    /// <summary>Proposes to withdraw a suggestion that nobody decided on.</summary>
    public void Withdraw(PastOffer offer)
    {
        var id = ResourceId.Of(offer.Id);
        Change<Task>(id, OfferTask.Cancel, task => task.LastModified = _now);
        Revoke(id);
    }

    /// <summary>Proposes to take back the draft requests of a suggestion that was dismissed or done elsewhere. The Task itself is left alone.</summary>
    public void Revoke(PastOffer offer) => Revoke(ResourceId.Of(offer.Id));

    private void Revoke(ResourceId id)
    {
        Change<RequestGroup>(id, group => group.Status = Revoked(group.Status), _ => { });
        Change<ServiceRequest>(id, request => request.Status = Revoked(request.Status), _ => { });
        Change<CommunicationRequest>(id, request => request.Status = Revoked(request.Status), _ => { });
    }

    private static RequestStatus? Revoked(RequestStatus? status) => status == RequestStatus.Draft ? RequestStatus.Revoked : status;

    private void Put<T>(ResourceId id, Action<T> fill, Action<T> stamp)
        where T : Resource, new()
    {
        if (Find(id, typeof(T).Name) is not null)
        {
            Change(id, fill, stamp);
            return;
        }
        var fresh = new T { Id = id.ToString() };
        fill(fresh);
        stamp(fresh);
        _proposals.Add(new Proposal(new ResourceKey(typeof(T).Name, id), R4Json.Write(fresh), null));
    }

    private void Change<T>(ResourceId id, Action<T> fill, Action<T> stamp)
        where T : Resource
    {
        if (Find(id, typeof(T).Name) is not { } stored || R4Json.Read<T>(stored.Bytes) is not { } resource)
            return;
        var before = R4Json.Write(resource);
        fill(resource);
        if (R4Json.Write(resource).Span.SequenceEqual(before.Span))
            return;
        stamp(resource);
        _proposals.Add(new Proposal(new ResourceKey(typeof(T).Name, id), R4Json.Write(resource), stored.Root.TextAt("meta", "versionId")));
    }

    private Stored? Find(ResourceId id, string type) => record.Find(new ResourceKey(type, id));
}
