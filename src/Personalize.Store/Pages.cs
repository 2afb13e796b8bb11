using System.Collections.Immutable;
using Personalize.Fhir.Primitives;

namespace Personalize.Store;

/// <summary>A version as it is stored.</summary>
/// <param name="Key">Type and id.</param>
/// <param name="Version">The version: 1, 2, 3.</param>
/// <param name="LastUpdated">When it was made.</param>
/// <param name="T">The commit that made it.</param>
/// <param name="Deleted">True for the version that is a deletion; it has no bytes.</param>
/// <param name="Actor">Who made it.</param>
/// <param name="Json">The bytes.</param>
/// <param name="Kind">How it was made.</param>
public sealed record Stored(ResourceKey Key, string Version, DateTimeOffset LastUpdated, long T, bool Deleted, string Actor, ReadOnlyMemory<byte> Json, ChangeKind Kind);

/// <summary>Where a page ended, pinned to a commit: the next page sees the same data. Opaque outside the store; seal it before it leaves the server.</summary>
/// <param name="T">The commit at which all pages are read.</param>
/// <param name="Key">The last entry's place; empty for the first page as it was at that commit.</param>
public sealed record SearchMark(long T, string Key);

/// <summary>A page of a search.</summary>
/// <param name="Matches">The matches in order.</param>
/// <param name="Includes">What <c>_include</c> and <c>_revinclude</c> bring, each once, none that is a match of this page.</param>
/// <param name="Next">What to ask with for the next page; null at the end.</param>
/// <param name="Total">The number of matches; null when it was not asked for and is not cheap.</param>
/// <param name="T">The commit at which it was read.</param>
public sealed record SearchPage(ImmutableArray<Stored> Matches, ImmutableArray<Stored> Includes, SearchMark? Next, long? Total, long T);

/// <summary>A question for history, newest first: of one resource, of a type, or of all (both null).</summary>
/// <param name="Type">The type; null for all.</param>
/// <param name="Id">The id; needs a type.</param>
public sealed record HistoryQuery(string? Type = null, ResourceId? Id = null)
{
    /// <summary>Only versions made at or after this time.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only versions that were current at some time of this span, its end left out; a deletion is current until the next version.</summary>
    public (DateTimeOffset From, DateTimeOffset Until)? At { get; init; }

    /// <summary>Versions on a page; null for the store's default of 50.</summary>
    public int? Count { get; init; }

    /// <summary>Where the page before ended.</summary>
    public SearchMark? From { get; init; }
}

/// <summary>A page of history.</summary>
/// <param name="Entries">Versions, newest first, deletions among them.</param>
/// <param name="Next">What to ask with for the next page; null at the end.</param>
/// <param name="Total">The number of versions in all; null when it is not cheap.</param>
/// <param name="T">The commit at which it was read.</param>
public sealed record HistoryPage(ImmutableArray<Stored> Entries, SearchMark? Next, long? Total, long T);

/// <summary>One change in the feed.</summary>
/// <param name="T">The commit.</param>
/// <param name="Key">Type and id.</param>
/// <param name="Version">The version that was made.</param>
/// <param name="Kind">How.</param>
/// <param name="Actor">By whom.</param>
/// <param name="IsEngine">True when the engine itself wrote it.</param>
/// <param name="Patients">The patients in whose compartment this or the previous version lies.</param>
public sealed record FeedEntry(long T, ResourceKey Key, string Version, ChangeKind Kind, string Actor, bool IsEngine, ImmutableArray<ResourceId> Patients);
