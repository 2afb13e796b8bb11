using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>Runs searches on a session.</summary>
/// <param name="numbers">Numbers of types and parameters.</param>
/// <param name="grounds">What derived values rest on.</param>
internal sealed class SearchReader(Numbers numbers, Func<DerivedGrounds> grounds)
{
    /// <summary>A page has this many matches when the query does not say.</summary>
    public const int DefaultCount = 50;

    /// <summary>A page never has more matches than this.</summary>
    public const int MaxCount = 1000;

    /// <summary>Up to so many matches are counted without being asked; a clause that finds fewer is worth beginning with.</summary>
    private const int Cheap = 1000;

    /// <summary>A clause that finds fewer is worth beginning with where all matches must be found, to be counted or sorted.</summary>
    private const int Dear = 100_000;

    /// <summary>How many values a page mark of a query has.</summary>
    public static int KeyLength(SearchQuery query) => 1 + (SortSql.IsByRowOf(query.Sort) ? 0 : query.Sort.Length);

    /// <summary>The first matches among what is current, for conditions inside a commit.</summary>
    public List<Stored> First(Session session, Access access, SearchQuery query, int limit) =>
        [.. Page(session, access, query, Tables.Latest, null, limit).Select(match => match.Stored)];

    /// <summary>A page with one row more when there is a next one.</summary>
    public List<(SqlValue[] Key, Stored Stored)> Page(Session session, Access access, SearchQuery query, long t, IReadOnlyList<SqlValue>? from, int limit)
    {
        if (!query.OfTypes.IsEmpty)
            return Merged(query, [.. OfTypes(access, query).SelectMany(one => Page(session, access, one, t, from, limit))], limit);
        var sql = new SqlText();
        var sort = new SortSql(session, numbers, query.Sort, new RowSight(new DerivedSight(access, grounds()), session.Dialect, sql), sql);
        sql.Add($"SELECT q.*, {VersionRow.Columns} FROM (SELECT * FROM (SELECT r.rid AS rid");
        sort.AddColumns();
        sql.Add(" FROM res r");
        sort.AddJoins();
        sql.Add(" WHERE ");
        Clauses(session, access, t, sql).For("r", query.Type).AddQuery(query, "r", Driver(session, access, query, t, findsAll: !sort.IsByRow));
        sql.Add(") AS page");
        if (from is not null)
        {
            sql.Add(" WHERE ");
            sort.AddFrom(from);
        }
        sort.AddOrder("page");
        sql.Add($" LIMIT ?) AS q {session.Dialect.InOrder} res r ON r.rid=q.rid {VersionRow.Joins}", limit);
        // Where the order of the joins is ours, rows come as they are listed.
        if (session.Dialect.PlansItself)
            sort.AddOrder("q");
        return Rows(session, sql, sort.IsByRow ? 0 : query.Sort.Length);
    }

    /// <summary>The number of matches; null when there are more than the limit.</summary>
    public long? Count(Session session, Access access, SearchQuery query, long t, bool isExact)
    {
        if (!query.OfTypes.IsEmpty)
            return OfTypes(access, query).Aggregate((long?)0, (sum, one) => sum is null ? null : sum + Count(session, access, one, t, isExact));
        var sql = new SqlText();
        sql.Add("SELECT count(*) FROM (SELECT 1 FROM res r WHERE ");
        Clauses(session, access, t, sql).For("r", query.Type).AddQuery(query, "r", Driver(session, access, query, t, findsAll: true));
        sql.Add(" LIMIT ?) AS found", isExact ? long.MaxValue : Cheap + 1);
        var count = session.Number(sql.Text, sql.Values) ?? 0;
        return isExact || count <= Cheap ? count : null;
    }

    /// <summary>What the access may not search is passed over.</summary>
    private static IEnumerable<SearchQuery> OfTypes(Access access, SearchQuery query) => query.OfTypes.Where(one => access.Of(one.Type, Rights.Search) != Reach.None);

    /// <summary>Rows grow with time over all types.</summary>
    private static List<(SqlValue[], Stored)> Merged(SearchQuery query, List<(SqlValue[] Key, Stored Stored)> all, int limit) =>
        [.. (query.Sort is [{ Descending: true }] ? all.OrderByDescending(row => row.Key[0].Integer) : all.OrderBy(row => row.Key[0].Integer)).Take(limit)];

    private ClauseSql Clauses(Session session, Access access, long t, SqlText sql) => new(session, numbers, access, t, sql, grounds());

    private static List<(SqlValue[], Stored)> Rows(Session session, SqlText sql, int keys)
    {
        var page = new List<(SqlValue[], Stored)>();
        using var rows = session.Query(sql.Text, sql.Values);
        while (rows.Step())
            page.Add(([rows.Int64(0), .. Enumerable.Range(1, keys).Select(rows.Value)], VersionRow.Of(rows, 1 + keys)));
        return page;
    }

    /// <summary>The clause that finds the fewest rows, when one finds few enough; the others are then asked for each of its rows. With none, the rows of the type are gone through:
    /// a page in their own order stops when it is full, so that many rows are worth beginning with only where all matches must be found. An engine that plans itself is not asked.</summary>
    private SearchClause? Driver(Session session, Access access, SearchQuery query, long t, bool findsAll)
    {
        if (session.Dialect.PlansItself)
            return null;
        var clauses = query.Clauses.Where(ClauseSql.CanDrive).ToList();
        return Fewest(session, access, clauses, t, Cheap) ?? (findsAll ? Fewest(session, access, clauses, t, Dear) : null);
    }

    /// <summary>The clause that finds the fewest rows, below a limit: looking stops there.</summary>
    private SearchClause? Fewest(Session session, Access access, List<SearchClause> clauses, long t, long limit)
    {
        SearchClause? best = null;
        foreach (var clause in clauses)
        {
            if (limit == 0)
                break;
            var sql = new SqlText().Add("SELECT count(*) FROM (SELECT 1 FROM (");
            Clauses(session, access, t, sql).AddRows(clause);
            sql.Add(") LIMIT ?)", limit);
            var count = session.Number(sql.Text, sql.Values) ?? 0;
            (best, limit) = count < limit ? (clause, count) : (best, limit);
        }
        return best;
    }
}
