using Microsoft.Data.Sqlite;
using Personalize.Fhir.Primitives;
using Personalize.Store.Sql;

namespace Personalize.Store.Sqlite;

/// <summary>Resources in one SQLite file of a data folder: WAL, synchronous=FULL, pooled readers.</summary>
public sealed class SqliteStore : SqlStore
{
    private const int Corrupt = 11; // SQLITE_CORRUPT
    private const int NotADatabase = 26; // SQLITE_NOTADB

    private readonly DataLock _lock;
    private readonly SqliteWriting _session;
    private readonly Readers _readers;

    private SqliteStore(string file, DataLock held, SqliteWriting session, LiveCatalog live, StoreOptions options)
        : base(session, live, options) => (_lock, _session, _readers) = (held, session, new(file));

    /// <summary>Opens or makes the store in a folder and takes its lock. Fails with <see cref="Failure.Conflict"/> while another process holds it, or when the file is of another version.</summary>
    public static Outcome<SqliteStore> Open(string dataFolder, StoreOptions options)
    {
        if (!DataLock.Take(dataFolder).TryGet(out var held, out var failure))
            return failure;
        var file = Path.Combine(dataFolder, "store.db");
        SqliteWriting? session = null;
        try
        {
            session = new(SqliteSession.Open(file, true), options.MostWaiting);
            if (new Opening(session, options).Run(SqliteMigrations.All).TryGet(out var live, out failure))
            {
                session.LoadDictionary();
                return new SqliteStore(file, held, session, live, options);
            }
        }
        catch (SqliteException trouble) when (trouble.SqliteErrorCode is NotADatabase or Corrupt)
        {
            failure = new Failure.Conflict($"{file} is damaged, or no store: put back a copy, or choose another folder with --data.");
        }
        session?.Dispose();
        held.Dispose();
        return failure;
    }

    /// <summary>As <see cref="SqliteWriting.Limit"/>; while nobody writes.</summary>
    internal void Limit(long pages) => _session.Limit(pages);

    private protected override T Read<T>(Func<Session, T> read, CancellationToken ct) => _readers.Read(read, ct);

    // One process writes, so what it knows is what there is.
    private protected override long Now(Session session) => T;

    private protected override ValueTask Close()
    {
        _readers.Dispose();
        _session.Dispose();
        _lock.Dispose();
        return ValueTask.CompletedTask;
    }
}
