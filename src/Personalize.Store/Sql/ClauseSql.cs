using System.Collections.Immutable;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>The clauses of a query as SQL conditions on a row of <c>res</c>.</summary>
internal sealed class ClauseSql(Session session, Numbers numbers, Access access, long t, SqlText sql, DerivedGrounds? grounds = null)
{
    private readonly Dialect _dialect = session.Dialect;
    private readonly RowSight _sight = new(new DerivedSight(access, grounds ?? DerivedGrounds.Unknown), session.Dialect, sql);
    private ValueSql Values => field ??= new(session, numbers, _sight, sql);
    private const int MostInTwo = 20;
    private int _aliases;

    /// <summary>Everything that a row of <c>res</c> must be to match: type, current at t, access, clauses.</summary>
    /// <param name="query">The query.</param>
    /// <param name="row">The row of <c>res</c>.</param>
    /// <param name="start">The rows among which it must be.</param>
    /// <param name="walk">The rows among which it is already.</param>
    public void AddQuery(SearchQuery query, string row, SearchStart? start = null, SearchWalk? walk = null)
    {
        AddCurrent(query.Type, row);
        AddAccess(query.Type, Rights.Search, row);
        if (query.Compartment is { } patient)
            sql.Add($" AND {row}.rid IN (SELECT pc.rid FROM pc WHERE pc.patient={Number} AND pc.type=?)", patient.ToString(), numbers.Find(session, "Patient"), numbers.Find(session, query.Type));
        if (start is not null)
            AddAmong(start, row);
        AddClauses(query, row, start?.Answered ?? walk?.Answered ?? [], isNarrow: start is not null || walk?.Table == "chart");
    }

    /// <summary>The clauses.</summary>
    /// <param name="query">The query.</param>
    /// <param name="row">The row of <c>res</c>.</param>
    /// <param name="answered">Those that hold already.</param>
    /// <param name="isNarrow">True when few rows are left: each is then asked by itself.</param>
    public void AddClauses(SearchQuery query, string row, ImmutableArray<SearchClause> answered, bool isNarrow)
    {
        foreach (var clause in query.Clauses.Where(clause => !answered.Any(one => ReferenceEquals(one, clause))))
        {
            if (_dialect.PlansItself && !isNarrow && CanDrive(clause))
            {
                AddAmong(SearchStart.With(clause), row);
                continue;
            }
            sql.Add(" AND ");
            _isNarrow = isNarrow;
            Add(clause, row);
            _isNarrow = false;
        }
    }

    private bool _isNarrow;

    /// <summary>Of that type, not deleted, current at t.</summary>
    public void AddCurrent(string type, string row) =>
        sql.Add($"{row}.type=? AND {row}.t<=? AND {row}.until>? AND {row}.kind<>2", numbers.Find(session, type), t, t);

    /// <summary>What the access may see.</summary>
    public void AddAccess(string type, Rights right, string row)
    {
        var reach = access.Of(type, right);
        if (reach == Reach.Compartment)
            AddCompartment(row);
        else if (reach == Reach.None)
            sql.Add(" AND FALSE");
    }

    /// <summary>Only what lies in the compartment of the access.</summary>
    public void AddCompartment(string row) => sql.Add($" AND EXISTS(SELECT 1 FROM pc WHERE pc.patient={Number} AND pc.type={row}.type AND pc.rid={row}.rid)",
        access.Patient?.ToString(), numbers.Find(session, "Patient"));

    /// <summary>The number of a resource of that id and type.</summary>
    internal const string Number = "(SELECT n FROM ids WHERE id=? AND type=?)";

    /// <summary>The rows that an index lists for a clause.</summary>
    public void AddRows(SearchClause clause) =>
        sql.AddAllOf(clause.Values, " UNION ALL ", value =>
        {
            if (value is CompositeSearch composite)
                Values.AddComposite(composite, null);
            else if (value is DateSearch date)
                AddRows(clause, date);
            else
            {
                sql.Add($"SELECT rid FROM {ValueSql.Table(clause, value)} WHERE ");
                Values.Add(clause, value);
            }
        });

