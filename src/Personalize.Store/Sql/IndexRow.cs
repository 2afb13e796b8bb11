using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>An index value of a version as the row of its table, in memory that is used again.</summary>
internal sealed class IndexRow(WriterNumbers numbers)
{
    private readonly SqlValue[] _values = new SqlValue[7];
    private int _count;

    /// <summary>The columns of the value asked for last.</summary>
    public ReadOnlySpan<SqlValue> Values => _values.AsSpan(0, _count);

    /// <summary>The table of a value; its columns are the <see cref="Values"/>.</summary>
    public Table Of(IndexEntries from, in IndexEntry value, long rid)
    {
        var p = numbers.Of(from.Parameter(value));
        rid = Tables.RowOf(rid, value.Group);
        return value.Kind switch
        {
            IndexKind.Token => Row(Tables.Tok, p, Text(value.Main), rid, Symbol(value.Scope)),
            // What only a modifier or a unit asks for stands under the negative number of the parameter: the identifiers of references and those with a type, what people read of a token, quantities in base units.
            IndexKind.Identifier => Row(Tables.Tok, -p, Text(value.Main), rid, Symbol(value.Scope)),
            IndexKind.OfType => Row(Tables.Tok, -p, Text(value.Main), rid, Symbol(value.Scope)),
            IndexKind.Words => Row(Tables.Ref, -p, Symbol(value.Main), rid),
            IndexKind.Canonical => Row(Tables.Num, -p, value.Low, value.High, numbers.Symbol(""), Text(value.Main), SqlValue.Utf8(default), rid),
            IndexKind.String => Row(Tables.Str, p, Text(value.Other), rid, Text(value.Main)),
            IndexKind.Date => Row(Tables.Dt, p, value.Range.From, value.Range.Until, rid),
            IndexKind.Number => Row(Tables.Num, p, value.Low, value.High, Symbol(value.Scope), Text(value.Main), Text(value.Other), rid),
            IndexKind.Reference => Row(Tables.Ref, p, numbers.Resource(from.Bytes(value.Scope).Span, from.Bytes(value.Main).Span), rid),
            IndexKind.Url => Row(Tables.Url, p, Text(value.Main), rid, Symbol(value.Scope)),
            IndexKind.Uri => Row(Tables.Url, p, Text(value.Main), rid, numbers.Symbol("")),
            _ => throw new InvalidOperationException("An index value without a table."),
        };

        SqlValue Text(IndexText text) => SqlValue.Utf8(from.Bytes(text));
        long Symbol(IndexText text) => numbers.Symbol(from.Bytes(text).Span);
    }

    /// <summary>The table of charts; its columns are the <see cref="Values"/>.</summary>
    public Table Of(IndexEntries from, in ChartRow row, long rid) =>
        Row(Tables.Chart, numbers.Of(row.Parameter), numbers.Resource("Patient"u8, from.Bytes(row.Patient).Span), SqlValue.Utf8(from.Bytes(row.Code)), row.From, rid);

    private Table Row(Table table, params ReadOnlySpan<SqlValue> columns)
    {
        columns.CopyTo(_values);
        _count = columns.Length;
        return table;
    }
}
