using System.Collections.Immutable;
using System.Diagnostics;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store;

/// <summary>A store of any engine whose commits and searches are measured; see <see cref="StoreMeters"/>. Reads by id go through as they are.</summary>
/// <param name="store">The store; disposed with this one.</param>
public sealed class MeasuredStore(IResourceStore store) : IResourceStore
{
    /// <inheritdoc/>
    public long T => store.T;

    /// <inheritdoc/>
    public TimeSpan Silence => store.Silence;

    /// <inheritdoc/>
    public SearchCatalog Catalog => store.Catalog;

    /// <inheritdoc/>
    public DerivedGrounds Grounds
    {
        get => store.Grounds;
        set => store.Grounds = value;
    }

    /// <inheritdoc/>
    public async Task<Outcome<Commit>> Commit(Access access, IReadOnlyList<Change> changes, Derived? derived, CancellationToken ct)
    {
        using var activity = StoreMeters.Activities.StartActivity("store commit");
        var start = Stopwatch.GetTimestamp();
        var outcome = await store.Commit(access, changes, derived, ct);
        var end = outcome.Failure?.GetType().Name ?? "done";
        StoreMeters.CommitTime.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
        StoreMeters.Commits.Add(1, new KeyValuePair<string, object?>("outcome", end));
        activity?.SetTag("personalize.changes", changes.Count).SetTag("personalize.outcome", end);
        if (outcome.Failure is null)
            CountWritten(outcome.Value);
        return outcome;
    }

    /// <inheritdoc/>
    public async ValueTask<Outcome<SearchPage>> Search(Access access, SearchQuery query, SearchMark? from, CancellationToken ct)
    {
        using var activity = StoreMeters.Activities.StartActivity("store search");
        var start = Stopwatch.GetTimestamp();
        var outcome = await store.Search(access, query, from, ct);
        StoreMeters.SearchTime.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, new KeyValuePair<string, object?>("type", query.Type));
        activity?.SetTag("personalize.type", query.Type).SetTag("personalize.clauses", query.Clauses.Length);
        if (outcome.Failure is null)
            activity?.SetTag("personalize.matches", outcome.Value.Matches.Length).SetTag("personalize.included", outcome.Value.Includes.Length);
        return outcome;
    }

    /// <inheritdoc/>
    public ValueTask<Outcome<Stored>> Read(Access access, ResourceKey key, CancellationToken ct) => store.Read(access, key, ct);

    /// <inheritdoc/>
    public ValueTask<Outcome<Stored>> ReadVersion(Access access, ResourceKey key, string version, CancellationToken ct) => store.ReadVersion(access, key, version, ct);

    /// <inheritdoc/>
    public ValueTask<Outcome<HistoryPage>> History(Access access, HistoryQuery query, CancellationToken ct) => store.History(access, query, ct);

    /// <inheritdoc/>
    public ValueTask<Outcome<ImmutableArray<Stored>>> Labelled(Access access, string? type, CancellationToken ct) => store.Labelled(access, type, ct);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Stored>> Compartment(Access access, ResourceId patient, CancellationToken ct) => store.Compartment(access, patient, ct);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<FeedEntry>> Feed(long after, int limit, CancellationToken ct) => store.Feed(after, limit, ct);

    /// <inheritdoc/>
    public Task WaitBeyond(long t, CancellationToken ct) => store.WaitBeyond(t, ct);

    /// <inheritdoc/>
    public ValueTask<long> Cursor(string reader, CancellationToken ct) => store.Cursor(reader, ct);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Membership>> Memberships(ResourceId patient, CancellationToken ct) => store.Memberships(patient, ct);

    /// <inheritdoc/>
    public ValueTask<MembersPage> Members(string segment, string? after, int limit, CancellationToken ct) => store.Members(segment, after, limit, ct);

    /// <inheritdoc/>
    public ValueTask<ImmutableSortedDictionary<string, long>> SegmentCounts(CancellationToken ct) => store.SegmentCounts(ct);

    /// <inheritdoc/>
    public ValueTask<FactRow?> Facts(ResourceId patient, CancellationToken ct) => store.Facts(patient, ct);

    /// <inheritdoc/>
    public ValueTask<StoreCounts> Counts(CancellationToken ct) => store.Counts(ct);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => store.DisposeAsync();

    private static void CountWritten(Commit commit)
    {
        if (!StoreMeters.Written.Enabled)
            return;
        foreach (var written in commit.Changes.Where(c => c.Kind is AppliedKind.Created or AppliedKind.Updated or AppliedKind.Deleted).CountBy(c => (c.Key.Type, c.Kind)))
            StoreMeters.Written.Add(written.Value, new("type", written.Key.Type), new("kind", written.Key.Kind.ToString()));
    }
}
