using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sqlite;

/// <summary>Writes a version and its index rows.</summary>
internal sealed class RowWriter(Session session, WriterNumbers numbers)
{
    private const string InsertVersion =
        "INSERT INTO res(n, type, version, t, until, updated, kind, actor, flags, json) VALUES(?,?,?,?,?,?,?,?,?,?) RETURNING rid";

    /// <summary>Appends a version; gives its row.</summary>
    public long Version(ResourceKey key, long version, long t, DateTimeOffset updated, ChangeKind kind, Access access, ReadOnlyMemory<byte>? json) =>
        session.Number(InsertVersion, numbers.Resource(key.Type, key.Id.ToString()), numbers.Symbol(key.Type), version, t, Tables.Open, updated.ToUnixTimeMilliseconds(),
            (int)kind, numbers.Symbol(access.Actor), access.IsEngine ? Tables.ByEngine : 0, json is { } bytes ? bytes : (string?)null)!.Value;

    /// <summary>Ends the version that was current until t.</summary>
    public void Close(long rid, long t) => session.Run("UPDATE res SET until=? WHERE rid=?", t, rid);

    /// <summary>The rows of a version's values.</summary>
    public void Index(long rid, IEnumerable<IndexValue> values)
    {
        foreach (var row in values.Select(v => IndexRow.Of(v, rid, numbers)))
            session.Run(row.Table.Insert, row.Values);
    }

    /// <summary>Takes the rows of a version's values away, and marks it so.</summary>
    public void Unindex(long rid, IEnumerable<IndexValue> values)
    {
        foreach (var row in values.Select(v => IndexRow.Of(v, rid, numbers)))
            session.Run(row.Table.Delete, row.Values);
        session.Run("UPDATE res SET flags=flags+? WHERE rid=?", Tables.Unindexed, rid);
    }

    /// <summary>The compartments in which a version lies.</summary>
    public void Compartments(long rid, string type, IEnumerable<ResourceId> patients)
    {
        foreach (var patient in patients)
            session.Run("INSERT OR IGNORE INTO pc(patient, type, rid) VALUES(?,?,?)", numbers.Resource("Patient", patient.ToString()), numbers.Symbol(type), rid);
    }

    /// <summary>A deletion lies where the version before it lay.</summary>
    public void SameCompartments(long rid, long before) => session.Run("INSERT INTO pc(patient, type, rid) SELECT patient, type, ? FROM pc WHERE rid=?", rid, before);
}
