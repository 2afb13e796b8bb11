using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>Writes versions and their index rows, one after another in memory that is used again. For the one writer.</summary>
internal sealed class RowWriter(WritingSession session, WriterNumbers numbers, LiveCatalog live)
{
    private readonly IndexEntries _entries = new();
    private readonly IndexRow _row = new(numbers);

    /// <summary>Appends a version; gives its row. Its content as it is kept (see <see cref="WritingSession.Kept"/>); null for a deletion.</summary>
    public long Version(ResourceKey key, long version, long t, DateTimeOffset updated, ChangeKind kind, Access access, ReadOnlyMemory<byte>? json)
    {
        var rid = ++numbers.Counters.Rid;
        session.Insert(Tables.Res, rid, numbers.Resource(key.Type, key.Id.ToString()), numbers.Symbol(key.Type), version, t, Tables.Open, updated.ToUnixTimeMilliseconds(),
            (int)kind, numbers.Symbol(access.Actor), access.IsEngine ? Tables.ByEngine : 0, json is { } bytes ? bytes : default(SqlValue));
        return rid;
    }

    /// <summary>Ends the version that was current until t.</summary>
    public void Close(long rid, long t) => session.Change("UPDATE res SET until=? WHERE rid=?", t, rid);

    /// <summary>The index values of a content, in memory that lasts until the next one is taken.</summary>
    public IndexEntries Take(Resource content)
    {
        _entries.Fill(content, live.Value);
        return _entries;
    }

    /// <summary>The rows of a version's values.</summary>
    /// <param name="rid">The row of the version.</param>
    /// <param name="values">Its values.</param>
    /// <param name="only">The parameters whose rows are wanted; null for all.</param>
    public void Index(long rid, IndexEntries values, IReadOnlySet<SearchParameter>? only = null)
    {
        foreach (ref readonly var entry in values.All)
            if (values.HasRow(entry) && only?.Contains(values.Parameter(entry)) != false)
                session.Insert(_row.Of(values, entry, rid), _row.Values);
        foreach (ref readonly var row in values.ChartRows())
            if (only?.Contains(row.Parameter) != false)
                session.Insert(_row.Of(values, row, rid), _row.Values);
    }

    /// <summary>As <see cref="Index"/>, and none of the rows waits.</summary>
    public void IndexNow(long rid, IndexEntries values, IReadOnlySet<SearchParameter> only)
    {
        foreach (ref readonly var entry in values.All)
            if (values.HasRow(entry) && only.Contains(values.Parameter(entry)))
                session.InsertNow(_row.Of(values, entry, rid), _row.Values);
        foreach (ref readonly var row in values.ChartRows())
            if (only.Contains(row.Parameter))
                session.InsertNow(_row.Of(values, row, rid), _row.Values);
    }

    /// <summary>Takes the rows of a version's values away.</summary>
    public void Remove(long rid, IndexEntries values)
    {
        foreach (ref readonly var entry in values.All)
            if (values.HasRow(entry))
                session.Delete(_row.Of(values, entry, rid), _row.Values);
        foreach (ref readonly var row in values.ChartRows())
            session.Delete(_row.Of(values, row, rid), _row.Values);
    }

    /// <summary>Takes the rows of a version's values away, and marks it so; null for a version without content.</summary>
    public void Unindex(long rid, IndexEntries? values)
    {
        if (values is not null)
            Remove(rid, values);
        session.Change("UPDATE res SET flags=flags|? WHERE rid=?", Tables.Unindexed, rid);
    }

    /// <summary>The compartments in which a version lies.</summary>
    public void Compartments(long rid, string type, IEnumerable<ResourceId> patients)
    {
        foreach (var patient in patients)
            session.Insert(Tables.Pc, numbers.Resource("Patient", patient.ToString()), numbers.Symbol(type), rid);
    }

    /// <summary>A deletion lies where the version before it lay.</summary>
    public void SameCompartments(long rid, long before) => session.Change("INSERT INTO pc(patient, type, rid) SELECT patient, type, ? FROM pc WHERE rid=?", rid, before);
}
