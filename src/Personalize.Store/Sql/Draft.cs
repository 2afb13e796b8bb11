using System.Collections.Concurrent;
using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>A content as far as it can be made ready before the commit: its values, the compartments in which it lies, and its bytes but for version and time.</summary>
/// <param name="Key">The resource that it is to be.</param>
/// <param name="Content">The content from which it was made.</param>
/// <param name="Catalog">The catalog with which its values were taken.</param>
/// <param name="Values">Its values.</param>
/// <param name="Patients">The patients to whose record it belongs.</param>
/// <param name="Json">Its bytes.</param>
/// <param name="Packed">The same as the engine keeps them; empty when it keeps them as they are.</param>
internal sealed record Draft(ResourceKey Key, Resource Content, SearchCatalog Catalog, IndexEntries Values, ImmutableArray<ResourceId> Patients, UnversionedContent Json, ReadOnlyMemory<byte> Packed)
{
    /// <summary>True when it is what would be made now.</summary>
    public bool IsOf(ResourceKey key, Resource content, SearchCatalog catalog) => ReferenceEquals(Content, content) && Catalog.IndexesLike(catalog) && Key == key;
}

/// <summary>Makes drafts, in the threads of those who ask, so that the one writer has less to do. Safe for concurrent use.</summary>
/// <param name="pack">Makes bytes smaller, as the engine keeps them.</param>
internal sealed class Drafting(Func<UnversionedContent, ReadOnlyMemory<byte>> pack)
{
    private readonly ConcurrentBag<IndexEntries> _idle = [];

    /// <summary>The change with its draft; as it is when its id or its content will be known in the commit alone.</summary>
    public Change With(Change change, SearchCatalog catalog) => change is { Resource: { } content, Id: not null, References.IsDefaultOrEmpty: true }
        ? change with { Draft = Of(change.Key, content, catalog) } : change;

    /// <summary>A draft.</summary>
    public Draft Of(ResourceKey key, Resource content, SearchCatalog catalog)
    {
        if (!_idle.TryTake(out var entries))
            entries = new();
        entries.Fill(content, catalog);
        var values = entries.Copy();
        _idle.Add(entries);
        var json = Edit.WithId(content, key.Id);
        return new(key, content, catalog, values, Compartments.Patients(key.Type, key.Id, values, catalog), json, pack(json));
    }
}
