using System.Security.Cryptography;
using System.Text;
using Personalize.Fhir.Primitives;

namespace Personalize.Store.Sql;

/// <summary>One step from one version of the tables to the next; the first makes version 1.</summary>
/// <param name="Name">What it does, in a word or two.</param>
/// <param name="Statements">Its SQL.</param>
internal sealed record Migration(string Name, string[] Statements)
{
    /// <summary>Tells whether the step that was taken is the one that is known; line ends aside.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(";\n", Statements).ReplaceLineEndings("\n"))))[..16];
}

/// <summary>Brings the tables to this program's version, step by step, and refuses what other programs did to them.</summary>
internal static class Migrations
{
    /// <summary>How many steps were taken; none when there are no tables.</summary>
    public static int Count(WritingSession session)
    {
        session.Run(Steps);
        return (int)(session.Number("SELECT count(*) FROM migration") ?? 0);
    }

    private const string Steps = "CREATE TABLE IF NOT EXISTS migration(number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)";

    /// <summary>Takes the steps that are missing; inside the transaction that runs. What is wrong is a <see cref="Failure.Conflict"/>.</summary>
    public static Failure? Apply(WritingSession session, IReadOnlyList<Migration> known)
    {
        session.Run(Steps);
        var taken = Taken(session);
        if (taken.Count > known.Count)
            return new Failure.Conflict($"The store is of version {taken.Count} ({taken[^1].Name}), and this program knows versions up to {known.Count}: start the newer program, or put back a copy.");
        for (var at = 0; at < taken.Count; at++)
            if (taken[at].Checksum != known[at].Checksum)
                return new Failure.Conflict($"Version {at + 1} of the store ({taken[at].Name}, {taken[at].Checksum}) is not this program's version {at + 1} ({known[at].Name}, {known[at].Checksum}): another program made it.");
        for (var at = taken.Count; at < known.Count; at++)
            Take(session, at + 1, known[at]);
        return null;
    }

    private static List<(string Name, string Checksum)> Taken(WritingSession session)
    {
        var taken = new List<(string, string)>();
        using var rows = session.Query("SELECT name, checksum FROM migration ORDER BY number");
        while (rows.Step())
            taken.Add((rows.Text(0), rows.Text(1)));
        return taken;
    }

    private static void Take(WritingSession session, int number, Migration step)
    {
        foreach (var statement in step.Statements)
            session.Run(statement);
        session.Run("INSERT INTO migration(number, name, checksum) VALUES(?,?,?)", number, step.Name, step.Checksum);
    }
}
