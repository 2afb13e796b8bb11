using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>A search over many types by what all resources have: one question on <c>res</c> in place of one for each type.</summary>
internal sealed class AnyTypeSearch(Session session, Numbers numbers, Access access, SearchQuery query, long t, DerivedGrounds grounds)
{
    // Few types are quicker to go through each for itself: an index lists the rows of a type.
    private const int FewTypes = 8;

    private readonly SqlText _sql = new();

    /// <summary>True for a query that can be asked so.</summary>
    public static bool Is(SearchQuery query) => query.OfTypes.Length > FewTypes
        && query.OfTypes[0].Clauses.All(clause => clause is { Has: null, Chain.IsEmpty: true, Parameter: { ResourceType: "Resource", Type: not SearchParameterType.Composite } });

    /// <summary>A page of rows and their keys.</summary>
    public List<(SqlValue[] Key, Stored Stored)> Page(IReadOnlyList<SqlValue>? from, int limit)
    {
        var sort = new SortSql(session, numbers, query.Sort, new RowSight(new DerivedSight(access, grounds), session.Dialect, _sql), _sql);
        _sql.Add($"SELECT q.*, {VersionRow.Columns} FROM (SELECT * FROM (SELECT r.rid AS rid");
        sort.AddColumns();
        _sql.Add(" FROM res r WHERE ");
        AddConditions();
        _sql.Add(") AS page");
        if (from is not null)
        {
            _sql.Add(" WHERE ");
            sort.AddFrom(from);
        }
        sort.AddOrder("page");
        _sql.Add($" LIMIT ?) AS q {session.Dialect.InOrder} res r ON r.rid=q.rid {VersionRow.Joins}", limit);
        // Where the order of the joins is ours, rows come as they are listed.
        if (session.Dialect.PlansItself)
            sort.AddOrder("q");
        var (page, keys) = (new List<(SqlValue[], Stored)>(), SearchReader.KeyLength(query) - 1);
        using var rows = session.Query(_sql.Text, _sql.Values);
        while (rows.Step())
            page.Add(([rows.Int64(0), .. Enumerable.Range(1, keys).Select(rows.Value)], VersionRow.Of(rows, 1 + keys)));
        return page;
    }

    /// <summary>The number of matches.</summary>
    public long Count()
    {
        _sql.Add("SELECT count(*) FROM res r WHERE ");
        AddConditions();
        return session.Number(_sql.Text, _sql.Values) ?? 0;
    }

    /// <summary>For each value of a parameter one of the versions that have it.</summary>
    /// <param name="label">A token or the url of a profile; of one that names a version its bare form is no value of its own.</param>
    /// <param name="limit">The most rows.</param>
    public long[] OneOfEach(SearchParameter label, int limit)
    {
        var isCode = label.Type == SearchParameterType.Token;
        _sql.Add($"SELECT max(r.rid) FROM {(isCode ? "tok" : "url")} k {session.Dialect.InOrder} res r ON r.rid=k.rid WHERE k.p=? AND ", numbers.Of(label));
        if (!isCode)
            _sql.Add("NOT EXISTS(SELECT 1 FROM url v WHERE v.p=k.p AND v.rid=k.rid AND v.url>k.url||'|' AND v.url<k.url||'}') AND ");
        AddConditions();
        _sql.Add($" GROUP BY {(isCode ? "k.code, k.sys" : "k.url")} LIMIT ?", limit);
        return session.Column(_sql.Text, _sql.Values);
    }

    private void AddConditions()
    {
        _sql.Add("r.t<=? AND r.until>? AND r.kind<>2", t, t);
        var clauses = new ClauseSql(session, numbers, access, t, _sql, grounds);
        AddAccess(clauses);
        if (query.Compartment is { } patient)
            AddRecord(patient, [.. query.OfTypes.Select(one => one.Type)]);
        foreach (var clause in query.OfTypes[0].Clauses)
            if (clause is { Parameter.Code: "_lastUpdated", Modifier: SearchModifier.None, Values: [DateSearch date] })
                AddSpan(BoundsOf(date));
        clauses.AddOfAnyType(query.OfTypes[0].Clauses, "r");
    }

    /// <summary>Rows grow with time: a span of time is one of rows, whose ends are quickly found.</summary>
    private void AddSpan((long? From, long? Until) bounds)
    {
        if (bounds.From is { } from)
            _sql.Add(" AND r.rid>=?", FirstSince(from));
        if (bounds.Until is { } until)
            _sql.Add(" AND r.rid<?", FirstSince(until));
    }

    // What was stored has an instant, a span of one millisecond.
    private static (long? From, long? Until) BoundsOf(DateSearch date) => date.Prefix switch
    {
        SearchPrefix.Eq => (date.Range.From, date.Range.Until),
        SearchPrefix.Ge => (date.Range.From, null),
        SearchPrefix.Gt or SearchPrefix.Sa => (date.Range.Until, null),
        SearchPrefix.Lt or SearchPrefix.Eb => (null, date.Range.From),
        SearchPrefix.Le => (null, date.Range.Until),
        SearchPrefix.Ap => (date.About.From, date.About.Until),
        _ => (null, null),
    };

    private long FirstSince(long time)
    {
        var (low, high) = (1L, (session.Number("SELECT max(rid) FROM res") ?? 0) + 1);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (session.Number("SELECT updated FROM res WHERE rid>=? ORDER BY rid LIMIT 1", middle) < time)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private void AddAccess(ClauseSql clauses)
    {
        var (anywhere, inside) = (Types(Reach.All), Types(Reach.Compartment));
        if (anywhere.Length == 0 && access.Patient is { } patient)
            AddRecord(patient, inside);
        else
        {
            AddTypes(" AND (", anywhere);
            if (inside.Length > 0)
            {
                AddTypes(" OR (", inside);
                clauses.AddCompartment("r");
                _sql.Add(")");
            }
            _sql.Add(")");
        }
    }

    /// <summary>What lies in the compartment of a patient.</summary>
    private void AddRecord(ResourceId patient, string[] types) => _sql.Add($" AND r.rid IN (SELECT pc.rid FROM pc WHERE pc.patient={ClauseSql.Number} AND pc.type {session.Dialect.AnyOf})",
        patient.ToString(), numbers.Find(session, "Patient"), Found(types));

    // The plus keeps SQLite from going through the types one after the other, which is no order.
    private void AddTypes(string before, string[] types) => _sql.Add($"{before}{(session.Dialect.PlansItself ? "" : "+")}r.type {session.Dialect.AnyOf}", Found(types));

    private string[] Types(Reach reach) => [.. query.OfTypes.Select(one => one.Type).Where(type => access.Of(type, Rights.Search) == reach)];

    private long[] Found(string[] types) => [.. types.Select(type => numbers.Find(session, type))];
}
