using System.Collections.Immutable;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sqlite;

/// <summary>How a store is opened.</summary>
/// <param name="Catalog">The search parameters to index; what differs from the last time is indexed anew before the store opens.</param>
/// <param name="Clock">Gives lastUpdated.</param>
public sealed record SqliteOptions(SearchCatalog Catalog, TimeProvider Clock);

/// <summary>Resources in one SQLite file of a data folder: WAL, synchronous=FULL, one writer with group commit, pooled readers.</summary>
public sealed class SqliteStore : IResourceStore
{
    /// <summary>Opens or makes the store in a folder and takes its lock. Fails with <see cref="Failure.Conflict"/> while another process holds it.</summary>
    public static Outcome<SqliteStore> Open(string dataFolder, SqliteOptions options) => throw new NotImplementedException();

    /// <inheritdoc/>
    public long T => throw new NotImplementedException();
    /// <inheritdoc/>
    public SearchCatalog Catalog => throw new NotImplementedException();
    /// <inheritdoc/>
    public Task<Outcome<Commit>> Commit(Access access, IReadOnlyList<Change> changes, Derived? derived, CancellationToken ct) => throw new NotImplementedException();
    /// <inheritdoc/>
    public ValueTask<Outcome<Stored>> Read(Access access, ResourceKey key, CancellationToken ct) => throw new NotImplementedException();
    /// <inheritdoc/>
    public ValueTask<Outcome<Stored>> ReadVersion(Access access, ResourceKey key, string version, CancellationToken ct) => throw new NotImplementedException();
    /// <inheritdoc/>
    public ValueTask<Outcome<HistoryPage>> History(Access access, HistoryQuery query, CancellationToken ct) => throw new NotImplementedException();
    /// <inheritdoc/>
    public ValueTask<Outcome<SearchPage>> Search(Access access, SearchQuery query, SearchMark? from, CancellationToken ct) => throw new NotImplementedException();
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Stored>> Compartment(Access access, ResourceId patient, CancellationToken ct) => throw new NotImplementedException();
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<FeedEntry>> Feed(long after, int limit, CancellationToken ct) => throw new NotImplementedException();
    /// <inheritdoc/>
    public Task WaitBeyond(long t, CancellationToken ct) => throw new NotImplementedException();
    /// <inheritdoc/>
    public ValueTask<long> Cursor(string reader, CancellationToken ct) => throw new NotImplementedException();
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Membership>> Memberships(ResourceId patient, CancellationToken ct) => throw new NotImplementedException();
    /// <inheritdoc/>
    public ValueTask<MembersPage> Members(string segment, string? after, int limit, CancellationToken ct) => throw new NotImplementedException();
    /// <inheritdoc/>
    public ValueTask<ImmutableSortedDictionary<string, long>> SegmentCounts(CancellationToken ct) => throw new NotImplementedException();
    /// <inheritdoc/>
    public ValueTask<FactRow?> Facts(ResourceId patient, CancellationToken ct) => throw new NotImplementedException();
    /// <inheritdoc/>
    public ValueTask<StoreCounts> Counts(CancellationToken ct) => throw new NotImplementedException();
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
