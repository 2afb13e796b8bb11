using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql.Checking;

/// <summary>The rows that a content gives, as prints.</summary>
internal sealed class ExpectedRows(StoredNumbers numbers, SearchCatalog catalog, Dialect dialect)
{
    // In bytes; engines keep what is no longer.
    private const int ShortKey = 200;

    private readonly IndexEntries _entries = new();
    private readonly RowPrint _print = new();
    private readonly Dictionary<ulong, long> _rows = [];

    /// <summary>The prints of the index rows, each once, with the parameter that gives it; lasts until the next content is taken.</summary>
    public IReadOnlyDictionary<ulong, long> Index => _rows;

    /// <summary>Takes a content's values.</summary>
    public void Take(Resource content)
    {
        _rows.Clear();
        _entries.Fill(content, catalog);
        foreach (ref readonly var entry in _entries.All)
            if (_entries.HasRow(entry) && numbers.Compared(_entries.Parameter(entry)) is { } p)
                _rows[Print(entry, p)] = p;
        foreach (ref readonly var row in _entries.ChartRows())
            if (numbers.Compared(row.Parameter) is { } p)
                _rows[Row(IndexedTable.Charts, p).Add(numbers.Resource("Patient", _entries.Text(row.Patient))).Add(Key(row.Code)).Add(row.From).In(0).Value] = p;
    }

    /// <summary>The sum of the prints of the compartments in which the content that was taken lies.</summary>
    public ulong Compartments(string type, ResourceId id) => Compartments(numbers.Symbol(type), Fhir.Search.Compartments.Patients(type, id, _entries, catalog));

    /// <summary>The print of a compartment.</summary>
    public ulong Compartment(long patient, long type) => _print.Begin(_compartment).Add(patient).Add(type).Value;

    /// <summary>The print of a row that was read.</summary>
    public ulong Print(IndexedTable table, Rows row, int group)
    {
        _print.Begin(table);
        for (var column = 1; column <= table.Columns.Length; column++)
            _print.Add(row.Value(column));
        return _print.In(group).Value;
    }

    /// <summary>The version that an index row belongs to, and for a part of a composite the element.</summary>
    public (long Rid, int Group) HomeOf(Rows row) => numbers.IsGrouped(row.Int64(1))
        ? (row.Int64(0) >> Tables.GroupBits, (int)(row.Int64(0) & ((1 << Tables.GroupBits) - 1)))
        : (row.Int64(0), 0);

    private static readonly IndexedTable _compartment = new(7, "pc", "patient", "type");

    private ulong Compartments(long type, IEnumerable<ResourceId> patients)
    {
        var sum = 0ul;
        foreach (var patient in patients)
            sum += Compartment(numbers.Resource("Patient", patient.ToString()), type);
        return sum;
    }

    // In the order of the columns of each table.
    private ulong Print(in IndexEntry entry, long p) => (entry.Kind switch
    {
        IndexKind.Token => Row(IndexedTable.Tokens, p).Add(Key(entry.Main)).Add(Symbol(entry.Scope)),
        // What a modifier or a unit asks for stands under the negative number of the parameter.
        IndexKind.Identifier => Row(IndexedTable.Tokens, -p).Add(Key(entry.Main)).Add(Symbol(entry.Scope)),
        IndexKind.OfType => Row(IndexedTable.Tokens, -p).Add(Key(entry.Main)).Add(Symbol(entry.Scope)),
        IndexKind.Words => Row(IndexedTable.References, -p).Add(Symbol(entry.Main)),
        IndexKind.Canonical => Row(IndexedTable.Numbers, -p).Add(entry.Low).Add(entry.High).Add(numbers.Symbol("")).Add(Bytes(entry.Main)).Add(default(ReadOnlySpan<byte>)),
        IndexKind.String => Row(IndexedTable.Strings, p).Add(Bytes(entry.Other)).Add(Bytes(entry.Main)),
        IndexKind.Date => Row(IndexedTable.Dates, p).Add(entry.Range.From).Add(entry.Range.Until),
        IndexKind.Number => Row(IndexedTable.Numbers, p).Add(entry.Low).Add(entry.High).Add(Symbol(entry.Scope)).Add(Bytes(entry.Main)).Add(Bytes(entry.Other)),
        IndexKind.Reference => Row(IndexedTable.References, p).Add(numbers.Resource(_entries.Text(entry.Scope), _entries.Text(entry.Main))),
        IndexKind.Url => Row(IndexedTable.Urls, p).Add(Key(entry.Main)).Add(Symbol(entry.Scope)),
        IndexKind.Uri => Row(IndexedTable.Urls, p).Add(Key(entry.Main)).Add(numbers.Symbol("")),
        _ => throw new InvalidOperationException("An index value without a table."),
    }).In(entry.Group).Value;

    private RowPrint Row(IndexedTable table, long p) => _print.Begin(table).Add(p);

    private ReadOnlySpan<byte> Bytes(IndexText text) => _entries.Bytes(text).Span;

    /// <summary>A code or URL as the engine stores it: one that is short as it is.</summary>
    private ReadOnlySpan<byte> Key(IndexText text) => text.Length <= ShortKey ? Bytes(text) : Encoding.UTF8.GetBytes(dialect.Key(_entries.Text(text)));

    private long Symbol(IndexText text) => numbers.Symbol(dialect.Key(_entries.Text(text)));
}
