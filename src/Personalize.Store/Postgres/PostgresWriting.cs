using System.Globalization;
using Npgsql;
using Personalize.Fhir.Primitives;
using Personalize.Store.Sql;

namespace Personalize.Store.Postgres;

/// <summary>The connection of a process that writes. Round trips are what writing costs: rows are kept back and sent together with the commit.
/// After a fault it is thrown away, with what it had begun, and the next transaction takes a new one.</summary>
internal sealed class PostgresWriting(Func<NpgsqlConnection> connect) : WritingSession
{
    /// <summary>The lock that makes commits serial: one for each schema of the database.</summary>
    private const string Lock = "SELECT pg_advisory_xact_lock(hashtextextended('personalize', hashtext(current_schema())))";

    // An answered write is on disk; a server that says otherwise is overruled, one that asks for more is not.
    private const string Durable = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')";

    // Whatever the server's defaults are: a transaction that saw one state throughout would not see what was committed while it waited for the lock.
    private const string FreshTransaction = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";

    // Held by the session of every process that has the database open; alone by one that changes what all must know.
    private const string Open = "hashtextextended('personalize open', hashtext(current_schema()))";
    private const string WalksKey = "hashtextextended('personalize indexing', hashtext(current_schema()))";

    private readonly Dictionary<Table, RowBuffer> _inserts = [];
    private readonly Dictionary<Table, RowBuffer> _deletes = [];
    private readonly List<(string Sql, SqlValue[] Values)> _changes = [];
    private readonly Dictionary<RowBuffer, int> _marks = [];
    private int _markedChanges;
    private bool _hasSavepoint;
    private bool _isSaved;
    private bool _isOpen;
    private bool _indexes;
    private PostgresSession? _session;

    public override Dialect Dialect => PostgresSession.Words;

    public override bool IsShared => true;

    /// <inheritdoc/>
    /// <remarks>Between transactions too, then on a new connection when the last one was thrown away.</remarks>
    public override Rows Query(string sql, params ReadOnlySpan<SqlValue> values) => (_session ??= Connected()).Query(sql, values);

    private PostgresSession Session => _session ?? throw new InvalidOperationException("No transaction was begun.");

    /// <inheritdoc/>
    /// <remarks>A connection that died since the last transaction is replaced; nothing was written yet.</remarks>
    public override void Begin()
    {
        if (_session is not null)
        {
            try
            {
                BeginOn(_session);
                return;
            }
            catch (NpgsqlException fault) when (PostgresFaults.IsLost(fault))
            {
                Drop();
            }
        }
        _session = Connected();
        BeginOn(_session);
    }

    public override void Commit(long? t)
    {
        using var batch = Batch();
        if (t is { } news)
            batch.BatchCommands.Add(Command(PostgresNews.Tell, [news.ToString(CultureInfo.InvariantCulture)]));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        batch.ExecuteNonQuery();
        Clear();
        _hasSavepoint = false;
    }

    public override void Undo()
    {
        Clear();
        _hasSavepoint = false;
        Drop();
    }

    /// <inheritdoc/>
    /// <remarks>What it reads it reads in the order of an index: a server that has no statistics yet would sort all for each slice.</remarks>
    public override void BeginUpkeep()
    {
        Begin();
        Session.Run("SET LOCAL enable_bitmapscan TO off");
    }

    public override void MayBeLost() => Change("SET LOCAL synchronous_commit TO off");

    public override bool IsAlone() => this.Number($"SELECT CASE WHEN pg_try_advisory_lock({Open}) THEN 1 ELSE 0 END") == 1;

    public override void Join()
    {
        _isOpen = true;
        Session.Run($"SELECT pg_advisory_lock_shared({Open})");
        // One that is not held alone is not there to be let go: what is left is shared.
        Session.Run($"SELECT pg_advisory_unlock({Open}) FROM pg_locks WHERE pid=pg_backend_pid() AND locktype='advisory' AND mode='ExclusiveLock' AND ((classid::bigint << 32) | objid::bigint)={Open}");
    }

    public override bool TakeIndexing() => _indexes = _indexes || this.Number($"SELECT CASE WHEN pg_try_advisory_lock({WalksKey}) THEN 1 ELSE 0 END") == 1;

    public override void LeaveIndexing()
    {
        if (_indexes)
            Run($"SELECT pg_advisory_unlock({WalksKey})");
        _indexes = false;
    }

