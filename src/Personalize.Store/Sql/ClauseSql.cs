using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>The clauses of a query as SQL conditions on a row of <c>res</c>.</summary>
internal sealed class ClauseSql(Session session, Numbers numbers, Access access, long t, SqlText sql, DerivedGrounds? grounds = null)
{
    private readonly Dialect _dialect = session.Dialect;
    private readonly RowSight _sight = new(new DerivedSight(access, grounds ?? DerivedGrounds.Unknown), session.Dialect, sql);
    private ValueSql Values => field ??= new(session, numbers, _sight, sql);
    private int _aliases;

    /// <summary>Everything that a row of <c>res</c> must be to match: type, current at t, access, clauses.</summary>
    public void AddQuery(SearchQuery query, string row, SearchClause? driver)
    {
        AddCurrent(query.Type, row);
        AddAccess(query.Type, Rights.Search, row);
        if (query.Compartment is { } patient)
            sql.Add($" AND {row}.rid IN (SELECT pc.rid FROM pc WHERE pc.patient={Number} AND pc.type=?)", patient.ToString(), numbers.Find(session, "Patient"), numbers.Find(session, query.Type));
        foreach (var clause in query.Clauses)
        {
            sql.Add(" AND ");
            if (ReferenceEquals(clause, driver) || (_dialect.PlansItself && CanDrive(clause)))
                AddDriver(clause, row);
            else
                Add(clause, row);
        }
    }

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
    private const string Number = "(SELECT n FROM ids WHERE id=? AND type=?)";

    /// <summary>The rows of an index that the driving clause begins with.</summary>
    public void AddRows(SearchClause clause) =>
        sql.AddAllOf(clause.Values, " UNION ALL ", value =>
        {
            if (value is CompositeSearch composite)
            {
                Values.AddComposite(composite, null);
                return;
            }
            sql.Add($"SELECT rid FROM {ValueSql.Table(clause, value)} WHERE ");
            Values.Add(clause, value);
        });

    private void AddDriver(SearchClause clause, string row)
    {
        sql.Add($"{row}.rid IN (");
        AddRows(clause);
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
        sql.Add(isSeek ? $" AND rid={row}.rid)" : ")");
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
        var ids = clause.Values.OfType<TokenSearch>().Where(v => string.IsNullOrEmpty(v.System) && v.Code is not null).Select(v => v.Code!).ToArray();
        var type = clause.Parameter.ResourceType == "Resource" ? TypeOf(row) : clause.Parameter.ResourceType;
        sql.Add($"{row}.n {(clause.Modifier == SearchModifier.Not ? "NOT " : "")}IN (SELECT n FROM ids WHERE type=? AND id {_dialect.AnyOf})", numbers.Find(session, type), ids);
    }

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
        AddQuery(query, row, isDriven ? null : query.Clauses.FirstOrDefault(CanDrive));
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

    private string Alias(string name) => $"{name}{++_aliases}";
}
