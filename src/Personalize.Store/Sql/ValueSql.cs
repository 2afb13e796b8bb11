using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>What <c>Matching</c> says of one value, as SQL over the rows of an index table.</summary>
internal sealed class ValueSql(Session session, Numbers numbers, RowSight sight, SqlText sql)
{
    private readonly Dialect _dialect = session.Dialect;

    /// <summary>The table in which a clause finds its rows.</summary>
    public static string Table(SearchClause clause, SearchValue? value) => value switch
    {
        ReferenceSearch { IsUrl: true } => "url",
        TokenSearch or CodesSearch or OfTypeSearch => "tok",
        StringSearch when clause.Modifier == SearchModifier.Text => "ref",
        _ => TableOf(clause.Parameter.Type),
    };

    /// <summary>The table of a parameter type; references to URLs stand in <c>url</c> beside <c>ref</c>.</summary>
    public static string TableOf(SearchParameterType type) => type switch
    {
        SearchParameterType.String => "str",
        SearchParameterType.Token => "tok",
        SearchParameterType.Date => "dt",
        SearchParameterType.Number or SearchParameterType.Quantity => "num",
        SearchParameterType.Reference => "ref",
        _ => "url",
    };

    /// <summary>True when a row is found by a key that ends in its rid, so that asking for one rid is one seek.</summary>
    public static bool IsSeek(SearchClause clause, SearchValue value) => value switch
    {
        TokenSearch { Code: null } or CodesSearch => false,
        StringSearch => clause.Modifier != SearchModifier.Text,
        CompositeSearch composite => IsSeek(composite.Components[0]),
        UriSearch => clause.Modifier != SearchModifier.Below,
        _ => true,
    };

    /// <summary>The condition on the columns of the table; any value of the parameter when none is wanted.</summary>
    public void Add(SearchClause clause, SearchValue? value)
    {
        var (rows, table) = (numbers.Rows(clause.Parameter), Table(clause, value));
        rows.Add(sql, table, IsAside(clause, value));
        sight.Add(clause.Parameter, hasCode: table == "tok" && value is not OfTypeSearch);
        switch (value)
        {
            case StringSearch words when clause.Modifier == SearchModifier.Text:
                sql.Add(" AND target IN (SELECT id FROM sym WHERE text>=? AND text<?)", _dialect.Key(words.Normal), _dialect.Key(End(words.Normal)));
                break;
            case OfTypeSearch typed:
                sql.Add(" AND code=?", _dialect.Key(typed.Key));
                AddSystem(typed.System, isImplied: false);
                break;
            case NumberSearch { Dimension: { } dimension } scaled:
                sql.Add(" AND code=?", dimension);
                AddNumber(scaled);
                break;
            case StringSearch text:
                Add(text, clause.Modifier);
                break;
            case TokenSearch token:
                Add(token);
                break;
            case CodesSearch codes:
                // One value for the whole list, so that the statement stays the same.
                sql.Add($" AND code {_dialect.AnyOf}", codes.Codes.Select(_dialect.Key).Order(StringComparer.Ordinal).ToArray());
                AddSystem(codes.System, codes.IsImplied);
                break;
            case DateSearch date:
                sql.Add(" AND ");
                AddDate(date, "lo", "hi");
                break;
            case NumberSearch number:
                AddUnit(number);
                AddNumber(number);
                break;
            case ReferenceSearch reference:
                Add(reference, rows);
                break;
            case null when table == "ref":
                rows.AddTarget(session, numbers, sql);
                break;
            case UriSearch uri when clause.Modifier == SearchModifier.Below:
                sql.Add(" AND url>=? AND url<?", uri.Uri, End(uri.Uri));
                break;
            case UriSearch uri:
                sql.Add(" AND url=?", _dialect.Key(uri.Uri));
                break;
        }
    }

    /// <summary>The rows of a composite, as the column <c>rid</c>: the rows of its first component for which the others hold too.</summary>
    /// <param name="composite">The composite.</param>
    /// <param name="among">Adds a condition on the column of that name, which may bear the element behind the row; null for none.</param>
    public void AddComposite(CompositeSearch composite, Action<string, bool>? among)
    {
        var first = composite.Components[0];
        var isGrouped = first.Parameter.GroupDepth > 0;
        sql.Add($"SELECT {(isGrouped ? $"g.rid>>{Tables.GroupBits}" : "g.rid")} AS rid FROM {Table(Clause(first), first.Value)} g WHERE ");
        Add(Clause(first), first.Value);
        foreach (var other in composite.Components.Skip(1))
            AddOther(other, isGrouped && other.Parameter.GroupDepth == 0 ? $"(g.rid>>{Tables.GroupBits})" : "g.rid");
        among?.Invoke("g.rid", isGrouped);
    }

    private void AddOther(ComponentSearch other, string rid)
    {
        var clause = Clause(other);
        var isSeek = IsSeek(other);
        sql.Add(isSeek ? $" AND EXISTS(SELECT 1 FROM {Table(clause, other.Value)} WHERE " : $" AND {rid} IN (SELECT rid FROM {Table(clause, other.Value)} WHERE ");
        Add(clause, other.Value);
        sql.Add(isSeek ? $" AND rid={rid})" : ")");
    }

