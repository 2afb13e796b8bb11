using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>Resources in tables, the same for every engine: one writer with group commit, and readers.</summary>
public abstract partial class SqlStore : IResourceStore
{
    private readonly LiveCatalog _live;
    private readonly SearchReader _search;
    private readonly Waiters _waiters = new();
    private readonly Writer _writer;
    private long _t;

    private protected SqlStore(WritingSession session, LiveCatalog live, StoreOptions options)
    {
        _live = live;
        _search = new(live.Numbers, () => Grounds);
        var counters = Counters.Read(session);
        _t = counters.T;
        _writer = new(session, live, _search, options, counters, Committed);
    }

    /// <inheritdoc/>
    public long T => Volatile.Read(ref _t);

    /// <inheritdoc/>
    public virtual TimeSpan Silence => TimeSpan.Zero;

    /// <summary>True when another program has taken the database over.</summary>
    private protected bool IsRefused => _live.Refusal is not null;

    /// <inheritdoc/>
    public SearchCatalog Catalog => _live.Value;

    /// <inheritdoc/>
    public DerivedGrounds Grounds
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    } = DerivedGrounds.Unknown;

    /// <summary>Numbers of types, texts and parameters.</summary>
    private protected Numbers Symbols => _live.Numbers;

    /// <inheritdoc/>
    public async Task<Outcome<Commit>> Commit(Access access, IReadOnlyList<Change> changes, Derived? derived, CancellationToken ct)
    {
        var sight = Sight(access);
        return (await _writer.Commit(access, changes, derived, ct))
            .Select(commit => commit with { Changes = [.. commit.Changes.Select(sight.Shown)] });
    }

    /// <inheritdoc/>
    public Task WaitBeyond(long t, CancellationToken ct) => _waiters.Wait(t, () => T, ct);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _writer.Stop();
        await Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>Lends a session that reads.</summary>
    private protected abstract T Read<T>(Func<Session, T> read, CancellationToken ct);

    /// <summary>The last commit, whoever wrote it.</summary>
    private protected abstract long Now(Session session);

    /// <summary>The commit at which a new search reads, and the number of the catalog there.</summary>
    /// <param name="session">The session that reads.</param>
    /// <param name="indexed">The last one of this process when the search came; its index rows are there.</param>
    private protected virtual (long T, long Catalog) SearchedAt(Session session, long indexed) => (indexed, _live.Number);

    /// <summary>Another process has changed the search parameters.</summary>
    private protected void HeardOf(long catalog)
    {
        if (catalog != _live.Number)
            _writer.Learn();
    }

    /// <summary>Lets go of everything but the writer, which has stopped.</summary>
    private protected abstract ValueTask Close();

    /// <summary>A commit is durable, here or elsewhere.</summary>
    private protected void Committed(long t)
    {
        if (InterlockedMax(t))
            _waiters.Wake();
    }

    private DerivedSight Sight(Access access) => new(access, Grounds);

    // Commits of other processes are told by another thread than our own.
    private bool InterlockedMax(long t)
    {
        for (var known = T; t > known; known = T)
            if (Interlocked.CompareExchange(ref _t, t, known) == known)
                return true;
        return false;
    }
}
