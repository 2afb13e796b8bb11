using Personalize.Fhir.Search;

namespace Personalize.Store;

/// <summary>How a store is opened.</summary>
/// <param name="Catalog">The search parameters that come with the program; what differs of them from the last time is indexed anew before the store opens. Those that clients store come to them.</param>
/// <param name="Clock">Gives lastUpdated.</param>
public sealed record StoreOptions(SearchCatalog Catalog, TimeProvider Clock)
{
    /// <summary>How long searches can look back to a commit: a version that was replaced longer ago is no longer found by them, only by history. A day and an hour unless told.</summary>
    public TimeSpan LookBack { get; init; } = TimeSpan.FromHours(25);

    /// <summary>How long index rows wait in memory once nothing is written any more; a search does not wait for it. 20 ms unless told. SQLite only.</summary>
    public TimeSpan IndexRest { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How many resources are looked through at once for the values of a search parameter that was stored; a quarter while others write. Writes wait so long at most. 200 unless told.</summary>
    public int IndexingSlice { get; init; } = 200;

    /// <summary>How long that rests between two slices while nobody writes; not at all unless told.</summary>
    public TimeSpan IndexingRest { get; init; } = TimeSpan.Zero;

    /// <summary>How many index rows are brought into order together, some 90 bytes of memory each; up to twice as many wait. 300,000 unless told. SQLite only.</summary>
    public int MostWaiting { get; init; } = 300_000;
}