    private void AddRows(SearchClause clause, DateSearch date)
    {
        var bounds = DateBounds.Of(date);
        sql.Add("SELECT rid FROM dt WHERE ");
        Values.Add(clause, date);
        if (bounds is not { MayBeLong: true, From: not null })
        {
            AddWithin(bounds, "lo");
            return;
        }
        // Two questions a value are too many where there are many values.
        if (clause.Values.Length > MostInTwo)
            return;
        AddWithin(bounds, "lo");
        sql.Add(" UNION ALL SELECT rid FROM dt WHERE ");
        Values.Add(clause, date);
        AddLongBefore(bounds, "lo", "hi");
    }

    /// <summary>The rows of a chart.</summary>
    public void AddRows(ChartClauses chart) => sql.AddAllOf(chart.Codes, " UNION ALL ", code =>
    {
        sql.Add("SELECT rid FROM chart WHERE ");
        AddChart(chart, code, "");
    });

    private void AddChart(ChartClauses chart, string code, string w) => sql.Add($"{w}p=? AND {w}patient={Number} AND {w}code=?",
        numbers.Of(chart.Code.Parameter), chart.Id, numbers.Find(session, "Patient"), _dialect.Key(code));

    /// <summary>The part of a chart that is walked: rows of one code, all, or only those with or without a date.</summary>
    public void AddChart(ChartClauses chart, bool? isDated = null)
    {
        AddChart(chart, chart.Codes.Single(), "w.");
        if (isDated is { } dated)
            sql.Add(dated ? " AND w.lo>?" : " AND w.lo=?", Chart.Undated);
    }

    /// <summary>The rows of one clause, as <c>w</c>.</summary>
    public void AddRange(SearchClause clause) => Values.Add(clause, clause.Values[0]);

    /// <summary>The part of the index of dates that is walked, as <c>w</c>.</summary>
    public void AddDates(SortKey key, ImmutableArray<SearchClause> dates, DateBounds bounds, DatePart part)
    {
        numbers.Rows(key.Parameter).Add(sql, "dt", column: "w.p");
        _sight.Add(key.Parameter);
        if (part == DatePart.Within)
            AddWithin(bounds, "w.lo");
        else
            AddLongBefore(bounds, "w.lo", "w.hi");
        foreach (var clause in dates)
        {
            sql.Add(" AND ");
            sql.AddAll(clause.Values.Cast<DateSearch>(), " OR ", date => Values.AddDate(date, "w.lo", "w.hi"));
        }
        if (SearchCatalog.IsSingle(key.Parameter))
            return;
        // Of several dates the one that is sorted by.
        numbers.Rows(key.Parameter).Add(sql.Add($" AND w.lo=(SELECT {(key.Descending ? "max" : "min")}(lo) FROM dt WHERE rid=w.rid AND "), "dt").Add(")");
        numbers.Rows(key.Parameter).Add(sql.Add(" AND w.hi=(SELECT max(hi) FROM dt WHERE rid=w.rid AND lo=w.lo AND "), "dt").Add(")");
    }

    /// <summary>Rows of a type, as <c>w</c>, that have no such date.</summary>
    public void AddUndated(string type, SortKey key)
    {
        numbers.Rows(key.Parameter).Add(sql.Add("w.type=? AND NOT EXISTS(SELECT 1 FROM dt WHERE rid=w.rid AND ", numbers.Find(session, type)), "dt");
        _sight.Add(key.Parameter);
        sql.Add(")");
    }

    private void AddWithin(DateBounds bounds, string lo)
    {
        if (bounds.From is { } from)
            sql.Add($" AND {lo}>=?", from);
        if (bounds.Until is { } until)
            sql.Add($" AND {lo}<?", until);
    }

    // The plus keeps SQLite from looking for them by their beginnings.
    private void AddLongBefore(DateBounds bounds, string lo, string hi) => sql.Add($" AND {DateBounds.Long} AND {hi}>? AND +{lo}<?", bounds.From!.Value, bounds.From.Value);

