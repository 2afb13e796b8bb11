using Microsoft.Data.Sqlite;

namespace Personalize.Store.Sqlite;

/// <summary>A connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class Session : IDisposable
{
    private const int MaxStatements = 400;
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, Statement> _statements = [];

    private Session(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the file; a reader cannot write.</summary>
    public static Session Open(string file, bool forWriting)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = forWriting ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite,
            Pooling = false,
        }.ToString());
        connection.Open();
        var session = new Session(connection);
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
        Run("PRAGMA busy_timeout=10000");
        if (forWriting)
            Run("PRAGMA journal_mode=WAL");
        Run("PRAGMA synchronous=FULL");
        Run("PRAGMA cache_size=-65536");
        Run("PRAGMA temp_store=MEMORY");
        Run(forWriting ? "PRAGMA wal_autocheckpoint=4000" : "PRAGMA query_only=1");
    }

    /// <summary>False inside a transaction.</summary>
    public bool InAutocommit => SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle!) != 0;

    /// <summary>Runs a statement to its end.</summary>
    public void Run(string sql, params ReadOnlySpan<SqlValue> values)
    {
        using var statement = Query(sql, values);
        while (statement.Step())
        {
        }
    }

    /// <summary>A statement with its values bound; dispose it when its rows are read.</summary>
    public Statement Query(string sql, params ReadOnlySpan<SqlValue> values)
    {
        if (_statements.TryGetValue(sql, out var statement))
            return (statement.IsBusy ? new Statement(_connection.Handle!, sql, false) : statement).Bind(values);
        if (_statements.Count >= MaxStatements)
            CloseIdle();
        statement = _statements[sql] = new(_connection.Handle!, sql, true);
        return statement.Bind(values);
    }

    /// <summary>The first column of the first row as a number; null when there is no row, or NULL in it.</summary>
    public long? Number(string sql, params ReadOnlySpan<SqlValue> values)
    {
        using var statement = Query(sql, values);
        return statement.Step() && !statement.IsNull(0) ? statement.Int64(0) : null;
    }

    /// <summary>The first column of the first row as text; null when there is no row, or NULL in it.</summary>
    public string? Text(string sql, params ReadOnlySpan<SqlValue> values)
    {
        using var statement = Query(sql, values);
        return statement.Step() && !statement.IsNull(0) ? statement.Text(0) : null;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Close();
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
