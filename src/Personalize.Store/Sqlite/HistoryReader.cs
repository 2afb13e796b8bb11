using System.Globalization;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Store.Sqlite;

/// <summary>Reads versions, newest first.</summary>
internal sealed class HistoryReader(Numbers numbers)
{
    /// <summary>A page of history at the commit t.</summary>
    public Outcome<HistoryPage> Read(Session session, Access access, HistoryQuery query, long t)
    {
        var (mark, count) = (query.From, Math.Clamp(query.Count ?? SearchReader.DefaultCount, 1, SearchReader.MaxCount));
        if (mark is not null && !long.TryParse(mark.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return new Failure.Invalid("The page mark is malformed.");
        if (Scope(session, access, query, t) is not { } sql)
            return new Failure.Denied("The access does not allow this history.");
        if (query.Id is not null && session.Number($"SELECT 1 {sql.Text} LIMIT 1", sql.Values) is null)
            return new Failure.Missing("There is no such resource.");
        if (query.Since is { } since)
            sql.Add(" AND r.updated>=? AND r.rid>ifnull((SELECT rid FROM res WHERE updated<? ORDER BY rid DESC LIMIT 1), 0)", since.ToUnixTimeMilliseconds(), since.ToUnixTimeMilliseconds());
        long? total = query.Id is not null ? session.Number($"SELECT count(*) {sql.Text}", sql.Values) : null;
        if (mark is not null)
            sql.Add(" AND r.rid<?", long.Parse(mark.Key, CultureInfo.InvariantCulture));
        sql.Add(" ORDER BY r.rid DESC LIMIT ?", count + 1);
        var rows = Rows(session, sql);
        var next = rows.Count > count ? new SearchMark(t, rows[count - 1].ToString(CultureInfo.InvariantCulture)) : null;
        return new HistoryPage([.. rows.Take(count).Select(rid => SearchReader.Row(session, rid))], next, total, t);
    }

    /// <summary>Where to look, and what the access may see there; null when that is nothing.</summary>
    private SqlText? Scope(Session session, Access access, HistoryQuery query, long t)
    {
        var right = query.Id is null ? Rights.Search : Rights.Read;
        var sql = new SqlText().Add("FROM res r WHERE r.t<=?", t);
        if (query.Type is not { } type)
            return AddTypes(session, access, sql);
        if (access.Of(type, right) == Reach.None)
            return null;
        if (query.Id is { } id)
            sql.Add(" AND r.n=?", numbers.Resource(session, new ResourceKey(type, id)) ?? -1);
        else
            sql.Add(" AND r.type=?", numbers.Find(session, type));
        new ClauseSql(session, numbers, access, t, sql).AddAccess(type, right, "r");
        return sql;
    }

    /// <summary>For the history of the system: each type as far as the access reaches.</summary>
    private SqlText? AddTypes(Session session, Access access, SqlText sql)
    {
        var reaches = FhirSchema.R4.ResourceTypes.ToLookup(type => access.Of(type, Rights.Search));
        if (!reaches[Reach.None].Any() && !reaches[Reach.Compartment].Any())
            return sql;
        if (!reaches[Reach.All].Any() && !reaches[Reach.Compartment].Any())
            return null;
        sql.Add(" AND (r.type IN ").AddAll(reaches[Reach.All], ",", type => sql.Add("?", numbers.Find(session, type)));
        sql.Add(" OR (r.type IN ").AddAll(reaches[Reach.Compartment], ",", type => sql.Add("?", numbers.Find(session, type)));
        return sql.Add(" AND EXISTS(SELECT 1 FROM pc WHERE pc.patient=? AND pc.type=r.type AND pc.rid=r.rid)))",
            access.Patient is { } patient ? numbers.Resource(session, new ResourceKey("Patient", patient)) ?? -1 : -1);
    }

    private static List<long> Rows(Session session, SqlText sql)
    {
        var rows = new List<long>();
        using var found = session.Query($"SELECT r.rid {sql.Text}", sql.Values);
        while (found.Step())
            rows.Add(found.Int64(0));
        return rows;
    }
}