    public override void Tell(long catalog) => Change(PostgresNews.Tell, PostgresNews.CatalogMark + catalog.ToString(CultureInfo.InvariantCulture));

    public override void Insert(Table table, params ReadOnlySpan<SqlValue> row) => Buffer(_inserts, table).Add(row);

    public override void Delete(Table table, params ReadOnlySpan<SqlValue> row) => Buffer(_deletes, table).Add(row);

    public override void Change(string sql, params ReadOnlySpan<SqlValue> values) => _changes.Add((sql, values.ToArray()));

    public override void Flush()
    {
        using var batch = Batch();
        if (batch.BatchCommands.Count > 0)
            batch.ExecuteNonQuery();
        Clear();
    }

    public override void Mark(bool reads)
    {
        _isSaved = reads;
        if (reads)
            Save();
        _markedChanges = _changes.Count;
        foreach (var buffer in _inserts.Values.Concat(_deletes.Values))
            _marks[buffer] = buffer.Count;
    }

    public override void BackToMark()
    {
        // What was flushed since stands behind the savepoint.
        if (_isSaved)
            Session.Run("ROLLBACK TO one");
        _changes.RemoveRange(_markedChanges, _changes.Count - _markedChanges);
        foreach (var buffer in _inserts.Values.Concat(_deletes.Values))
            buffer.CutTo(_marks.GetValueOrDefault(buffer));
    }

    public override Failure? Unreachable(Exception fault) => fault is NpgsqlException trouble && PostgresFaults.IsLost(trouble)
        ? new Failure.Unavailable("The database broke off, or cannot be reached: whether the change was made is not known; it is made whole or not at all.")
        : null;

    /// <inheritdoc/>
    /// <remarks>The server lets go of what the session holds a moment after it ended; whoever starts next need not wait for that.</remarks>
    public override void Dispose()
    {
        try
        {
            _session?.Run("SELECT pg_advisory_unlock_all()");
        }
        catch (NpgsqlException)
        {
            // The connection is gone, and with it what it held.
        }
        Drop();
    }

    private PostgresSession Connected()
    {
        var session = new PostgresSession(connect());
        try
        {
            session.Run(Durable);
            if (_isOpen)
                session.Run($"SELECT pg_advisory_lock_shared({Open})");
            return session;
        }
        catch (NpgsqlException)
        {
            session.Dispose();
            throw;
        }
    }

    private static void BeginOn(PostgresSession session)
    {
        using var batch = new NpgsqlBatch(session.Connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(FreshTransaction));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Lock));
        batch.ExecuteNonQuery();
    }

    private static RowBuffer Buffer(Dictionary<Table, RowBuffer> buffers, Table table) =>
        buffers.TryGetValue(table, out var buffer) ? buffer : buffers[table] = new(table);

    private static NpgsqlBatchCommand Command(string sql, ReadOnlySpan<SqlValue> values)
    {
        var command = new NpgsqlBatchCommand(PostgresText.Numbered(sql));
        command.Parameters.Add(values);
        return command;
    }

    /// <summary>All that was kept back, in an order in which each statement finds what it needs.</summary>
    private NpgsqlBatch Batch()
    {
        var batch = new NpgsqlBatch(Session.Connection);
        foreach (var rows in _inserts.Values.Where(rows => rows.Count > 0))
            batch.BatchCommands.Add(rows.Insertion());
        foreach (var rows in _deletes.Values.Where(rows => rows.Count > 0))
            batch.BatchCommands.Add(rows.Deletion());
        foreach (var (sql, values) in _changes)
            batch.BatchCommands.Add(Command(sql, values));
        return batch;
    }

    private void Save()
    {
        using var batch = Batch();
        if (_hasSavepoint)
            batch.BatchCommands.Add(new NpgsqlBatchCommand("RELEASE one"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SAVEPOINT one"));
        batch.ExecuteNonQuery();
        Clear();
        _hasSavepoint = true;
    }

    private void Clear()
    {
        foreach (var rows in _inserts.Values.Concat(_deletes.Values))
            rows.CutTo(0);
        _changes.Clear();
        _marks.Clear();
        _markedChanges = 0;
    }

    private void Drop()
    {
        _session?.Dispose();
        (_session, _indexes) = (null, false);
    }
}
