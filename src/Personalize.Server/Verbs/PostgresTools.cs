using Npgsql;
using Personalize.Fhir.Primitives;

namespace Personalize.Server.Verbs;

/// <summary>What to do for a store in PostgreSQL instead of <c>backup</c> and <c>restore</c>: the commands of its own tools, whose care for a database no other program has. Source: https://www.postgresql.org/docs/current/app-pgdump.html, app-pgrestore.html.</summary>
internal static class PostgresTools
{
    /// <summary>The command that makes a backup of the store of these settings.</summary>
    public static Failure Backup(PostgresSettings settings, string file) => Told(settings, "is backed up", from =>
        $"pg_dump {Reach(from)}--format=custom --schema={Word(Schema(from))} --file={Word(file)} {Word(from.Database ?? "postgres")}");

    /// <summary>The command that brings a backup back, into a database that does not have that schema.</summary>
    public static Failure Restore(PostgresSettings settings, string file) => Told(settings, "is restored", from =>
        $"pg_restore {Reach(from)}--exit-on-error --single-transaction --no-owner --dbname={Word(from.Database ?? "postgres")} {Word(file)}");

    private static Failure Told(PostgresSettings settings, string done, Func<NpgsqlConnectionStringBuilder, string> command)
    {
        if (!settings.Connection().TryGet(out var connection, out var failure))
            return failure;
        try
        {
            return new Failure.Invalid($"The store of these settings is in PostgreSQL and {done} by its own tools. The command (a password comes from PGPASSWORD or ~/.pgpass): {command(new(connection))}");
        }
        catch (Exception trouble) when (trouble is ArgumentException or FormatException)
        {
            return new Failure.Invalid("The connection string of PostgreSQL cannot be read.");
        }
    }

    private static string Reach(NpgsqlConnectionStringBuilder from) =>
        $"{(from.Host is { } host ? $"--host={Word(host)} " : "")}{(from.Port == NpgsqlConnection.DefaultPort ? "" : $"--port={from.Port} ")}{(from.Username is { } user ? $"--username={Word(user)} " : "")}";

    private static string Schema(NpgsqlConnectionStringBuilder from) => from.SearchPath?.Split(',')[0].Trim() is { Length: > 0 } schema ? schema : "public";

    // As a shell takes it.
    private static string Word(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':' or '=' or '@') ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
