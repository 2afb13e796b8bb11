using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>A change whose conditions are resolved.</summary>
/// <param name="Change">The change with its final id and content.</param>
/// <param name="Match">What a conditional create found instead.</param>
internal sealed record Resolved(Change Change, Stored? Match)
{
    /// <summary>What a change by condition found.</summary>
    public ImmutableArray<ResourceKey> Found { get; init; } = [];

    /// <summary>What it writes or deletes.</summary>
    public IEnumerable<ResourceKey> Writes => Match is not null ? [] : Change is { Kind: ChangeKind.Delete, Where: not null } ? Found : [Change.Key];

    /// <summary>True for an update by condition that found nothing: it creates.</summary>
    public bool IsNew => Change is { Kind: ChangeKind.Update, Where: not null } && Found.IsEmpty;
}

/// <summary>Resolves what a commit says by search: conditional creates, updates and deletes, and conditional references. Done inside the writer, so no other commit comes between.</summary>
internal sealed class Conditions(Session session, SearchReader reader, SearchCatalog catalog, Access access)
{
    /// <summary>What stands in the content -> what is meant.</summary>
    private readonly Dictionary<string, string> _links = [];

    public Outcome<IReadOnlyList<Resolved>> Resolve(IReadOnlyList<Change> changes)
    {
        var resolved = new Resolved[changes.Count];
        for (var at = 0; at < changes.Count; at++)
            if (One(changes[at]).TryGet(out var one, out var failure))
                resolved[at] = one;
            else
                return failure;
        if (Twice(resolved) is { } twice)
            return twice;
        foreach (var change in changes)
            foreach (var reference in change.References)
                if (!_links.ContainsKey(reference.Text) && Link(change, reference, resolved) is { } failure)
                    return failure;
        return _links.Count == 0 ? resolved : Rewritten(resolved);
    }

    private Outcome<Resolved> One(Change change) => change switch
    {
        { Where: { } where } => Named(change, where),
        { Kind: ChangeKind.Create, IfNoneExist: { } query } => Match(change, query),
        _ => new Resolved(change, null),
    };

    private Outcome<Resolved> Match(Change change, SearchQuery query)
    {
        if (!Find(query, change, 2).TryGet(out var found, out var failure))
            return failure;
        if (found.Count > 1)
            return new Failure.Stale(Faults.At(change, "The condition of the create finds several resources."), change.Entry);
        if (found.Count == 1)
            _links[change.Key.ToString()] = found[0].Key.ToString();
        return new Resolved(change, found.Count == 1 ? found[0] : null);
    }

    /// <summary>The resource that a search names in place of an id; of a deletion all that it names.</summary>
    private Outcome<Resolved> Named(Change change, SearchQuery where)
    {
        if (!Find(where, change, change.Most + 1).TryGet(out var found, out var failure))
            return failure;
        if (found.Count > change.Most)
            return new Failure.Stale(Faults.At(change, $"The condition finds more than {change.Most} resource{(change.Most == 1 ? "" : "s")}."), change.Entry);
        ImmutableArray<ResourceKey> keys = [.. found.Select(f => f.Key)];
        if (change.IsPatched && (keys.IsEmpty || keys[0] != change.Key))
            return new Failure.Stale(Faults.At(change, "The condition finds another resource than before."), change.Entry);
        if (change.Kind != ChangeKind.Update || keys.IsEmpty)
            return new Resolved(change, null) { Found = keys };
        if (change.Resource!.Id is { } own && own != keys[0].Id)
            return new Failure.Invalid(Faults.At(change, "The id in the body is not that of the resource that the condition finds."), change.Entry ?? change.Type + ".id");
        if (keys[0] != change.Key)
            _links[change.Key.ToString()] = keys[0].ToString();
        return new Resolved(change with { Id = keys[0].Id }, null) { Found = keys };
    }

    /// <summary>One identity may be written once in a commit, also when conditions name it, and what a conditional create found must stay.</summary>
    private static Failure.Invalid? Twice(Resolved[] all)
    {
        if (all.Length == 1 || !all.Any(r => r.Match is not null || r.Change.Where is not null))
            return null;
        var deleted = all.Where(r => r.Change.Kind == ChangeKind.Delete).SelectMany(r => r.Writes).ToHashSet();
        var written = new HashSet<ResourceKey>();
        var again = all.FirstOrDefault(r => r.Match is { } match ? deleted.Contains(match.Key) : !r.Writes.All(written.Add))?.Change;
        return again is null ? null
            : new Failure.Invalid([Issue.Error("duplicate", Faults.At(again, "Another entry of the transaction has the same identity."), again.Entry)]);
    }

    /// <summary>A conditional reference means what is there once the commit is done: what it leaves alone, and what it writes.</summary>
    private Failure? Link(Change change, ConditionalReference reference, IReadOnlyList<Resolved> all)
    {
        var touched = all.SelectMany(r => r.Writes).Where(key => key.Type == reference.Query.Type).ToHashSet();
        if (!Find(reference.Query, change, touched.Count + 2).TryGet(out var found, out var failure))
            return failure;
        var keys = found.Select(f => f.Key).Where(key => !touched.Contains(key)).Concat(Among(all, reference.Query)).Distinct().ToList();
        if (keys.Count == 1)
            _links[reference.Text] = keys[0].ToString();
        return keys.Count == 1 ? null
            : new Failure.Stale(Faults.At(change, $"The conditional reference at {reference.Location} finds {(keys.Count == 0 ? "no resource" : "several resources")}."), reference.Location);
    }

    private IEnumerable<ResourceKey> Among(IReadOnlyList<Resolved> all, SearchQuery query) => all
        .Where(r => r is { Match: null, Change.Resource: { } content } && content.Type == query.Type && Matching.Matches(Identified(r, content), query, catalog)).Select(r => r.Change.Key);

    // In the body of a create stands what the client called it.
    private static Resource Identified(Resolved resolved, Resource content) =>
        content.Id == resolved.Change.Key.Id ? content : Resource.Parse(Edit.WithIdentity(content, resolved.Change.Key.Id, "1", DateTimeOffset.UnixEpoch)).Value;

    private Outcome<IReadOnlyList<Stored>> Find(SearchQuery query, Change change, int limit)
    {
        if (access.Of(query.Type, Rights.Search) == Reach.None)
            return Faults.Denied(change);
        // The search parameters may have changed since the condition was read.
        if (catalog.Refuses(query) is { } refused)
            return refused;
        return Outcome(reader.First(session, access, query, limit));
    }

    private static Outcome<IReadOnlyList<Stored>> Outcome(List<Stored> found) => found;

    private Outcome<IReadOnlyList<Resolved>> Rewritten(Resolved[] resolved)
    {
        for (var at = 0; at < resolved.Length; at++)
            if (resolved[at] is { Match: null, Change.Resource: { } content } && Edit.WithReferences(content, _links.GetValueOrDefault) is var bytes && !bytes.Equals(content.Bytes))
            {
                if (!Resource.Parse(bytes).TryGet(out var rewritten, out var failure))
                    return failure;
                resolved[at] = resolved[at] with { Change = resolved[at].Change with { Resource = rewritten } };
            }
        return resolved;
    }
}
