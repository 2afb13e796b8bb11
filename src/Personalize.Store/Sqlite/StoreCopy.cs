using Microsoft.Data.Sqlite;
using Personalize.Fhir.Primitives;

namespace Personalize.Store.Sqlite;

/// <summary>Copies the file of a store while a server writes to it: the copy is one state of it, with every commit that was answered before.</summary>
public static class StoreCopy
{
    private const int Busy = 5; // SQLITE_BUSY
    private const int Corrupt = 11; // SQLITE_CORRUPT
    private const int NotADatabase = 26; // SQLITE_NOTADB

    /// <summary>Copies the store of a folder into another one. Fails with <see cref="Failure.Missing"/> when there is none, with <see cref="Failure.Conflict"/> when it cannot be read.</summary>
    /// <param name="dataFolder">The data folder.</param>
    /// <param name="folder">An empty folder.</param>
    public static Outcome<string> Make(string dataFolder, string folder)
    {
        var (from, to) = (Path.Combine(dataFolder, "store.db"), Path.Combine(folder, "store.db"));
        if (!File.Exists(from))
            return new Failure.Missing($"There is no store in {dataFolder}.");
        try
        {
            using var source = Open(from, SqliteOpenMode.ReadWrite);
            using var target = Open(to, SqliteOpenMode.ReadWriteCreate);
            // In one step: in many, each write of the server would make it begin anew.
            source.BackupDatabase(target);
            return to;
        }
        catch (SqliteException trouble) when (trouble.SqliteErrorCode is Busy or Corrupt or NotADatabase)
        {
            return new Failure.Conflict($"{from} cannot be read: it is {(trouble.SqliteErrorCode == Busy ? "locked by another process" : "damaged, or no store")}.");
        }
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