    private void AddAmong(SearchStart start, string row)
    {
        sql.Add($" AND {row}.rid IN (");
        start.AddRows(this);
        sql.Add(")");
    }

    private void Add(SearchClause clause, string row)
    {
        if (clause.Has is not null)
            AddHas(clause, row);
        else if (!clause.Chain.IsEmpty)
            sql.AddAll(clause.Chain.Where(query => numbers.Rows(clause.Parameter).LeadsTo(query.Type)), " OR ", query => AddChain(clause, query, row));
        else if (clause.Modifier == SearchModifier.Missing)
            AddMissing(clause, row);
        else if (clause.Parameter.Code == "_id")
            AddId(clause, row);
        else if (clause.Parameter.Code == "_lastUpdated")
            sql.AddAll(clause.Values.OfType<DateSearch>(), " OR ", date => Values.AddDate(date, $"{row}.updated", $"({row}.updated+1)"));
        else
        {
            if (clause.IsNegated)
                sql.Add("NOT ");
            sql.AddAll(clause.Values, " OR ", value => AddValue(clause, value, row));
        }
    }

    private void AddComposite(CompositeSearch composite, SearchClause clause, string row)
    {
        var isSeek = ValueSql.IsSeek(clause, composite);
        sql.Add(isSeek ? "EXISTS(" : $"{row}.rid IN (");
        Values.AddComposite(composite, !isSeek ? null : (rid, isGrouped) =>
            sql.Add(isGrouped ? $" AND {rid}>={row}.rid*{1 << Tables.GroupBits} AND {rid}<({row}.rid+1)*{1 << Tables.GroupBits}" : $" AND {rid}={row}.rid"));
        sql.Add(")");
    }

    private void AddValue(SearchClause clause, SearchValue value, string row)
    {
        if (value is CompositeSearch composite)
        {
            AddComposite(composite, clause, row);
            return;
        }
        var table = ValueSql.Table(clause, value);
        var isSeek = ValueSql.IsSeek(clause, value);
        sql.Add(isSeek ? $"EXISTS(SELECT 1 FROM {table} WHERE " : $"{row}.rid IN (SELECT rid FROM {table} WHERE ");
        Values.Add(clause, value);
        sql.Add(isSeek ? $" AND rid={row}.rid{(_isNarrow ? _dialect.ByItself : "")})" : ")");
    }

    private void AddMissing(SearchClause clause, string row)
    {
        if (clause.Parameter.Code is "_id" or "_lastUpdated")
        {
            sql.Add(clause.Missing ? "FALSE" : "TRUE");
            return;
        }
        if (clause.Parameter.Type == SearchParameterType.Composite)
        {
            sql.Add(clause.Missing ? "NOT " : "").AddAll(clause.Values, " OR ", value => AddValue(clause, value, row));
            return;
        }
        var (rows, table) = (numbers.Rows(clause.Parameter), ValueSql.TableOf(clause.Parameter.Type));
        rows.Add(sql.Add($"{row}.rid {(clause.Missing ? "NOT IN" : "IN")} (SELECT rid FROM {table} WHERE "), table);
        _sight.Add(clause.Parameter);
        if (clause.Parameter.Type == SearchParameterType.Reference)
        {
            rows.AddTarget(session, numbers, sql);
            rows.Add(sql.Add(" UNION ALL SELECT rid FROM url WHERE "), "url");
            rows.Add(sql.Add(" UNION ALL SELECT rid FROM tok WHERE "), "tok", isAside: true);
        }
        else if (clause.Parameter.Type == SearchParameterType.Token)
        {
            // A concept may have a text alone.
            rows.Add(sql.Add(" UNION ALL SELECT rid FROM ref WHERE "), "ref", isAside: true);
            _sight.Add(clause.Parameter, hasCode: false);
        }
        sql.Add(")");
    }

