using System.Collections.Immutable;
using System.Globalization;
using Personalize.Fhir.Primitives;

namespace Personalize.Store.Sqlite;

/// <summary>Reads what was committed, oldest first, whole commits only.</summary>
internal static class FeedReader
{
    private const string Entries = """
        SELECT r.t, y.text, i.id, r.version, r.kind, a.text, r.flags, r.rid, r.n FROM res r JOIN ids i ON i.n=r.n JOIN sym y ON y.id=r.type JOIN sym a ON a.id=r.actor
        WHERE r.t>? AND r.t<=? ORDER BY r.t, r.rid
        """;

    // The compartments of this version and of the one before it.
    private const string Patients = """
        SELECT DISTINCT i.id FROM pc JOIN ids i ON i.n=pc.patient
        WHERE pc.rid IN (?, (SELECT b.rid FROM res b WHERE b.n=? AND b.rid<? ORDER BY b.rid DESC LIMIT 1)) ORDER BY i.id
        """;

    /// <summary>At least one commit, then as many as fit.</summary>
    public static IReadOnlyList<FeedEntry> Read(Session session, long after, long t, int limit)
    {
        var entries = new List<FeedEntry>();
        using var rows = session.Query(Entries, after, t);
        while (rows.Step())
        {
            // A commit that does not fit whole waits for the next reading.
            if (entries.Count >= limit && rows.Int64(0) != entries[^1].T)
                break;
            entries.Add(Entry(session, rows));
        }
        var last = entries.Count > limit ? entries[^1].T : -1;
        return last > 0 && entries[0].T != last ? entries.TakeWhile(e => e.T != last).ToList() : entries;
    }

    private static FeedEntry Entry(Statement row, ImmutableArray<ResourceId> patients) => new(row.Int64(0), ResourceKey.Of(row.Text(1), row.Text(2)),
        row.Int64(3).ToString(CultureInfo.InvariantCulture), (ChangeKind)row.Int64(4), row.Text(5), (row.Int64(6) & Tables.ByEngine) != 0, patients);

    private static FeedEntry Entry(Session session, Statement row)
    {
        var patients = ImmutableArray.CreateBuilder<ResourceId>();
        using var found = session.Query(Patients, row.Int64(7), row.Int64(8), row.Int64(7));
        while (found.Step())
            patients.Add(ResourceId.Of(found.Text(0)));
        return Entry(row, patients.ToImmutable());
    }
}
