using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store;

/// <summary>An entry of a bundle that was read.</summary>
/// <param name="Index">Its place in the bundle.</param>
/// <param name="Method">GET, HEAD, POST, PUT or DELETE.</param>
/// <param name="Url">The request's URL as given, relative to the base.</param>
/// <param name="Change">What it changes; null for GET, for the POST of an operation, and when it failed.</param>
/// <param name="Failure">Why it cannot be done (in a batch only: a transaction fails as a whole).</param>
public sealed record PlanEntry(int Index, string Method, string Url, Change? Change, Failure? Failure)
{
    /// <summary><c>Bundle.entry[3]</c>.</summary>
    public string Name => $"Bundle.entry[{Index}]";

    /// <summary>What a POST calls an operation with; null when it brings nothing, and for everything else.</summary>
    public Resource? Input { get; init; }

    /// <summary>The request's <c>ifNoneMatch</c>, for a read.</summary>
    public string? IfNoneMatch { get; init; }

    /// <summary>The request's <c>ifModifiedSince</c>, for a read: an instant.</summary>
    public DateTimeOffset? IfModifiedSince { get; init; }
}

/// <summary>A batch or transaction as changes.</summary>
/// <param name="IsTransaction">True: all or nothing; false: each entry for itself.</param>
/// <param name="Entries">One for each entry, in the order of the bundle.</param>
/// <param name="Changes">The changes in the order in which they are applied: DELETE, POST, PUT. The same objects as in <paramref name="Entries"/>.</param>
public sealed record TransactionPlan(bool IsTransaction, ImmutableArray<PlanEntry> Entries, ImmutableArray<Change> Changes);

/// <summary>Turns a bundle into changes: ids given, references to fullUrls rewritten everywhere (narrative too), order set, guards attached. Pure.</summary>
public static class Plan
{
    /// <summary>Fails with <see cref="Failure.Invalid"/> on a bundle that is neither batch nor transaction, and for a transaction on any entry that cannot be read, naming it.</summary>
    /// <param name="bundle">The Bundle.</param>
    /// <param name="catalog">What its searches are read with.</param>
    /// <param name="newId">Gives an id for each POST.</param>
    public static Outcome<TransactionPlan> Of(Resource bundle, SearchCatalog catalog, Func<ResourceId> newId)
    {
        var type = bundle.Type == "Bundle" ? bundle.Root.Child("type")?.Text : null;
        if (type is not ("transaction" or "batch"))
            return new Failure.Invalid("A bundle that is posted to the base is a transaction or a batch.", "Bundle.type");
        var reader = new EntryReader(catalog, newId);
        ImmutableArray<PlanEntry> entries = [.. bundle.Root.Children("entry").Select(reader.Read)];
        return type == "batch" ? Batch(entries, catalog) : Transaction(entries, catalog);
    }

    private static Outcome<TransactionPlan> Transaction(ImmutableArray<PlanEntry> entries, SearchCatalog catalog)
    {
        var issues = entries.Where(e => e.Failure is not null).SelectMany(e => e.Failure!.Issues).Concat(Duplicates(entries)).ToImmutableArray();
        if (!issues.IsEmpty)
            return new Failure.Invalid(issues);
        var links = Links.Of(entries);
        var linked = ImmutableArray.CreateBuilder<PlanEntry>(entries.Length);
        foreach (var entry in entries)
            if (links.Rewrite(entry, catalog).TryGet(out var one, out var failure))
                linked.Add(one);
            else
                return failure;
        return new TransactionPlan(true, linked.ToImmutable(), InOrder(linked));
    }

    private static TransactionPlan Batch(ImmutableArray<PlanEntry> entries, SearchCatalog catalog)
    {
        ImmutableArray<PlanEntry> read = [.. entries.Select(e => Links.None.Rewrite(e, catalog) is { Failure: var failure } one ? failure is null ? one.Value : e with { Change = null, Failure = failure } : e)];
        return new(false, read, InOrder(read));
    }

    private static ImmutableArray<Change> InOrder(IEnumerable<PlanEntry> entries) =>
        [.. entries.Select(e => e.Change).OfType<Change>().OrderBy(c => c.Kind switch { ChangeKind.Delete => 0, ChangeKind.Create => 1, _ => 2 })];

    /// <summary>One identity may be written once in a transaction, one condition may stand for one entry, and a fullUrl names one entry.</summary>
    private static IEnumerable<Issue> Duplicates(ImmutableArray<PlanEntry> entries)
    {
        var changes = entries.Where(e => e.Change is not null).ToList();
        // What a condition names is known to the commit alone, which asks again.
        var twice = changes.Where(e => e.Change!.Id is not null).GroupBy(e => $"{e.Change!.Type}/{e.Change.Id}").Concat(changes.Where(e => ConditionOf(e) is not null).GroupBy(Condition))
            .Concat(changes.Where(e => e.Change!.FullUrl is not null).GroupBy(e => e.Change!.FullUrl!)).SelectMany(g => g.Skip(1)).Distinct();
        return twice.Select(e => Issue.Error("duplicate", $"{e.Name}: Another entry of the transaction has the same identity.", e.Name));
    }

    private static SearchQuery? ConditionOf(PlanEntry entry) => entry.Change!.IfNoneExist ?? entry.Change.Where;

    private static string Condition(PlanEntry entry) => $"{entry.Change!.Type}?{string.Join('&', ConditionOf(entry)!.Self.Select(p => $"{p.Key}={p.Value}"))}";
}
