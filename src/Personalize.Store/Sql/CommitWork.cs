using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>One commit inside the writer's transaction: guards are judged, rows are written.</summary>
internal sealed class CommitWork(WritingSession session, WriterNumbers numbers, CurrentVersions versions, RowWriter rows, Drafting drafting, SearchReader reader, SearchCatalog catalog, Request request, long t, DateTimeOffset now)
{
    private bool _wrote;

    /// <summary>The number of the commit when anything was written, else of the one before.</summary>
    public long T => _wrote ? t : t - 1;

    /// <summary>Applies all changes; a failure leaves rows behind that the caller must undo.</summary>
    public Outcome<Commit> Apply()
    {
        if (request.Derived is not null && !request.Access.IsEngine)
            return new Failure.Denied("Only the engine writes derived rows.");
        var conditions = new Conditions(session, reader, catalog, request.Access);
        if (!conditions.Resolve(request.Changes).TryGet(out var resolved, out var failure))
            return failure;
        var applied = ImmutableArray.CreateBuilder<Applied>(resolved.Count);
        foreach (var change in resolved)
            if (ApplyOne(change).TryGet(out var one, out failure))
                applied.Add(one);
            else
                return failure;
        if (request.Derived is { } derived)
            new DerivedRows(session, numbers).Write(derived, T);
        return new Commit(T, applied.MoveToImmutable());
    }

    private Outcome<Applied> ApplyOne(Resolved resolved)
    {
        var change = resolved.Change;
        // Who may not write at all learns nothing from guards either.
        if (change.Kind != ChangeKind.Delete && request.Access.Of(change.Type, Rights.Create) == Reach.None && request.Access.Of(change.Type, Rights.Update) == Reach.None)
            return Faults.Denied(change);
        if (resolved.Match is { } match)
            return new Applied(match.Key, match.Version, match.LastUpdated, AppliedKind.Matched, match.Json);
        if (change is { Kind: ChangeKind.Delete, Where: not null })
            return DeleteAll(change, resolved.Found);
        var current = versions.Of(change.Key);
        // Nor do those for whom it would lie in another compartment: whether it is there is told by no answer.
        if (LiesElsewhere(resolved, current))
            return Faults.Denied(change);
        if (Guard(change, current) is { } broken)
            return broken;
        if (resolved.IsNew && !current.IsDeleted)
            return new Failure.Conflict(Faults.At(change, "There is a resource of that id already, which the condition does not find."));
        return change.Kind == ChangeKind.Delete ? Delete(change, change.Key, current) : Write(change, current);
    }

    private Failure? Guard(Change change, Current current)
    {
        if (change.IfAbsent && !current.IsDeleted)
            return new Failure.Stale(Faults.At(change, "There is a resource of that id already."), change.Entry);
        if (change.IfMatch is { } wanted && !Matches(change, current, wanted))
            return new Failure.Stale(Faults.At(change, "The version named by If-Match is not the current one."), change.Entry);
        if (change.Kind == ChangeKind.Create && current.Rid > 0)
            return new Failure.Conflict(Faults.At(change, "There is a resource of that id already."));
        return null;
    }

    /// <summary>A reader of the Patient is not stale when the engine alone has written since: what it wrote is carried over.</summary>
    private bool Matches(Change change, Current current, string wanted)
    {
        if (current.IsDeleted || !long.TryParse(wanted, out var version) || version > current.Version)
            return false;
        return version == current.Version || (change.Type == "Patient" && version > 0 && !request.Access.IsEngine
            && session.Number("SELECT count(*) FROM res WHERE n=? AND version>? AND (flags & 1)=0", current.N, version) == 0);
    }

    private Outcome<Applied> Write(Change change, Current current)
    {
        var right = current.IsDeleted ? Rights.Create : Rights.Update;
        if (!request.Access.IsEngine && change.Type == "Patient"
            && DerivedExtensions.CarryOver(change.Resource!, current.IsDeleted ? null : Resource.Parse(current.Stored!.Json).Value) is { } carried)
        {
            if (!carried.TryGet(out var content, out var failure))
                return failure;
            change = change with { Resource = content };
        }
        var draft = change.Draft?.IsOf(change.Key, change.Resource!, catalog) == true ? change.Draft : drafting.Of(change.Key, change.Resource!, catalog);
        if (!IsAllowed(change.Type, right, draft.Patients, current))
            return Faults.Denied(change);
        if (!current.IsDeleted && IsEqual(draft, current.Stored!) is { } stored)
            return new Applied(change.Key, stored.Version, stored.LastUpdated, AppliedKind.Unchanged, stored.Json);
        return Append(change, current, draft);
    }

