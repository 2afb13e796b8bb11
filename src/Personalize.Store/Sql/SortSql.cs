using System.Collections.Immutable;
using System.Text.Json;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>The order of a search, and where a page begins in it. Rows without a value come last, whatever the direction; among equals the rid decides, in the direction of the first key.</summary>
internal sealed class SortSql(Session session, Numbers numbers, ImmutableArray<SortKey> sort, RowSight sight, SqlText sql)
{
    /// <summary>True when rows come as they were stored (also by <c>_lastUpdated</c>: rid grows with time), so that nothing need be sorted.</summary>
    public bool IsByRow { get; } = IsByRowOf(sort);

    /// <summary>The same for an order that is not written yet.</summary>
    public static bool IsByRowOf(ImmutableArray<SortKey> sort) => sort.IsEmpty || (sort.Length == 1 && sort[0].Parameter.Code == "_lastUpdated");

    private bool IsDescending => !sort.IsEmpty && sort[0].Descending;

    /// <summary>The keys as columns k0, k1, ...</summary>
    public void AddColumns()
    {
        if (IsByRow)
            return;
        for (var at = 0; at < sort.Length; at++)
        {
            sql.Add(", ");
            AddKey(sort[at]);
            sql.Add($" AS k{at}");
        }
    }

    /// <summary>The tables that keys without an index by row need.</summary>
    public void AddJoins()
    {
        for (var at = 0; at < sort.Length; at++)
            if (JoinOf(sort[at].Parameter) is (var rows, var table))
            {
                var of = numbers.Rows(sort[at].Parameter);
                of.Add(sql.Add($" LEFT JOIN ({rows} WHERE "), table);
                if (table == "ref")
                    of.AddTarget(session, numbers, sql);
                sight.Add(sort[at].Parameter);
                sql.Add($" GROUP BY 1) s{of.Own} ON s{of.Own}.srid=r.rid");
            }
    }

    /// <summary>Only rows behind the mark.</summary>
    public void AddFrom(IReadOnlyList<SqlValue> key)
    {
        if (IsByRow)
            AddRows(key);
        else
            AddBehind(key, 0);
    }

    /// <summary>The order, by the columns of that table.</summary>
    public void AddOrder(string table)
    {
        sql.Add(" ORDER BY ");
        if (!IsByRow)
            for (var at = 0; at < sort.Length; at++)
                sql.Add($"{table}.k{at} IS NULL, {table}.k{at}{(sort[at].Descending ? " DESC" : "")}, ");
        sql.Add($"{table}.rid{Direction}");
    }

    /// <summary>True when rows of that walk may lie behind the mark.</summary>
    public static bool IsBehind(SearchWalk walk, IReadOnlyList<SqlValue>? from) => walk.Order != WalkOrder.Date || walk.HoldsUndated || from is null || from[1].Kind != SqlKind.Null;

    /// <summary>The key of the rows of a walk as a column, behind the row's number.</summary>
    public static string KeyOf(SearchWalk walk) => walk.Order switch
    {
        WalkOrder.Date => walk.HoldsUndated ? $", nullif(w.lo, {Chart.Undated + 1}-1) AS k0" : ", w.lo AS k0",
        WalkOrder.Undated => ", NULL AS k0",
        _ => "",
    };

    /// <summary>The order of a walk, and only its rows behind the mark.</summary>
    public void AddOrder(SearchWalk walk, IReadOnlyList<SqlValue>? from)
    {
        if (from is not null)
            AddBehind(walk, from);
        // A code may stand there with several systems.
        if (walk.Table == "tok")
            sql.Add(" GROUP BY w.rid");
        sql.Add(walk.Order == WalkOrder.Date ? $" ORDER BY w.lo{Direction}, w.rid{Direction}" : $" ORDER BY w.rid{Direction}");
    }

    private string Direction => IsDescending ? " DESC" : "";

    private void AddRows(IReadOnlyList<SqlValue> key) => sql.Add(IsDescending ? "rid<?" : "rid>?", key[0]);

