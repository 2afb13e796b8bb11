using System.Globalization;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Store.Sql;

/// <summary>Reads versions, newest first.</summary>
internal sealed class HistoryReader(Numbers numbers)
{
    /// <summary>A page of history at the commit t.</summary>
    public Outcome<HistoryPage> Read(Session session, Access access, HistoryQuery query, long t)
    {
        var (mark, count) = (query.From, Math.Clamp(query.Count ?? SearchReader.DefaultCount, 1, SearchReader.MaxCount));
        if (mark is { Key.Length: > 0 } && !long.TryParse(mark.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return new Failure.Invalid("The page mark is malformed.");
        if (Scope(session, access, query, t) is not { } sql)
            return new Failure.Denied("The access does not allow this history.");
        if (query.Id is not null && session.Number($"SELECT 1 {sql.Text} LIMIT 1", sql.Values) is null)
            return new Failure.Missing("There is no such resource.");
        if (query.Since is { } since)
            sql.Add(" AND r.updated>=? AND r.rid>coalesce((SELECT rid FROM res WHERE updated<? ORDER BY rid DESC LIMIT 1), 0)", since.ToUnixTimeMilliseconds(), since.ToUnixTimeMilliseconds());
        if (query.At is { } at)
            sql.Add(" AND r.updated<? AND NOT EXISTS(SELECT 1 FROM res s WHERE s.n=r.n AND s.rid>r.rid AND s.updated<=?)", at.Until.ToUnixTimeMilliseconds(), at.From.ToUnixTimeMilliseconds());
        long? total = query.Id is not null ? session.Number($"SELECT count(*) {sql.Text}", sql.Values) : null;
        if (mark is { Key.Length: > 0 })
            sql.Add(" AND r.rid<?", long.Parse(mark.Key, CultureInfo.InvariantCulture));
        sql.Add(" ORDER BY r.rid DESC LIMIT ?", count + 1);
        var rows = session.Column($"SELECT r.rid {sql.Text}", sql.Values);
        var next = rows.Length > count ? new SearchMark(t, rows[count - 1].ToString(CultureInfo.InvariantCulture)) : null;
        return new HistoryPage([.. VersionRow.Read(session, rows.Take(count))], next, total, t);
    }

    /// <summary>Where to look, and what the access may see there; null when that is nothing.</summary>
    private SqlText? Scope(Session session, Access access, HistoryQuery query, long t)
    {
        var right = query.Id is null ? Rights.Search : Rights.Read;
        var sql = new SqlText().Add("FROM res r WHERE r.t<=?", t);
        if (query.Type is not { } type)
            return AddTypes(session, access, sql, t);
        if (access.Of(type, right) == Reach.None)
            return null;
        if (query.Id is { } id)
            sql.Add(" AND r.n=(SELECT n FROM ids WHERE id=? AND type=?)", id.ToString(), numbers.Find(session, type));
        else
            sql.Add(" AND r.type=?", numbers.Find(session, type));
        new ClauseSql(session, numbers, access, t, sql).AddAccess(type, right, "r");
        return sql;
    }

    /// <summary>For the history of the system: each type as far as the access reaches.</summary>
    private SqlText? AddTypes(Session session, Access access, SqlText sql, long t)
    {
        var reaches = FhirSchema.R4.ResourceTypes.ToLookup(type => access.Of(type, Rights.Search));
        if (!reaches[Reach.None].Any() && !reaches[Reach.Compartment].Any())
            return sql;
        if (!reaches[Reach.All].Any() && !reaches[Reach.Compartment].Any())
            return null;
        sql.Add($" AND (r.type {session.Dialect.AnyOf} OR (r.type {session.Dialect.AnyOf}", Types(Reach.All), Types(Reach.Compartment));
        new ClauseSql(session, numbers, access, t, sql).AddCompartment("r");
        return sql.Add("))");

        long[] Types(Reach reach) => [.. reaches[reach].Select(type => numbers.Find(session, type))];
    }
}
