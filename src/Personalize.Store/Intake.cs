using System.Collections.Immutable;
using Personalize.Fhir.Formats;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Validation;

namespace Personalize.Store;

/// <summary>The one write spine: gives ids, validates, commits. Every write of the product goes through it.</summary>
/// <param name="store">Where it commits.</param>
/// <param name="newId">Gives ids to creates that have none.</param>
public sealed class Intake(IResourceStore store, Func<ResourceId> newId)
{
    // Another write may come between the version that a patch reads and its commit: then the patch is done again.
    private const int MaxTries = 5;

    /// <summary>Applies the patches, validates the content of all changes, then commits them together. A failure names the entry of the bundle.</summary>
    /// <param name="access">Who asks.</param>
    /// <param name="changes">In the order in which they are applied.</param>
    /// <param name="ct">Gives up waiting; the commit may happen all the same.</param>
    /// <param name="derived">What the engine writes in the same transaction; null for everybody else.</param>
    public async Task<Outcome<Commit>> Apply(Access access, IReadOnlyList<Change> changes, CancellationToken ct, Derived? derived = null)
    {
        var retries = changes.Any(change => change is { Kind: ChangeKind.Patch, IfMatch: null }) ? MaxTries - 1 : 0;
        while (true)
        {
            var outcome = await Once(access, changes, derived, ct);
            if (outcome.Failure is not Failure.Stale || retries-- == 0)
                return outcome;
        }
    }

    private async Task<Outcome<Commit>> Once(Access access, IReadOnlyList<Change> changes, Derived? derived, CancellationToken ct)
    {
        var whole = new List<Change>(changes.Count);
        foreach (var change in changes)
        {
            if (!(await Patching.Whole(change, access, store, ct)).TryGet(out var patched, out var failure))
                return failure;
            if ((Check(patched) ?? CheckSearch(patched)) is { } refused)
                return refused;
            whole.Add(WithId(patched));
        }
        return await store.Commit(access, whole, derived, ct);
    }

    private Change WithId(Change change) => change.Id is null ? change with { Id = newId() } : change;

    private static Failure? Check(Change change)
    {
        if (change.Resource is null)
            return change.Kind == ChangeKind.Delete ? null : new Failure.Invalid("A resource is missing.", change.Entry);
        if (change.Resource.Type != change.Type)
            return new Failure.Invalid("The resource is of another type than the URL says.", change.Entry);
        // What a client read in part would take the rest away.
        if (change.Kind == ChangeKind.Update && Subset.IsMarked(change.Resource))
            return At(change, new Failure.Unprocessable("The resource is marked as a part of itself (SUBSETTED) and cannot take the place of the whole.", change.Type + ".meta.tag"));
        return Validator.Check(change.Resource).Failure is { } failure ? At(change, failure) : null;
    }

    /// <summary>What is stored as a search parameter must be one.</summary>
    private Failure? CheckSearch(Change change) =>
        change is { Type: "SearchParameter", Resource: { } resource } && store.Catalog.Check(resource) is { } failure ? At(change, failure) : null;

    private static Failure At(Change change, Failure failure)
    {
        if (change.Entry is not { } entry)
            return failure;
        ImmutableArray<Issue> issues = [.. failure.Issues.Select(i => i with { Text = $"{entry}: {i.Text}", Expression = Inside(entry, change.Type, i.Expression), Line = 0, Column = 0 })];
        return failure is Failure.Unprocessable ? new Failure.Unprocessable(issues) : new Failure.Invalid(issues);
    }

    /// <summary><c>Patient.name[0]</c> in an entry is <c>Bundle.entry[3].resource.name[0]</c>.</summary>
    private static string Inside(string entry, string type, string? expression) =>
        expression?.StartsWith(type, StringComparison.Ordinal) == true ? $"{entry}.resource{expression[type.Length..]}" : $"{entry}.resource";
}