    private void AddBehind(SearchWalk walk, IReadOnlyList<SqlValue> key)
    {
        if (walk.Order == WalkOrder.Date)
        {
            var lo = key[1].Kind == SqlKind.Null ? Chart.Undated : key[1];
            sql.Add(IsDescending ? " AND w.lo<=? AND (w.lo<? OR w.rid<?)" : " AND w.lo>=? AND (w.lo>? OR w.rid>?)", lo, lo, key[0]);
        }
        else if (walk.Order == WalkOrder.Row || key[1].Kind == SqlKind.Null)
            sql.Add(IsDescending ? " AND w.rid<?" : " AND w.rid>?", key[0]);
    }

    private void AddBehind(IReadOnlyList<SqlValue> key, int at)
    {
        if (at == sort.Length)
        {
            AddRows(key);
            return;
        }
        var value = key[at + 1];
        sql.Add("(");
        if (value.Kind != SqlKind.Null)
            sql.Add($"k{at}{(sort[at].Descending ? "<" : ">")}? OR k{at} IS NULL OR ", value);
        sql.Add($"(k{at} IS NOT DISTINCT FROM ? AND ", value);
        AddBehind(key, at + 1);
        sql.Add("))");
    }

    private void AddKey(SortKey key)
    {
        var rows = numbers.Rows(key.Parameter);
        _ = (key.Parameter.Code, key.Parameter.Type) switch
        {
            ("_id", _) => sql.Add("(SELECT id FROM ids WHERE n=r.n)"),
            ("_lastUpdated", _) => sql.Add("r.updated"),
            (_, SearchParameterType.Date) => Extreme("dt", "lo", "lo"),
            (_, SearchParameterType.String) => Extreme("str", "norm", "norm"),
            (_, SearchParameterType.Number or SearchParameterType.Quantity) => Extreme("num", "hi", "lo"),
            _ => sql.Add($"s{rows.Own}.{(key.Descending ? "high" : "low")}"),
        };

        SqlText Extreme(string table, string high, string low) =>
            rows.Add(sql.Add($"(SELECT {(key.Descending ? $"max({high})" : $"min({low})")} FROM {table} WHERE rid=r.rid AND "), table).Add(")");
    }

    private static (string Rows, string Table)? JoinOf(SearchParameter parameter) => (parameter.Code, parameter.Type) switch
    {
        ("_id" or "_lastUpdated", _) => null,
        (_, SearchParameterType.Token) => ("SELECT rid AS srid, min(code) AS low, max(code) AS high FROM tok", "tok"),
        (_, SearchParameterType.Uri) => ("SELECT rid AS srid, min(url) AS low, max(url) AS high FROM url", "url"),
        (_, SearchParameterType.Reference) => ("SELECT f.rid AS srid, min(i.id) AS low, max(i.id) AS high FROM ref f JOIN ids i ON i.n=f.target", "ref"),
        _ => null,
    };
}

/// <summary>The text of a page mark: rid and sort keys of the last row.</summary>
internal static class MarkText
{
    public static string Write(IEnumerable<SqlValue> key) => JsonSerializer.Serialize(key.Select(v => v.Kind switch
    {
        SqlKind.Integer => (object)v.Integer,
        SqlKind.Real => v.Real.ToString("R", System.Globalization.CultureInfo.InvariantCulture) + "r",
        SqlKind.Text => "t" + v.Text,
        _ => null!,
    }));

    /// <summary>Null when the text is no mark of this store.</summary>
    public static IReadOnlyList<SqlValue>? Read(string text, int length)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var key = document.RootElement.EnumerateArray().Select(Read).ToList();
            return key.Count == length && key[0].Kind == SqlKind.Integer ? key : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static SqlValue Read(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Number)
            return element.GetInt64();
        if (element.ValueKind != JsonValueKind.String)
            return default;
        var text = element.GetString()!;
        return text.StartsWith('t') ? text[1..] : double.Parse(text.TrimEnd('r'), System.Globalization.CultureInfo.InvariantCulture);
    }
}
