using System.Collections.Immutable;
using System.Globalization;
using Personalize.Fhir.Primitives;

namespace Personalize.Store.Sql;

/// <summary>Reads what was committed, oldest first, whole commits only.</summary>
internal static class FeedReader
{
    private const string Behind = "SELECT r.t FROM res r WHERE r.t>? AND r.t<=? ORDER BY r.t LIMIT 1";

    // The commit behind the last whole one that fits.
    private const string Ahead = "SELECT r.t FROM res r WHERE r.t>? AND r.t<=? ORDER BY r.t LIMIT 1 OFFSET ?";

    private const string Entries = """
        SELECT r.t, y.text, i.id, r.version, r.kind, a.text, r.flags, r.rid FROM res r JOIN ids i ON i.n=r.n JOIN sym y ON y.id=r.type JOIN sym a ON a.id=r.actor
        WHERE r.t>? AND r.t<=? ORDER BY r.t, r.rid
        """;

    // The compartments of each version and of the one before it, which it closed.
    private const string Patients = """
        SELECT w.rid, i.id FROM res w JOIN pc ON pc.rid=w.rid JOIN ids i ON i.n=pc.patient WHERE w.t>? AND w.t<=?
        UNION SELECT w.rid, i.id FROM res w JOIN res b ON b.n=w.n AND b.until=w.t JOIN pc ON pc.rid=b.rid JOIN ids i ON i.n=pc.patient WHERE w.t>? AND w.t<=?
        """;

    /// <summary>At least one commit, then as many as fit.</summary>
    public static IReadOnlyList<FeedEntry> Read(Session session, long after, long t, int limit)
    {
        if (session.Number(Behind, after, t) is not { } first)
            return [];
        // The entry that does not fit any more belongs to a commit that waits for the next reading.
        var last = session.Number(Ahead, after, t, limit) is { } ahead ? Math.Max(first, ahead - 1) : t;
        var patients = PatientsOf(session, after, last);
        var entries = new List<FeedEntry>();
        using var rows = session.Query(Entries, after, last);
        while (rows.Step())
            entries.Add(Entry(rows, [.. patients[rows.Int64(7)].Order(StringComparer.Ordinal).Select(ResourceId.Of)]));
        return entries;
    }

    private static FeedEntry Entry(Rows row, ImmutableArray<ResourceId> patients) => new(row.Int64(0), ResourceKey.Of(row.Text(1), row.Text(2)),
        row.Int64(3).ToString(CultureInfo.InvariantCulture), (ChangeKind)row.Int64(4), row.Text(5), (row.Int64(6) & Tables.ByEngine) != 0, patients);

    private static ILookup<long, string> PatientsOf(Session session, long after, long last)
    {
        var patients = new List<(long Rid, string Id)>();
        using var rows = session.Query(Patients, after, last, after, last);
        while (rows.Step())
            patients.Add((rows.Int64(0), rows.Text(1)));
        return patients.ToLookup(p => p.Rid, p => p.Id);
    }
}
