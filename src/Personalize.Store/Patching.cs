using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Patch;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store;

/// <summary>Makes a patch the update that it means: the current version is read with the caller's access, patched, and named as the one that the update is for.</summary>
internal static class Patching
{
    // A path names places; a patch has many of them.
    private static readonly FhirPathLimits _pathLimits = new(100_000, 50_000);

    /// <summary>The change with its whole content; anything but a patch as it is. Fails with what the read fails with, and with what the patch fails with, naming the entry.</summary>
    public static async ValueTask<Outcome<Change>> Whole(Change change, Access access, IResourceStore store, CancellationToken ct)
    {
        if (change.Kind != ChangeKind.Patch)
            return change;
        if (!(await Current(change, access, store, ct)).TryGet(out var stored, out var failure) || !Patched(change, stored).TryGet(out var content, out failure))
            return Named(change, failure);
        return change with { Kind = ChangeKind.Update, Id = stored.Key.Id, Resource = content, IfMatch = change.IfMatch ?? stored.Version, JsonPatch = default, Edit = null, IsPatched = true };
    }

    /// <summary>The version to patch; of a patch by condition what is found now, which the commit judges again.</summary>
    private static async ValueTask<Outcome<Stored>> Current(Change change, Access access, IResourceStore store, CancellationToken ct)
    {
        if (change.Where is not { } where)
            return await store.Read(access, new ResourceKey(change.Type, change.Id!), ct);
        var first = where with { Count = 2, CountOnly = false, Includes = [], RevIncludes = [], Total = TotalMode.None };
        if (!(await store.Search(access, first, null, ct)).TryGet(out var page, out var failure))
            return failure;
        return page.Matches.Length switch
        {
            0 => new Failure.Missing("The condition finds no resource."),
            1 => await store.Read(access, page.Matches[0].Key, ct),
            _ => new Failure.Stale("The condition finds several resources.", change.Entry),
        };
    }

    private static Outcome<Resource> Patched(Change change, Stored stored)
    {
        var current = Resource.Parse(stored.Json).Value;
        // A path that asks for the time is told that of the version that it works on; it comes from outside and is held short.
        var context = new FhirPathContext(stored.LastUpdated) { Limits = _pathLimits };
        var patched = change switch
        {
            { Edit: { } edit } => edit(current),
            { Resource: { } parameters } => FhirPathPatch.Apply(current, parameters, context),
            _ => JsonPatch.Apply(current, change.JsonPatch),
        };
        return patched.Then<Resource>(resource => resource.Type == current.Type && resource.Id == current.Id ? resource : new Failure.Unprocessable("A patch cannot change the type or the id of a resource."));
    }

    private static Failure Named(Change change, Failure failure)
    {
        if (change.Entry is not { } entry)
            return failure;
        ImmutableArray<Issue> issues = [.. failure.Issues.Select(issue => issue with { Text = $"{entry}: {issue.Text}", Expression = entry })];
        return failure with { Issues = issues };
    }
}
