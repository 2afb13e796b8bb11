using Microsoft.Data.Sqlite;
using Npgsql;
using Personalize.Fhir.Primitives;
using Personalize.Store.Postgres;
using Personalize.Store.Sql;
using Personalize.Store.Sqlite;

namespace Personalize.Store.Tests;

/// <summary>A database engine. The tests of the contract are the same for each.</summary>
public abstract class Engine
{
    public static Engine Sqlite { get; } = new InFolders();

    public static Engine Postgres { get; } = new InSchemas();

    /// <summary>An empty place for a store; skips the test where the engine is missing.</summary>
    public abstract Home New();

    private sealed class InFolders : Engine
    {
        public override Home New() => new FolderHome();
    }

    private sealed class InSchemas : Engine
    {
        public override Home New() => new SchemaHome(PostgresServer.Shared);
    }
}

/// <summary>Where a test's store lies.</summary>
public abstract class Home : IDisposable
{
    /// <summary>Opens the store in it.</summary>
    public abstract Outcome<SqlStore> Open(StoreOptions options);

    /// <summary>Asks the database itself; the first row as numbers.</summary>
    public abstract long[] Ask(string sql);

    /// <summary>Changes the database behind the store's back.</summary>
    public abstract void Run(string sql);

    public abstract void Dispose();
}

/// <summary>A folder with a file of SQLite.</summary>
public sealed class FolderHome : Home
{
    private readonly TempFolder _folder = new();

    public string Path => _folder.Path;

    public override Outcome<SqlStore> Open(StoreOptions options) => SqliteStore.Open(Path, options).Select(store => (SqlStore)store);

    public override long[] Ask(string sql)
    {
        using var file = File();
        using var command = file.CreateCommand();
        command.CommandText = sql;
        using var row = command.ExecuteReader();
        Assert.True(row.Read());
        return [.. Enumerable.Range(0, row.FieldCount).Select(row.GetInt64)];
    }

    public override void Run(string sql)
    {
        using var file = File();
        using var command = file.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public override void Dispose() => _folder.Dispose();

    private SqliteConnection File()
    {
        var file = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = System.IO.Path.Combine(Path, "store.db"), Pooling = false }.ToString());
        file.Open();
        return file;
    }
}

/// <summary>A schema in a database of PostgreSQL. It goes with the server.</summary>
internal sealed class SchemaHome : Home
{
    private static int _last;

    public SchemaHome(PostgresServer server)
    {
        var schema = $"test{Interlocked.Increment(ref _last)}";
        ConnectionString = server.ConnectionString;
        Run($"CREATE SCHEMA {schema}");
        ConnectionString += $";Search Path={schema}";
    }

    public string ConnectionString { get; private set; }

    public override Outcome<SqlStore> Open(StoreOptions options) => PostgresStore.Open(ConnectionString, options).Select(store => (SqlStore)store);

    public override long[] Ask(string sql)
    {
        using var connection = Connection();
        using var command = new NpgsqlCommand(sql, connection);
        using var row = command.ExecuteReader();
        Assert.True(row.Read());
        return [.. Enumerable.Range(0, row.FieldCount).Select(column => Convert.ToInt64(row.GetValue(column), System.Globalization.CultureInfo.InvariantCulture))];
    }

    public override void Run(string sql)
    {
        using var connection = Connection();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    public override void Dispose()
    {
    }

    private NpgsqlConnection Connection()
    {
        var connection = new NpgsqlConnection(ConnectionString);
        connection.Open();
        return connection;
    }
}
