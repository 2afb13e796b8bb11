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

    /// <summary>A clause that finds fewer is worth beginning with.</summary>
    private const int Cheap = 1000;

    /// <summary>With more versions that are not current an index alone tells no number.</summary>
    private const int MostUnseen = 200;

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
            return AnyTypeSearch.Is(query)
                ? new AnyTypeSearch(session, numbers, access, query, t, grounds()).Page(from, limit)
                : PageOrder.Of(query).Merged(OfTypes(access, query).SelectMany(one => Page(session, access, one, t, from, limit)), limit);
        var plan = Plan(session, access, query, t);
        if (plan.Walks.Count == 0)
            return Sorted(session, access, query, t, plan.Start, from, limit);
        var page = new List<(SqlValue[], Stored)>();
        foreach (var walk in plan.Walks.Where(walk => SortSql.IsBehind(walk, from)))
            if (page.Count < limit)
                page.AddRange(Walked(session, access, query, t, walk, from, limit - page.Count));
        return page;
    }

    /// <summary>The number of matches.</summary>
    public long Count(Session session, Access access, SearchQuery query, long t)
    {
        if (!query.OfTypes.IsEmpty)
            return AnyTypeSearch.Is(query) ? new AnyTypeSearch(session, numbers, access, query, t, grounds()).Count() : OfTypes(access, query).Sum(one => Count(session, access, one, t));
        if (CountInIndex(session, access, query, t) is { } count)
            return count;
        var sql = new SqlText().Add("SELECT count(*) FROM res r WHERE ");
        Clauses(session, access, t, sql).For("r", query.Type).AddQuery(query, "r", Start(session, access, query, t, Dear));
        return session.Number(sql.Text, sql.Values) ?? 0;
    }

    /// <summary>The number of what one clause finds, from its index alone: but for a few versions all that it lists are current. Null when that cannot be.</summary>
    private long? CountInIndex(Session session, Access access, SearchQuery query, long t)
    {
        if (query is not { Compartment: null, Clauses: [var clause] } || !ClauseSql.CanDrive(clause) || clause.Parameter.ResourceType != query.Type || access.Of(query.Type, Rights.Search) != Reach.All
            || Unseen(session, access, query with { Clauses = [] }, t) >= MostUnseen)
            return null;
        var sql = new SqlText().Add("SELECT count(*) FROM (SELECT DISTINCT rid FROM (");
        Clauses(session, access, t, sql).AddRows(clause);
        var listed = session.Number(sql.Add(") AS listed) AS once").Text, sql.Values) ?? 0;
        return listed - Unseen(session, access, query, t);
    }

    /// <summary>How many versions that match are in the index although they are not current at that commit: replaced ones that are not swept yet, and later ones.</summary>
    private long Unseen(Session session, Access access, SearchQuery query, long t)
    {
        var count = 0L;
        foreach (var which in new[] { "r.until<=? AND r.until<9223372036854775807 AND r.flags<2", "r.t>?" })
        {
            var sql = new SqlText().Add($"SELECT count(*) FROM (SELECT 1 FROM res r WHERE {which}", t);
            Clauses(session, access, t, sql).For("r", query.Type).AddClauses(query, "r", [], isNarrow: true);
            count += session.Number(sql.Add(" LIMIT ?) AS unseen", MostUnseen).Text, sql.Values) ?? 0;
        }
        return count;
    }

    /// <summary>All matches are found and sorted.</summary>
    private List<(SqlValue[] Key, Stored Stored)> Sorted(Session session, Access access, SearchQuery query, long t, SearchStart? start, IReadOnlyList<SqlValue>? from, int limit)
    {
        var sql = new SqlText();
        var sort = Order(access, query, session, sql);
        sql.Add($"SELECT q.*, {VersionRow.ColumnsOfCurrent} FROM (SELECT * FROM (SELECT r.rid AS rid");
        sort.AddColumns();
        sql.Add(" FROM res r");
        sort.AddJoins();
        sql.Add(" WHERE ");
        Clauses(session, access, t, sql).For("r", query.Type).AddQuery(query, "r", start);
        sql.Add(") AS page");
        if (from is not null)
        {
            sql.Add(" WHERE ");
            sort.AddFrom(from);
        }
        sort.AddOrder("page");
        sql.Add($" LIMIT ?) AS q {session.Dialect.InOrder} res r ON r.rid=q.rid JOIN ids i ON i.n=r.n", limit);
        // Where the order of the joins is ours, rows come as they are listed.
        if (session.Dialect.PlansItself)
            sort.AddOrder("q");
        return Rows(session, sql, query);
    }

    /// <summary>Matches are found in their order.</summary>
    private List<(SqlValue[] Key, Stored Stored)> Walked(Session session, Access access, SearchQuery query, long t, SearchWalk walk, IReadOnlyList<SqlValue>? from, int limit)
    {
        var sql = new SqlText();
        var sort = Order(access, query, session, sql);
        sql.Add($"SELECT w.rid{SortSql.KeyOf(walk)}, {VersionRow.ColumnsOfCurrent} FROM {walk.Table} w {session.Dialect.InOrder} res r ON r.rid=w.rid {session.Dialect.InOrder} ids i ON i.n=r.n WHERE ");
        var clauses = Clauses(session, access, t, sql).For("r", query.Type);
        walk.AddRange(clauses);
        sql.Add(" AND ");
        clauses.AddQuery(query, "r", walk: walk);
        sort.AddOrder(walk, from);
        return Rows(session, sql.Add(" LIMIT ?", limit), query);
    }

    private SortSql Order(Access access, SearchQuery query, Session session, SqlText sql) =>
        new(session, numbers, query.Sort, new RowSight(new DerivedSight(access, grounds()), session.Dialect, sql), sql);

    /// <summary>What the access may not search is passed over.</summary>
    private static IEnumerable<SearchQuery> OfTypes(Access access, SearchQuery query) => query.OfTypes.Where(one => access.Of(one.Type, Rights.Search) != Reach.None);

    private ClauseSql Clauses(Session session, Access access, long t, SqlText sql) => new(session, numbers, access, t, sql, grounds());

    /// <summary>Runs a query of current versions behind their rows and keys.</summary>
    private List<(SqlValue[], Stored)> Rows(Session session, SqlText sql, SearchQuery query)
    {
        var (page, keys) = (new List<(SqlValue[] Key, (Stored Stored, long Actor) Found)>(), KeyLength(query));
        using (var rows = session.Query(sql.Text, sql.Values))
            while (rows.Step())
            {
                var key = new SqlValue[keys];
                for (var at = 0; at < keys; at++)
                    key[at] = rows.Value(at);
                page.Add((key, VersionRow.OfCurrent(rows, query.Type, keys)));
            }
        return page.ConvertAll(row => (row.Key, row.Found.Stored with { Actor = numbers.Text(session, row.Found.Actor) }));
    }

    /// <summary>How a page is found: by going through an index in its order, or by sorting all that a start leaves.</summary>
    private (IReadOnlyList<SearchWalk> Walks, SearchStart? Start) Plan(Session session, Access access, SearchQuery query, long t)
    {
        if (SearchStart.WithIds(query) is { } ids)
            return ([], ids);
        if (SortSql.IsByRowOf(query.Sort))
            return ByRow(session, access, query, t);
        return query.Sort is [{ Parameter: { Type: SearchParameterType.Date, Code: not "_lastUpdated" } } key]
            ? ByDate(session, access, query, key, t) : ([], Start(session, access, query, t, Dear));
    }

    private (IReadOnlyList<SearchWalk>, SearchStart?) ByRow(Session session, Access access, SearchQuery query, long t)
    {
        var clauses = query.Clauses.Where(ClauseSql.CanDrive).ToList();
        if (session.Dialect.PlansItself || clauses.Count == 0 || ChartOf(access, query) is not null)
            return ([], Start(session, access, query, t, Cheap));
        if (clauses is [var only] && ByRow(only) is { } walk)
            return ([walk], null);
        // One that finds many is still better than all rows of the type.
        var fewest = Fewest(session, access, clauses, t, Cheap).Clause;
        var walked = (fewest is null ? clauses : [fewest]).Select(ByRow).FirstOrDefault(w => w is not null);
        return walked is not null ? ([walked], null) : ([], fewest is null ? null : SearchStart.With(fewest));
    }

    // Rows under several numbers are not in one order.
    private SearchWalk? ByRow(SearchClause clause) => numbers.Rows(clause.Parameter).All.Length == 1 ? SearchWalk.ByRow(clause) : null;

    private (IReadOnlyList<SearchWalk>, SearchStart?) ByDate(Session session, Access access, SearchQuery query, SortKey key, long t)
    {
        if (ChartOf(access, query) is { } chart)
            return chart.Codes.Count() == 1 && Chart.Of(query.Type)!.Date.Equals(key.Parameter) ? ([.. SearchWalk.ByDate(chart, key)], null) : ([], SearchStart.With(chart));
        if (numbers.Rows(key.Parameter).All.Length > 1)
            return ([], Start(session, access, query, t, Dear));
        SearchWalk[] walks = [.. SearchWalk.ByDate(query, key)];
        if (session.Dialect.PlansItself)
            return (walks, null);
        var dates = SearchWalk.DatesOf(query, key);
        var (fewest, count) = Fewest(session, access, [.. query.Clauses.Except(dates).Where(ClauseSql.CanDrive)], t, Cheap);
        return fewest is null || Fewest(session, access, dates, t, count).Clause is not null ? (walks, null) : ([], SearchStart.With(fewest));
    }

    private ChartClauses? ChartOf(Access access, SearchQuery query) => ChartClauses.Of(query, new DerivedSight(access, grounds()));

    /// <summary>A part of a chart; else the clause that finds the fewest rows, when it finds few enough: the others are then asked for each of its rows. With none, the rows of the type are gone through.
    /// An engine that plans itself chooses among the clauses.</summary>
    private SearchStart? Start(Session session, Access access, SearchQuery query, long t, long limit)
    {
        if (SearchStart.WithIds(query) is { } ids)
            return ids;
        if (ChartOf(access, query) is { } chart)
            return SearchStart.With(chart);
        if (session.Dialect.PlansItself)
            return null;
        var clauses = query.Clauses.Where(ClauseSql.CanDrive).ToList();
        var fewest = Fewest(session, access, clauses, t, Cheap).Clause ?? (limit > Cheap ? Fewest(session, access, clauses, t, limit).Clause : null);
        return fewest is null ? null : SearchStart.With(fewest);
    }

    /// <summary>The clause that finds the fewest rows, below a limit: looking stops there.</summary>
    private (SearchClause? Clause, long Count) Fewest(Session session, Access access, IReadOnlyList<SearchClause> clauses, long t, long limit)
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
        return (best, limit);
    }
}
