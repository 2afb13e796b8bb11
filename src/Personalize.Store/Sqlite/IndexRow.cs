using Personalize.Fhir.Search;

namespace Personalize.Store.Sqlite;

/// <summary>A table of index rows; all its columns are its key.</summary>
internal sealed class IndexTable(string name, params string[] columns)
{
    public string Name => name;

    /// <summary>Writes a row once.</summary>
    public string Insert { get; } = $"INSERT OR IGNORE INTO {name}({string.Join(", ", columns)}) VALUES({string.Join(",", columns.Select(_ => "?"))})";

    /// <summary>Takes the same row away.</summary>
    public string Delete { get; } = $"DELETE FROM {name} WHERE {string.Join(" AND ", columns.Select(c => $"{c}=?"))}";
}

/// <summary>An index value of a version as the row of its table, in memory that is used again.</summary>
internal sealed class IndexRow(WriterNumbers numbers)
{
    public static readonly IndexTable Tok = new("tok", "p", "code", "rid", "sys");
    public static readonly IndexTable Str = new("str", "p", "norm", "rid", "text");
    public static readonly IndexTable Dt = new("dt", "p", "lo", "hi", "rid");
    public static readonly IndexTable Num = new("num", "p", "lo", "hi", "sys", "code", "unit", "rid");
    public static readonly IndexTable Ref = new("ref", "p", "target", "rid");
    public static readonly IndexTable Url = new("url", "p", "url", "rid", "type");

    private readonly SqlValue[] _values = new SqlValue[7];
    private int _count;

    /// <summary>The columns of the value asked for last.</summary>
    public ReadOnlySpan<SqlValue> Values => _values.AsSpan(0, _count);

    /// <summary>The table of a value; its columns are the <see cref="Values"/>.</summary>
    public IndexTable Of(IndexEntries from, in IndexEntry value, long rid)
    {
        var p = numbers.Of(from.Parameter(value));
        return value.Kind switch
        {
            IndexKind.Token => Row(Tok, p, Text(value.Main), rid, Symbol(value.Scope)),
            // The identifiers of references stand under the negative number of their parameter.
            IndexKind.Identifier => Row(Tok, -p, Text(value.Main), rid, Symbol(value.Scope)),
            IndexKind.String => Row(Str, p, Text(value.Other), rid, Text(value.Main)),
            IndexKind.Date => Row(Dt, p, value.Range.From, value.Range.Until, rid),
            IndexKind.Number => Row(Num, p, value.Low, value.High, Symbol(value.Scope), Text(value.Main), Text(value.Other), rid),
            IndexKind.Reference => Row(Ref, p, numbers.Resource(from.Text(value.Scope), from.Text(value.Main)), rid),
            IndexKind.Url => Row(Url, p, Text(value.Main), rid, Symbol(value.Scope)),
            IndexKind.Uri => Row(Url, p, Text(value.Main), rid, numbers.Symbol("")),
            _ => throw new InvalidOperationException("An index value without a table."),
        };

        SqlValue Text(IndexText text) => SqlValue.Utf8(from.Bytes(text));
        long Symbol(IndexText text) => numbers.Symbol(from.Bytes(text).Span);
    }

    private IndexTable Row(IndexTable table, params ReadOnlySpan<SqlValue> columns)
    {
        columns.CopyTo(_values);
        _count = columns.Length;
        return table;
    }
}
