using Microsoft.Data.Sqlite;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Store.Sql;
using Personalize.Store.Sql.Checking;

namespace Personalize.Store.Sqlite;

/// <summary>Verifies the file of a store. It reads one state of it in one transaction, so that a server may go on writing; until it ends the file's log is not cut off.</summary>
public static class StoreCheck
{
    private const int MostPages = 100;
    private const int Busy = 5; // SQLITE_BUSY
    private const int Corrupt = 11; // SQLITE_CORRUPT
    private const int NotADatabase = 26; // SQLITE_NOTADB

    /// <summary>Checks the store in a folder. Fails with <see cref="Failure.Missing"/> when there is none and with <see cref="Failure.Conflict"/> when another process holds the file for itself.</summary>
    /// <param name="dataFolder">The data folder.</param>
    /// <param name="catalog">The search parameters by which it is indexed.</param>
    /// <param name="ct">Gives up.</param>
    public static Outcome<CheckReport> Run(string dataFolder, SearchCatalog catalog, CancellationToken ct = default)
    {
        var file = Path.Combine(dataFolder, "store.db");
        if (!File.Exists(file))
            return new Failure.Missing($"There is no store in {dataFolder}.");
        var findings = new Findings();
        try
        {
            using var session = SqliteSession.Open(file, forWriting: false);
            session.Run("BEGIN");
            Pages(session, findings);
            return new WholeStore(session, session, StoredParameters.In(session, catalog), Merged(session), findings).Check(ct);
        }
        catch (SqliteException trouble) when (trouble.SqliteErrorCode is Corrupt or NotADatabase)
        {
            findings.Add(FindingKind.File, "store.db", "It is damaged, or no store: what lies behind the damage could not be read.");
            return new CheckReport(0, 0, 0, findings.All, findings.More, []);
        }
        catch (SqliteException trouble) when (trouble.SqliteErrorCode is Busy)
        {
            return new Failure.Conflict($"{file} is locked by another process.");
        }
    }

    /// <summary>The last version whose index rows must all be there. A file of the version before has none that wait.</summary>
    private static long Merged(Session session) =>
        session.Number("SELECT 1 FROM sqlite_schema WHERE name='merged'") is null ? long.MaxValue : session.Number("SELECT rid FROM merged") ?? 0;

    private static void Pages(Session session, Findings findings)
    {
        using var rows = session.Query($"PRAGMA integrity_check({MostPages})");
        while (rows.Step())
            if (rows.Text(0) != "ok")
                findings.Add(FindingKind.File, "store.db", rows.Text(0));
    }
}
