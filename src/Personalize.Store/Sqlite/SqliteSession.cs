using Microsoft.Data.Sqlite;
using Personalize.Store.Sql;

namespace Personalize.Store.Sqlite;

/// <summary>A connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class SqliteSession : Session
{
    private const int MaxStatements = 400;
    // SQLITE_DBCONFIG_ENABLE_QPSG, the guarantee that plans do not change with values.
    private const int PlansStay = 1007;
    private static readonly Dialect _dialect = new("CROSS JOIN", "IN (SELECT value FROM json_each(?))", "instr", PlansItself: false);
    // So many steps of SQLite's machine, some tenths of a millisecond, between two looks at whether somebody still waits.
    private const int StepsBetweenLooks = 10_000;
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, Statement> _statements = [];
    private readonly Dictionary<Table, Statement> _inserts = [];
    private readonly Dictionary<Table, Statement> _insertsOfMany = [];
    private readonly BlobReader _blobs;

    private SqliteSession(SqliteConnection connection) => (_connection, _blobs) = (connection, new(this));

    /// <summary>Opens the file; a reader cannot write.</summary>
    public static SqliteSession Open(string file, bool forWriting)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = forWriting ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite,
            Pooling = false,
        }.ToString());
        connection.Open();
        var session = new SqliteSession(connection);
        try
        {
            session.Prepare(forWriting);
            return session;
        }
        catch (SqliteException)
        {
            session.Dispose();
            throw;
        }
    }

    private void Prepare(bool forWriting)
    {
        // Else SQLite plans a statement anew for every number behind LIMIT.
        SQLitePCL.raw.sqlite3_db_config(_connection.Handle!, PlansStay, 1, out _);
        Run("PRAGMA busy_timeout=10000");
        if (forWriting)
            Run("PRAGMA journal_mode=WAL");
        Run("PRAGMA synchronous=FULL");
        // What many readers would keep each for itself the system keeps once for all of them.
        Run(forWriting ? "PRAGMA cache_size=-65536" : "PRAGMA cache_size=-8192");
        Run("PRAGMA temp_store=MEMORY");
        if (!forWriting)
            SQLitePCL.raw.sqlite3_progress_handler(_connection.Handle!, StepsBetweenLooks, static session => ((SqliteSession)session).Stop.IsCancellationRequested ? 1 : 0, this);
        Run(forWriting ? "PRAGMA wal_autocheckpoint=8000" : "PRAGMA query_only=1");
    }

    public override Dialect Dialect => _dialect;

    /// <summary>Ends the statement that runs when it is cancelled; of a reader only.</summary>
    public CancellationToken Stop { get; set; }

    /// <summary>False inside a transaction.</summary>
    public bool InAutocommit => SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle!) != 0;

    /// <summary>A statement with its values bound; dispose it when its rows are read.</summary>
    public override Rows Query(string sql, params ReadOnlySpan<SqlValue> values)
    {
        if (_statements.TryGetValue(sql, out var statement))
            return (statement.IsBusy ? new Statement(_connection.Handle!, _blobs, sql, false) : statement).Bind(values);
        if (_statements.Count >= MaxStatements)
            CloseIdle();
        statement = _statements[sql] = new(_connection.Handle!, _blobs, sql, true);
        return statement.Bind(values);
    }

    /// <summary>Writes a row, or <see cref="Table.Many"/>; gives how many were not there.</summary>
    public int Insert(Table table, ReadOnlySpan<SqlValue> rows)
    {
        var isOne = rows.Length == table.Columns.Count;
        var inserts = isOne ? _inserts : _insertsOfMany;
        if (!inserts.TryGetValue(table, out var statement))
            statement = inserts[table] = new(_connection.Handle!, _blobs, isOne ? table.Insert : table.InsertMany, true);
        using (statement.Bind(rows))
            statement.Step();
        return SQLitePCL.raw.sqlite3_changes(_connection.Handle!);
    }

    public override void Dispose()
    {
        foreach (var statement in _statements.Values.Concat(_inserts.Values).Concat(_insertsOfMany.Values))
            statement.Close();
        _blobs.Dispose();
        _connection.Dispose();
    }

    private void CloseIdle()
    {
        foreach (var (sql, statement) in _statements.Where(s => !s.Value.IsBusy).ToList())
        {
            statement.Close();
            _statements.Remove(sql);
        }
    }
}
