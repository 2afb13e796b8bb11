using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store;

/// <summary>What a change does.</summary>
public enum ChangeKind
{
    /// <summary>A new resource.</summary>
    Create,
    /// <summary>A new version; creates when there is none.</summary>
    Update,
    /// <summary>A deletion; the history stays.</summary>
    Delete,
    /// <summary>A patch of the current version; <see cref="Intake"/> makes it an update.</summary>
    Patch,
}

/// <summary>A reference by search, such as <c>Practitioner?identifier=s|v</c>, which the commit resolves.</summary>
/// <param name="Text">As it stands in the resource.</param>
/// <param name="Query">Its meaning.</param>
/// <param name="Location">Where it stands, as a FHIRPath location.</param>
public sealed record ConditionalReference(string Text, SearchQuery Query, string Location);

/// <summary>One wished change, with the guards that are judged inside the commit.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Type">The resource type.</param>
/// <param name="Id">The id; null for a create whose id <see cref="Intake"/> is to give, and where <see cref="Where"/> names the resource.</param>
/// <param name="Resource">The content; of a FHIRPath Patch its Parameters; null for a delete and for a JSON Patch.</param>
public sealed record Change(ChangeKind Kind, string Type, ResourceId? Id, Resource? Resource)
{
    /// <summary>Type and id; not to be asked before <see cref="Intake"/> has given the id.</summary>
    internal ResourceKey Key => new(Type, Id ?? throw new InvalidOperationException("A change without an id reached the writer."));

    /// <summary>The version that must be current (<c>3</c> for <c>If-Match: W/"3"</c>); null for no guard.</summary>
    public string? IfMatch { get; init; }

    /// <summary>Create only when this finds nothing; one match is taken instead, several fail.</summary>
    public SearchQuery? IfNoneExist { get; init; }

    /// <summary>The search that names the resource in place of an id: of an update, a patch or a deletion by condition; null for none.</summary>
    public SearchQuery? Where { get; init; }

    /// <summary>How many resources a deletion by condition may take away; it fails when more are found.</summary>
    public int Most { get; init; } = 1;

    /// <summary>Update only when there is no resource of that id (<c>If-None-Match: *</c>).</summary>
    public bool IfAbsent { get; init; }

    /// <summary>The fullUrl of the bundle entry, such as <c>urn:uuid:...</c>; null outside a bundle.</summary>
    public string? FullUrl { get; init; }

    /// <summary>The name of the entry for failures, such as <c>Bundle.entry[3]</c>; null outside a bundle.</summary>
    public string? Entry { get; init; }

    /// <summary>References by search in the content.</summary>
    public ImmutableArray<ConditionalReference> References { get; init; } = [];

    /// <summary>A JSON Patch, as it came; empty for anything else.</summary>
    public ReadOnlyMemory<byte> JsonPatch { get; init; }

    /// <summary>A patch as a pure function of the current content; null for the other ways to say one.</summary>
    public Func<Resource, Outcome<Resource>>? Edit { get; init; }

    /// <summary>True when the content was made by a patch of the version that <see cref="IfMatch"/> names: then <see cref="Where"/> must still find that resource.</summary>
    internal bool IsPatched { get; init; }

    /// <summary>What was made ready of it before the commit; null for nothing.</summary>
    internal Sql.Draft? Draft { get; init; }

    /// <summary>A create; the id in the body does not count.</summary>
    public static Change Create(Resource resource, ResourceId? id = null) => new(ChangeKind.Create, resource.Type, id, resource);

    /// <summary>An update, or a create under that id.</summary>
    public static Change Update(ResourceId id, Resource resource) => new(ChangeKind.Update, resource.Type, id, resource);

    /// <summary>A delete; deleting what is not there changes nothing.</summary>
    public static Change Delete(ResourceKey key) => new(ChangeKind.Delete, key.Type, key.Id, null);

    /// <summary>A FHIRPath Patch.</summary>
    public static Change Patch(ResourceKey key, Resource parameters) => new(ChangeKind.Patch, key.Type, key.Id, parameters);

    /// <summary>A JSON Patch.</summary>
    public static Change Patch(ResourceKey key, ReadOnlyMemory<byte> jsonPatch) => new(ChangeKind.Patch, key.Type, key.Id, null) { JsonPatch = jsonPatch };

    /// <summary>A patch by a function, which may be asked again when another write comes between.</summary>
    public static Change Patch(ResourceKey key, Func<Resource, Outcome<Resource>> edit) => new(ChangeKind.Patch, key.Type, key.Id, null) { Edit = edit };

    /// <summary>An update of the one resource that is found, or a create when none is: under the id in the body, or under a new one.</summary>
    public static Change Update(SearchQuery where, Resource resource) => new(ChangeKind.Update, where.Type, resource.Id, resource) { Where = where };

    /// <summary>A delete of what is found, up to <paramref name="most"/> resources; finding nothing changes nothing.</summary>
    public static Change Delete(SearchQuery where, int most = 1) => new(ChangeKind.Delete, where.Type, null, null) { Where = where, Most = most };

    /// <summary>A patch by a function of the one resource that is found.</summary>
    public static Change Patch(SearchQuery where, Func<Resource, Outcome<Resource>> edit) => new(ChangeKind.Patch, where.Type, null, null) { Where = where, Edit = edit };

    /// <summary>A FHIRPath Patch of the one resource that is found.</summary>
    public static Change Patch(SearchQuery where, Resource parameters) => new(ChangeKind.Patch, where.Type, null, parameters) { Where = where };

    /// <summary>A JSON Patch of the one resource that is found.</summary>
    public static Change Patch(SearchQuery where, ReadOnlyMemory<byte> jsonPatch) => new(ChangeKind.Patch, where.Type, null, null) { Where = where, JsonPatch = jsonPatch };
}

/// <summary>What became of a change.</summary>
public enum AppliedKind
{
    /// <summary>A new resource (also by an update of what was not there, or was deleted).</summary>
    Created,
    /// <summary>A new version.</summary>
    Updated,
    /// <summary>Equal to what is stored (but meta): no new version.</summary>
    Unchanged,
    /// <summary>A conditional create found this one.</summary>
    Matched,
    /// <summary>Deleted, or there was nothing to delete.</summary>
    Deleted,
}

/// <summary>A change as it was applied.</summary>
/// <param name="Key">Type and id.</param>
/// <param name="Version">The current version; <c>0</c> when a delete found nothing.</param>
/// <param name="LastUpdated">When that version was made.</param>
/// <param name="Kind">What became of it.</param>
/// <param name="Json">The stored bytes; empty for a delete.</param>
public sealed record Applied(ResourceKey Key, string Version, DateTimeOffset LastUpdated, AppliedKind Kind, ReadOnlyMemory<byte> Json)
{
    /// <summary>The stored bytes; empty for a delete. Put together when they are asked for the first time.</summary>
    public ReadOnlyMemory<byte> Json
    {
        get => field.IsEmpty && Content is { } content ? field = content.With(Version, LastUpdated) : field;
        init;
    } = Json;

    /// <summary>The bytes without version and time; null when <see cref="Json"/> was given.</summary>
    internal UnversionedContent? Content { get; init; }

    /// <summary>How many resources the change reached: another number than 1 only for a deletion by condition, whose key and version are then those of the last one.</summary>
    public int Count { get; init; } = 1;
}

/// <summary>A commit that is durable.</summary>
/// <param name="T">Its number; the number of the last commit when nothing changed.</param>
/// <param name="Changes">One for each change asked for, in their order.</param>
public sealed record Commit(long T, ImmutableArray<Applied> Changes);