    private void AddId(SearchClause clause, string row)
    {
        var type = clause.Parameter.ResourceType == "Resource" ? TypeOf(row) : clause.Parameter.ResourceType;
        sql.Add($"{row}.n {(clause.Modifier == SearchModifier.Not ? "NOT " : "")}IN (SELECT n FROM ids WHERE type=? AND id {_dialect.AnyOf})", numbers.Find(session, type), Ids(clause));
    }

    /// <summary>The versions of the resources of a type that <c>_id</c> names.</summary>
    public void AddRowsOfIds(SearchClause clause, string type) =>
        sql.Add($"SELECT v.rid FROM ids i {_dialect.InOrder} res v ON v.n=i.n WHERE i.type=? AND i.id {_dialect.AnyOf}", numbers.Find(session, type), Ids(clause));

    private static string[] Ids(SearchClause clause) =>
        [.. clause.Values.OfType<TokenSearch>().Where(v => string.IsNullOrEmpty(v.System) && v.Code is not null).Select(v => v.Code!)];

    private string TypeOf(string row) => _types[row];

    private readonly Dictionary<string, string> _types = [];

    /// <summary>Rows whose reference leads to a target that matches.</summary>
    private void AddChain(SearchClause clause, SearchQuery query, string row)
    {
        var target = Alias("x");
        sql.Add($"{row}.rid IN (SELECT f.rid FROM res {target} {_dialect.InOrder} ref f ON ");
        numbers.Rows(clause.Parameter).Add(sql, "ref", column: "f.p").Add($" AND f.target={target}.n WHERE ");
        AddNested(query, target);
        sql.Add(")");
    }

    /// <summary>Rows that a matching resource refers to.</summary>
    private void AddHas(SearchClause clause, string row)
    {
        var source = Alias("x");
        var rows = numbers.Rows(clause.Parameter);
        if (rows.Target is { } type)
            sql.Add($"{row}.type=? AND ", numbers.Find(session, type));
        rows.Add(sql.Add($"EXISTS(SELECT 1 FROM ref f {_dialect.InOrder} res {source} ON {source}.rid=f.rid WHERE "), "ref", column: "f.p").Add($" AND f.target={row}.n AND ");
        AddNested(clause.Has!, source, isDriven: true);
        sql.Add(")");
    }

    private void AddNested(SearchQuery query, string row, bool isDriven = false)
    {
        _types[row] = query.Type;
        AddQuery(query, row, !isDriven && query.Clauses.FirstOrDefault(CanDrive) is { } clause ? SearchStart.With(clause) : null);
    }

    /// <summary>True for a clause whose rows an index lists.</summary>
    public static bool CanDrive(SearchClause clause) =>
        clause is { Has: null, Chain.IsEmpty: true, Modifier: not SearchModifier.Missing, IsNegated: false, Values.IsEmpty: false, Parameter.Code: not ("_id" or "_lastUpdated") };

    /// <summary>Says which type a row has, for <c>_id</c>.</summary>
    public ClauseSql For(string row, string type)
    {
        _types[row] = type;
        return this;
    }

    /// <summary>Clauses on what all resources have, on a row of any type.</summary>
    public void AddOfAnyType(IEnumerable<SearchClause> clauses, string row)
    {
        foreach (var clause in clauses)
        {
            sql.Add(" AND ");
            if (CanDrive(clause))
            {
                sql.Add($"{row}.rid IN (");
                AddRows(clause);
                sql.Add(")");
            }
            else if (clause is { Parameter.Code: "_id", Modifier: not SearchModifier.Missing })
                AddAnyId(clause, row);
            else
                Add(clause, row);
        }
    }

    private void AddAnyId(SearchClause clause, string row) => sql.Add($"{row}.n {(clause.IsNegated ? "NOT " : "")}IN (SELECT n FROM ids WHERE id {_dialect.AnyOf})",
        clause.Values.OfType<TokenSearch>().Where(v => string.IsNullOrEmpty(v.System) && v.Code is not null).Select(v => v.Code!).ToArray());

    private string Alias(string name) => $"{name}{++_aliases}";
}