    private static bool IsSeek(ComponentSearch component) => component.Value is { } value && IsSeek(Clause(component), value);

    private static SearchClause Clause(ComponentSearch component) => new(component.Parameter, SearchModifier.None, []);

    /// <summary>True for what stands under the negative number of the parameter.</summary>
    private static bool IsAside(SearchClause clause, SearchValue? value) =>
        clause.Modifier is SearchModifier.Identifier or SearchModifier.Text or SearchModifier.OfType || value is NumberSearch { Dimension: not null };

    /// <summary>Spans of time over any two columns.</summary>
    public void AddDate(DateSearch date, string lo, string hi)
    {
        var (from, until) = (date.Range.From, date.Range.Until);
        var wide = date.About;
        _ = date.Prefix switch
        {
            SearchPrefix.Eq => sql.Add($"({lo}>=? AND {lo}<? AND {hi}<=?)", from, until, until),
            SearchPrefix.Ne => sql.Add($"NOT ({lo}>=? AND {hi}<=?)", from, until),
            SearchPrefix.Gt => sql.Add($"{hi}>?", until),
            SearchPrefix.Lt => sql.Add($"{lo}<?", from),
            SearchPrefix.Ge => sql.Add($"({hi}>? OR ({lo}>=? AND {hi}<=?))", until, from, until),
            SearchPrefix.Le => sql.Add($"({lo}<? OR ({lo}>=? AND {hi}<=?))", from, from, until),
            SearchPrefix.Sa => sql.Add($"{lo}>=?", until),
            SearchPrefix.Eb => sql.Add($"{hi}<=?", from),
            _ => sql.Add($"({lo}<? AND {hi}>?)", wide.Until, wide.From),
        };
    }

    /// <summary>The first text behind all that begin so.</summary>
    private static string End(string prefix) => prefix + "\U0010FFFF";

    private void Add(StringSearch text, SearchModifier modifier) => _ = modifier switch
    {
        SearchModifier.Exact => AddHead(text.Normal, text.Normal).Add(" AND norm=? AND text=?", text.Normal, text.Text),
        SearchModifier.Contains => sql.Add($" AND {_dialect.Position}(norm, ?)>0", text.Normal),
        _ => AddHead(text.Normal, End(text.Normal)).Add(" AND norm>=? AND norm<?", text.Normal, End(text.Normal)),
    };

    /// <summary>The part of the index to look into, for an engine whose index does not hold whole texts.</summary>
    private SqlText AddHead(string from, string until) => _dialect.Head is { } head
        ? sql.Add($" AND {head("norm")}>={head("?")} AND {head("norm")}<={head("?")}", from, until)
        : sql;

    private void Add(TokenSearch token)
    {
        if (token.Code is { } code)
            sql.Add(" AND code=?", _dialect.Key(code));
        AddSystem(token.System, token.IsImplied);
    }

    private void AddSystem(string? wanted, bool isImplied)
    {
        if (wanted is not { } system)
            return;
        sql.Add(" AND sys IN (?", numbers.Find(session, system));
        if (isImplied)
            sql.Add(",?", numbers.Find(session, ""));
        sql.Add(")");
    }

    private void AddUnit(NumberSearch number)
    {
        if (number.System is { } system)
            sql.Add(" AND sys=?", numbers.Find(session, system));
        if (number.Unit is not { } unit)
            return;
        if (number.System is null)
            sql.Add(" AND (code=? OR unit=?)", unit, unit);
        else
            sql.Add(" AND code=?", unit);
    }

    private void AddNumber(NumberSearch number)
    {
        var (low, high) = number.About;
        _ = number.Prefix switch
        {
            SearchPrefix.Eq => sql.Add(" AND lo>=? AND lo<? AND hi<?", number.Low, number.High, number.High),
            SearchPrefix.Ne => sql.Add(" AND NOT (lo>=? AND hi<?)", number.Low, number.High),
            SearchPrefix.Gt => sql.Add(" AND hi>?", number.Value),
            SearchPrefix.Lt => sql.Add(" AND lo<?", number.Value),
            SearchPrefix.Ge => sql.Add(" AND hi>=?", number.Value),
            SearchPrefix.Le => sql.Add(" AND lo<=?", number.Value),
            SearchPrefix.Sa => sql.Add(" AND lo>?", number.Value),
            SearchPrefix.Eb => sql.Add(" AND hi<?", number.Value),
            _ => sql.Add(" AND lo<=? AND hi>=?", high, low),
        };
    }

    private void Add(ReferenceSearch reference, ParameterRows rows)
    {
        if (reference.IsUrl)
        {
            sql.Add(" AND url=?", _dialect.Key(reference.Target));
            if (reference.Type is { } type)
                sql.Add(" AND type=?", numbers.Find(session, type));
            return;
        }
        if ((reference.Type ?? rows.Target) is { } targetType)
            sql.Add(" AND target=(SELECT n FROM ids WHERE id=? AND type=?)", reference.Target, numbers.Find(session, targetType));
        else
            sql.Add(" AND target IN (SELECT n FROM ids WHERE id=?)", reference.Target);
        if (reference.Type is { } asked && !rows.LeadsTo(asked))
            sql.Add(" AND FALSE");
    }
}
