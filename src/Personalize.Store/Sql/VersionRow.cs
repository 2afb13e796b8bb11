using System.Globalization;
using Personalize.Fhir.Primitives;

namespace Personalize.Store.Sql;

/// <summary>Versions as they are read.</summary>
internal static class VersionRow
{
    /// <summary>The columns that <see cref="Of"/> reads.</summary>
    public const string Columns = "r.rid, y.text, i.id, r.version, r.updated, r.t, r.kind, a.text, r.json";

    /// <summary>The tables in which they stand.</summary>
    public const string From = $"FROM res r {Joins}";

    /// <summary>The tables beside <c>res r</c> in which they stand.</summary>
    public const string Joins = "JOIN ids i ON i.n=r.n JOIN sym y ON y.id=r.type JOIN sym a ON a.id=r.actor";

    /// <summary>The version in the current row of an answer, its columns behind so many others.</summary>
    public static Stored Of(Rows row, int behind = 0)
    {
        var kind = (ChangeKind)row.Int64(behind + 6);
        var isDeleted = kind == ChangeKind.Delete;
        return new(ResourceKey.Of(row.Text(behind + 1), row.Text(behind + 2)), row.Int64(behind + 3).ToString(CultureInfo.InvariantCulture), DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(behind + 4)),
            row.Int64(behind + 5), isDeleted, row.Text(behind + 7), isDeleted ? default : row.Json(behind + 8), kind);
    }

    /// <summary>Versions by their rows, in that order.</summary>
    public static IEnumerable<Stored> Read(Session session, IEnumerable<long> rids)
    {
        var wanted = rids.ToArray();
        if (wanted.Length == 0)
            return [];
        var found = new Dictionary<long, Stored>(wanted.Length);
        using var rows = session.Query($"SELECT {Columns} {From} WHERE r.rid {session.Dialect.AnyOf}", wanted);
        while (rows.Step())
            found[rows.Int64(0)] = Of(rows);
        return wanted.Select(rid => found[rid]);
    }

    /// <summary>The columns that <see cref="OfCurrent"/> reads.</summary>
    public const string ColumnsOfCurrent = "i.id, r.version, r.updated, r.t, r.kind, r.actor, r.json";

    /// <summary>A version that is no deletion, of a type that is known, its columns behind so many others; its actor is still a number, for no other question may be asked before all rows are read.</summary>
    public static (Stored Stored, long Actor) OfCurrent(Rows row, string type, int behind) => (
        new(ResourceKey.Of(type, row.Text(behind)), row.Int64(behind + 1).ToString(CultureInfo.InvariantCulture), DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(behind + 2)),
            row.Int64(behind + 3), false, "", row.Json(behind + 6), (ChangeKind)row.Int64(behind + 4)), row.Int64(behind + 5));
}
