using Npgsql;

namespace Personalize.Store.Postgres;

/// <summary>Which faults come from the way to the database, not from what was asked of it.</summary>
internal static class PostgresFaults
{
    private const string Shutdown = "57P"; // operator intervention: stopping, starting, crashed
    private const string Connection = "08";

    /// <summary>True when the connection is lost, or never came to be.</summary>
    public static bool IsLost(NpgsqlException fault) => fault is not (PostgresException or NpgsqlOperationInProgressException)
        || fault is PostgresException answered && IsAway(answered);

    private static bool IsAway(PostgresException answered) =>
        answered.IsTransient
        || answered.SqlState.StartsWith(Shutdown, StringComparison.Ordinal)
        || answered.SqlState.StartsWith(Connection, StringComparison.Ordinal);
}
