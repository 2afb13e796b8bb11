using System.Collections.Immutable;
using System.Globalization;
using Personalize.Fhir.Primitives;

namespace Personalize.Store.Sql;

/// <summary>Reads memberships and facts.</summary>
internal static class MembershipReader
{
    private const string Member = "SELECT i.id, m.segment, m.start, m.until, m.patient FROM membership m JOIN ids i ON i.n=m.patient";

    /// <summary>All of a patient.</summary>
    public static IReadOnlyList<Membership> Of(Session session, long type, ResourceId patient)
    {
        using var rows = session.Query($"{Member} WHERE i.id=? AND i.type=? ORDER BY m.segment, m.start", patient.ToString(), type);
        return [.. Read(rows).Select(r => r.Membership)];
    }

    /// <summary>A page of those who are in a segment now.</summary>
    public static MembersPage Page(Session session, string segment, string? after, int limit)
    {
        _ = long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var from);
        var total = session.Number("SELECT count(DISTINCT patient) FROM membership WHERE segment=? AND until IS NULL", segment) ?? 0;
        using var rows = session.Query($"{Member} WHERE m.segment=? AND m.until IS NULL AND m.patient>? ORDER BY m.patient, m.start LIMIT ?", segment, from, limit + 1);
        var page = Read(rows).ToList();
        var next = page.Count > limit ? page[limit - 1].Patient.ToString(CultureInfo.InvariantCulture) : null;
        return new([.. page.Take(limit).Select(r => r.Membership)], next, total);
    }

    /// <summary>Members now by segment.</summary>
    public static ImmutableSortedDictionary<string, long> Counts(Session session)
    {
        var counts = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        using var rows = session.Query("SELECT segment, count(DISTINCT patient) FROM membership WHERE until IS NULL GROUP BY segment");
        while (rows.Step())
            counts[rows.Text(0)] = rows.Int64(1);
        return counts.ToImmutable();
    }

    /// <summary>The packed facts of a patient.</summary>
    public static FactRow? Facts(Session session, long type, ResourceId patient)
    {
        using var row = session.Query("SELECT f.bytes FROM ids i JOIN fact f ON f.patient=i.n WHERE i.id=? AND i.type=?", patient.ToString(), type);
        return row.Step() ? new(patient, row.Bytes(0)) : null;
    }

    private static IEnumerable<(Membership Membership, long Patient)> Read(Rows rows)
    {
        while (rows.Step())
            yield return (new(ResourceId.Of(rows.Text(0)), rows.Text(1), DerivedRows.Read(rows.Text(2)), rows.IsNull(3) ? null : DerivedRows.Read(rows.Text(3))), rows.Int64(4));
    }
}