    private Applied Append(Change change, Current current, Draft draft)
    {
        var (key, version) = (change.Key, current.Version + 1);
        var rid = rows.Version(key, version, t, now, change.Kind, request.Access, session.Kept(draft, version, now));
        versions.Wrote(current.N);
        if (current.Rid > 0)
            rows.Close(current.Rid, t);
        rows.Index(rid, draft.Values);
        rows.Compartments(rid, key.Type, draft.Patients);
        _wrote = true;
        return new(key, Faults.Version(version), now, current.IsDeleted ? AppliedKind.Created : AppliedKind.Updated, default) { Content = draft.Json };
    }

    /// <summary>Deletes what a condition found; that may be nothing.</summary>
    private Outcome<Applied> DeleteAll(Change change, ImmutableArray<ResourceKey> found)
    {
        if (request.Access.Of(change.Type, Rights.Delete) == Reach.None)
            return Faults.Denied(change);
        var last = new Applied(new ResourceKey(change.Type, change.Id!), "0", now, AppliedKind.Deleted, default);
        foreach (var key in found)
        {
            var current = versions.Of(key);
            if (Guard(change, current) is { } broken)
                return broken;
            if (!Delete(change, key, current).TryGet(out last, out var failure))
                return failure;
        }
        return last with { Count = found.Length };
    }

    private Outcome<Applied> Delete(Change change, ResourceKey key, Current current)
    {
        if (!IsAllowed(key.Type, Rights.Delete, [], current))
            return Faults.Denied(change);
        if (current.IsDeleted)
            return new Applied(key, Faults.Version(current.Version), now, AppliedKind.Deleted, default);
        var rid = rows.Version(key, current.Version + 1, t, now, ChangeKind.Delete, request.Access, null);
        versions.Wrote(current.N);
        rows.Close(current.Rid, t);
        rows.SameCompartments(rid, current.Rid);
        _wrote = true;
        return new Applied(key, Faults.Version(current.Version + 1), now, AppliedKind.Deleted, default);
    }

    /// <summary>A grant for a compartment asks that both the old and the new version lie in it.</summary>
    private bool IsAllowed(string type, Rights right, IReadOnlyCollection<ResourceId> patients, Current current) => request.Access.Of(type, right) switch
    {
        Reach.All => true,
        Reach.Compartment => (right == Rights.Delete || patients.Contains(request.Access.Patient!)) && (current.IsDeleted || LiesWith(current, request.Access.Patient!)),
        _ => false,
    };

    /// <summary>True for an id that somebody names who may see and change only what lies in a compartment, when nothing of that id lies or lay there: there may be one elsewhere, or none.</summary>
    private bool LiesElsewhere(Resolved resolved, Current current)
    {
        var (change, access) = (resolved.Change, request.Access);
        var isNamed = resolved.IsNew ? change.Resource!.Id is not null : change is { Where: null, Kind: not ChangeKind.Create };
        return isNamed && access.Of(change.Type, change.Kind == ChangeKind.Delete ? Rights.Delete : Rights.Update) != Reach.All && access.Of(change.Type, Rights.Read) != Reach.All
            && !IsOwn(change.Key) && !(access.Patient is { } patient && current.Rid > 0 && LiesWith(current, patient));
    }

    private bool IsOwn(ResourceKey key) => key.Type == "Patient" && key.Id == request.Access.Patient;

    private bool LiesWith(Current current, ResourceId patient) =>
        session.Number("SELECT 1 FROM pc WHERE rid=? AND patient=?", current.Rid, numbers.Resource("Patient", patient.ToString())) is not null;

    /// <summary>Equal when the bytes would be those that are stored, version and time aside.</summary>
    private static Stored? IsEqual(Draft draft, Stored stored) =>
        draft.Json.With(stored.Version, stored.LastUpdated).AsSpan().SequenceEqual(stored.Json.Span) ? stored : null;
}
