using Npgsql;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Store.Sql;
using Personalize.Store.Sql.Checking;

namespace Personalize.Store.Postgres;

/// <summary>Verifies the store in a schema of PostgreSQL, as <see cref="Sqlite.StoreCheck"/> does a file's. It reads one state, in two transactions of one snapshot, so that servers may go on writing;
/// of what lies under the tables (pages, indexes) PostgreSQL's own <c>pg_amcheck</c> tells.</summary>
public static class PostgresCheck
{
    private const string Snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

    /// <summary>Checks the store. Fails with <see cref="Failure.Invalid"/> on a malformed connection string, with <see cref="Failure.Missing"/> when there is none in that schema, and with <see cref="Failure.Unavailable"/> when the database cannot be reached or breaks off.</summary>
    /// <param name="connectionString">Npgsql's; its <c>Search Path</c> names the schema.</param>
    /// <param name="catalog">The search parameters by which it is indexed.</param>
    /// <param name="ct">Gives up.</param>
    public static Outcome<CheckReport> Run(string connectionString, SearchCatalog catalog, CancellationToken ct = default)
    {
        if (!PostgresStore.Read(connectionString).TryGet(out var given, out var failure))
            return failure;
        // Sorting a great table takes its time.
        var patient = new NpgsqlConnectionStringBuilder(given.ConnectionString) { CommandTimeout = 0, KeepAlive = 30, Pooling = false };
        var findings = new Findings();
        try
        {
            using var source = NpgsqlDataSource.Create(patient);
            using var session = new PostgresSession(source.OpenConnection());
            using var lookups = new PostgresSession(source.OpenConnection());
            session.Run(Snapshot);
            lookups.Run(Snapshot);
            lookups.Run($"SET TRANSACTION SNAPSHOT '{session.Text("SELECT pg_export_snapshot()")}'");
            // Rows come with their version: none wait.
            return new WholeStore(session, lookups, StoredParameters.In(session, catalog), long.MaxValue, findings).Check(ct);
        }
        catch (PostgresException trouble) when (trouble.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            return new Failure.Missing("There is no store in this schema of the database.");
        }
        catch (PostgresException trouble) when (trouble.SqlState is PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted)
        {
            findings.Add(FindingKind.File, "database", "It is damaged: what lies behind the damage could not be read.");
            return new CheckReport(0, 0, 0, findings.All, findings.More, []);
        }
        catch (NpgsqlException trouble)
        {
            return PostgresStore.Unreachable(trouble);
        }
    }
}
