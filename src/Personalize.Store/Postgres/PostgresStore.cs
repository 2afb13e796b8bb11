using Npgsql;
using Personalize.Fhir.Primitives;
using Personalize.Store.Sql;

namespace Personalize.Store.Postgres;

/// <summary>Resources in one schema of a PostgreSQL database. Any number of processes may have it open: commits are serial under a lock of the database, and each process hears of all.</summary>
public sealed class PostgresStore : SqlStore
{
    /// <summary>How often a read is tried on a new connection; after that the fault is the caller's.</summary>
    private const int Tries = 3;

    private const int WriterTimeout = 120; // s

    private readonly NpgsqlDataSource _source;
    private readonly PostgresWriting _session;
    private readonly PostgresNews _news;

    private PostgresStore(NpgsqlDataSource source, PostgresWriting session, Func<NpgsqlConnection> connect, LiveCatalog live, StoreOptions options)
        : base(session, live, options) => (_source, _session, _news) = (source, session, new(connect, Committed, HeardOf));

    /// <summary>Opens the store, and makes its tables when there are none. Fails with <see cref="Failure.Invalid"/> on a malformed connection string,
    /// with <see cref="Failure.Conflict"/> on tables of another version or while a server with other search parameters of its own has them open, and with <see cref="Failure.Unavailable"/> when the database cannot be reached. No failure shows the connection string.</summary>
    /// <param name="connectionString">Npgsql's; its <c>Search Path</c> names the schema.</param>
    /// <param name="options">What is indexed, and the clock.</param>
    public static Outcome<PostgresStore> Open(string connectionString, StoreOptions options)
    {
        if (!Read(connectionString).TryGet(out var given, out var failure))
            return failure;
        var alone = new NpgsqlConnectionStringBuilder(given.ConnectionString) { Pooling = false, CommandTimeout = WriterTimeout, KeepAlive = 30 }.ConnectionString;
        var source = NpgsqlDataSource.Create(given);
        var session = new PostgresWriting(Connect);
        try
        {
            if (new Opening(session, options).Run(PostgresMigrations.All).TryGet(out var live, out failure))
                return new PostgresStore(source, session, Connect, live, options);
        }
        catch (NpgsqlException trouble)
        {
            failure = Unreachable(trouble);
        }
        session.Dispose();
        source.Dispose();
        return failure;

        NpgsqlConnection Connect()
        {
            var connection = new NpgsqlConnection(alone);
            connection.Open();
            return connection;
        }
    }

    /// <inheritdoc/>
    public override TimeSpan Silence => IsRefused ? TimeSpan.MaxValue : _news.Silence;

    private protected override T Read<T>(Func<Session, T> read, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        for (var left = Tries; ; left--)
        {
            try
            {
                using var session = new PostgresSession(_source.OpenConnection());
                using var stop = ct.UnsafeRegister(static session => ((PostgresSession)session!).Cancel(), session);
                return read(session);
            }
            catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.QueryCanceled && ct.IsCancellationRequested)
            {
                throw new OperationCanceledException(ct);
            }
            catch (NpgsqlException fault) when (left > 1 && PostgresFaults.IsLost(fault))
            {
                // The others of the pool are as old as this one.
                _source.Clear();
            }
        }
    }

    // Another process may have written since we heard of it.
    private protected override long Now(Session session)
    {
        var t = session.Number("SELECT max(t) FROM res") ?? 0;
        Committed(t);
        return t;
    }

    // Index rows come with their versions, whoever writes them.
    private protected override (long T, long Catalog) SearchedAt(Session session, long indexed)
    {
        using var row = session.Query("SELECT coalesce((SELECT max(t) FROM res), 0), (SELECT number FROM catalog)");
        row.Step();
        Committed(row.Int64(0));
        return (row.Int64(0), row.Int64(1));
    }

    private protected override async ValueTask Close()
    {
        await _news.DisposeAsync();
        _session.Dispose();
        await _source.DisposeAsync();
    }

    /// <summary>Why the database does not answer, as far as it may be told.</summary>
    internal static Failure.Unavailable Unreachable(NpgsqlException trouble) =>
        new($"PostgreSQL cannot be reached, or refuses ({trouble.SqlState ?? trouble.InnerException?.GetType().Name ?? "no answer"}): look at the connection string, the server and the user's rights.");

    /// <summary>The connection string as it is used. Fails with <see cref="Failure.Invalid"/> on a malformed one.</summary>
    internal static Outcome<NpgsqlConnectionStringBuilder> Read(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString)
            {
                MaxAutoPrepare = 200,
                AutoPrepareMinUsages = 2,
                // Nothing is set on a connection that reads.
                NoResetOnClose = true,
                ApplicationName = "personalize",
            };
        }
        catch (Exception trouble) when (trouble is ArgumentException or FormatException)
        {
            return new Failure.Invalid("The connection string of PostgreSQL cannot be read.");
        }
    }
}
