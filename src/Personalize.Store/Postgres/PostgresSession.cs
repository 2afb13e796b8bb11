using Npgsql;
using Personalize.Store.Sql;

namespace Personalize.Store.Postgres;

/// <summary>A connection to PostgreSQL; each statement is a round trip and sees what is committed when it begins.</summary>
internal sealed class PostgresSession(NpgsqlConnection connection) : Session
{
    public static readonly Dialect Words = new("JOIN", "=ANY(?)", "strpos", PlansItself: true)
    {
        Head = text => $"left({text}, 200)",
        Key = PostgresText.Key,
        ByItself = " OFFSET 0",
        HasDoubles = true,
        Row = _ => "ctid",
        HasTable = "SELECT 1 WHERE to_regclass(?) IS NOT NULL",
    };

    public override Dialect Dialect => Words;

    public NpgsqlConnection Connection => connection;

    // Of another thread, that of whoever gives up.
    private volatile NpgsqlCommand? _running;

    /// <summary>Ends the statement that runs, which then fails as cancelled.</summary>
    public void Cancel() => _running?.Cancel();

    public override Rows Query(string sql, params ReadOnlySpan<SqlValue> values)
    {
        var command = new NpgsqlCommand(PostgresText.Numbered(sql), connection);
        command.Parameters.Add(values);
        _running = command;
        return new PostgresRows(command, command.ExecuteReader());
    }

    public override void Dispose() => connection.Dispose();
}
