using Microsoft.Data.Sqlite;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sqlite;

/// <summary>How a store is opened.</summary>
/// <param name="Catalog">The search parameters to index; what differs from the last time is indexed anew before the store opens.</param>
/// <param name="Clock">Gives lastUpdated.</param>
public sealed record SqliteOptions(SearchCatalog Catalog, TimeProvider Clock)
{
    /// <summary>How long searches can look back to a commit: a version that was replaced longer ago is no longer found by them, only by history. A day and an hour unless told.</summary>
    public TimeSpan LookBack { get; init; } = TimeSpan.FromHours(25);
}

/// <summary>Resources in one SQLite file of a data folder: WAL, synchronous=FULL, one writer with group commit, pooled readers.</summary>
public sealed partial class SqliteStore : IResourceStore
{
    private const int Corrupt = 11; // SQLITE_CORRUPT
    private const int NotADatabase = 26; // SQLITE_NOTADB

    private readonly DataLock _lock;
    private readonly Session _session;
    private readonly Readers _readers;
    private readonly Numbers _numbers;
    private readonly SearchReader _search;
    private readonly Writer _writer;
    private readonly Waiters _waiters = new();
    private long _t;

    private SqliteStore(string file, DataLock held, Session session, Numbers numbers, SqliteOptions options)
    {
        (_lock, _session, _numbers, Catalog) = (held, session, numbers, options.Catalog);
        _readers = new(file);
        _search = new(numbers, () => Grounds);
        _t = session.Number("SELECT max(t) FROM res") ?? 0;
        _writer = new(session, numbers, _search, options, _t, Committed);
    }

    /// <summary>Opens or makes the store in a folder and takes its lock. Fails with <see cref="Failure.Conflict"/> while another process holds it, or when the file has another layout.</summary>
    public static Outcome<SqliteStore> Open(string dataFolder, SqliteOptions options)
    {
        if (!DataLock.Take(dataFolder).TryGet(out var held, out var failure))
            return failure;
        var file = Path.Combine(dataFolder, "store.db");
        Session? session = null;
        try
        {
            session = Session.Open(file, true);
            if (new Opening(session, options.Catalog).Run().TryGet(out var numbers, out failure))
                return new SqliteStore(file, held, session, numbers, options);
        }
        catch (SqliteException trouble) when (trouble.SqliteErrorCode is NotADatabase or Corrupt)
        {
            failure = new Failure.Conflict($"{file} is damaged, or no store: put back a copy, or choose another folder with --data.");
        }
        session?.Dispose();
        held.Dispose();
        return failure;
    }

    /// <inheritdoc/>
    public long T => Volatile.Read(ref _t);

    /// <inheritdoc/>
    public SearchCatalog Catalog { get; }

    /// <inheritdoc/>
    public DerivedGrounds Grounds
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    } = DerivedGrounds.Unknown;

    /// <inheritdoc/>
    public async Task<Outcome<Commit>> Commit(Access access, IReadOnlyList<Change> changes, Derived? derived, CancellationToken ct)
    {
        var sight = Sight(access);
        return (await _writer.Commit(new Request(access, changes, derived), ct))
            .Select(commit => commit with { Changes = [.. commit.Changes.Select(c => c with { Json = sight.Shown(c.Key, c.Json) })] });
    }

    /// <inheritdoc/>
    public Task WaitBeyond(long t, CancellationToken ct) => _waiters.Wait(t, () => T, ct);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _writer.Stop();
        _readers.Dispose();
        _session.Dispose();
        _lock.Dispose();
    }

    private DerivedSight Sight(Access access) => new(access, Grounds);

    private void Committed(long t)
    {
        Volatile.Write(ref _t, t);
        _waiters.Wake();
    }
}
