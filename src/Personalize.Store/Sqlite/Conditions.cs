using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sqlite;

/// <summary>A change whose conditions are resolved.</summary>
/// <param name="Change">The change with its final content.</param>
/// <param name="Match">What a conditional create found instead.</param>
internal sealed record Resolved(Change Change, Stored? Match);

/// <summary>Resolves what a commit says by search: conditional creates and conditional references. Done inside the writer, so no other commit comes between.</summary>
internal sealed class Conditions(Session session, SearchReader reader, SearchCatalog catalog, Access access)
{
    /// <summary>What stands in the content -> what is meant.</summary>
    private readonly Dictionary<string, string> _links = [];

    public Outcome<IReadOnlyList<Resolved>> Resolve(IReadOnlyList<Change> changes)
    {
        var resolved = new Resolved[changes.Count];
        for (var at = 0; at < changes.Count; at++)
            if (Match(changes[at]).TryGet(out var one, out var failure))
                resolved[at] = one;
            else
                return failure;
        foreach (var change in changes)
            foreach (var reference in change.References)
                if (!_links.ContainsKey(reference.Text) && Link(change, reference, resolved) is { } failure)
                    return failure;
        return _links.Count == 0 ? resolved : Rewritten(resolved);
    }

    private Outcome<Resolved> Match(Change change)
    {
        if (change is not { Kind: ChangeKind.Create, IfNoneExist: { } query })
            return new Resolved(change, null);
        if (!Find(query, change).TryGet(out var found, out var failure))
            return failure;
        if (found.Count > 1)
            return new Failure.Stale(Faults.At(change, "The condition of the create finds several resources."), change.Entry);
        if (found.Count == 1)
            _links[change.Key.ToString()] = found[0].Key.ToString();
        return new Resolved(change, found.Count == 1 ? found[0] : null);
    }

    private Failure? Link(Change change, ConditionalReference reference, IReadOnlyList<Resolved> others)
    {
        if (!Find(reference.Query, change).TryGet(out var found, out var failure))
            return failure;
        var keys = found.Count > 0 ? found.Select(f => f.Key).ToList() : Among(others, reference.Query).ToList();
        if (keys.Count == 1)
            _links[reference.Text] = keys[0].ToString();
        return keys.Count == 1 ? null
            : new Failure.Stale(Faults.At(change, $"The conditional reference at {reference.Location} finds {(keys.Count == 0 ? "no resource" : "several resources")}."), change.Entry ?? reference.Location);
    }

    /// <summary>A conditional reference may mean what the same transaction writes.</summary>
    private IEnumerable<ResourceKey> Among(IReadOnlyList<Resolved> others, SearchQuery query) => others
        .Where(o => o is { Match: null, Change.Resource: { } content } && Matching.Matches(content, query, catalog)).Select(o => o.Change.Key);

    private Outcome<IReadOnlyList<Stored>> Find(SearchQuery query, Change change)
    {
        if (access.Of(query.Type, Rights.Search) == Reach.None)
            return Faults.Denied(change);
        return Outcome(reader.First(session, access, query, 2));
    }

    private static Outcome<IReadOnlyList<Stored>> Outcome(List<Stored> found) => found;

    private Outcome<IReadOnlyList<Resolved>> Rewritten(Resolved[] resolved)
    {
        for (var at = 0; at < resolved.Length; at++)
            if (resolved[at] is { Match: null, Change.Resource: { } content } && Edit.WithReferences(content, _links.GetValueOrDefault) is var bytes && !bytes.Equals(content.Bytes))
            {
                if (!Resource.Parse(bytes).TryGet(out var rewritten, out var failure))
                    return failure;
                resolved[at] = new(resolved[at].Change with { Resource = rewritten }, null);
            }
        return resolved;
    }
}
