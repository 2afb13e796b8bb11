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

/// <summary>An index value of a version as the row of its table.</summary>
internal readonly record struct IndexRow(IndexTable Table, SqlValue[] Values)
{
    public static readonly IndexTable Tok = new("tok", "p", "code", "rid", "sys");
    public static readonly IndexTable Str = new("str", "p", "norm", "rid", "text");
    public static readonly IndexTable Dt = new("dt", "p", "lo", "hi", "rid");
    public static readonly IndexTable Num = new("num", "p", "lo", "hi", "sys", "code", "unit", "rid");
    public static readonly IndexTable Ref = new("ref", "p", "target", "rid");
    public static readonly IndexTable Url = new("url", "p", "url", "rid", "type");

    public static IndexRow Of(IndexValue value, long rid, WriterNumbers numbers)
    {
        var p = numbers.Of(value.Parameter);
        return value switch
        {
            TokenIndex token => new(Tok, [p, token.Code, rid, numbers.Symbol(token.System)]),
            // The identifiers of references stand under the negative number of their parameter.
            IdentifierIndex identifier => new(Tok, [-p, identifier.Value, rid, numbers.Symbol(identifier.System)]),
            StringIndex text => new(Str, [p, text.Normal, rid, text.Text]),
            DateIndex date => new(Dt, [p, date.Range.From, date.Range.Until, rid]),
            NumberIndex number => new(Num, [p, number.Low, number.High, numbers.Symbol(number.System), number.Code, number.Unit, rid]),
            ReferenceIndex { IsUrl: false } reference => new(Ref, [p, numbers.Resource(reference.Type, reference.Target), rid]),
            ReferenceIndex reference => new(Url, [p, reference.Target, rid, numbers.Symbol(reference.Type)]),
            UriIndex uri => new(Url, [p, uri.Uri, rid, numbers.Symbol("")]),
            _ => throw new InvalidOperationException("An index value without a table."),
        };
    }
}
