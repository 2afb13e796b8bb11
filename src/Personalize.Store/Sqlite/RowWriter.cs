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
        foreach (var value in values)
            Index(rid, value);
    }

    /// <summary>The compartments in which a version lies.</summary>
    public void Compartments(long rid, string type, IEnumerable<ResourceId> patients)
    {
        foreach (var patient in patients)
            session.Run("INSERT OR IGNORE INTO pc(patient, type, rid) VALUES(?,?,?)", numbers.Resource("Patient", patient.ToString()), numbers.Symbol(type), rid);
    }

    /// <summary>A deletion lies where the version before it lay.</summary>
    public void SameCompartments(long rid, long before) => session.Run("INSERT INTO pc(patient, type, rid) SELECT patient, type, ? FROM pc WHERE rid=?", rid, before);

    private void Index(long rid, IndexValue value)
    {
        var p = numbers.Of(value.Parameter);
        switch (value)
        {
            case TokenIndex token:
                session.Run("INSERT OR IGNORE INTO tok(p, code, rid, sys) VALUES(?,?,?,?)", p, token.Code, rid, numbers.Symbol(token.System));
                break;
            case IdentifierIndex identifier:
                // The identifiers of references stand under the negative number of their parameter.
                session.Run("INSERT OR IGNORE INTO tok(p, code, rid, sys) VALUES(?,?,?,?)", -p, identifier.Value, rid, numbers.Symbol(identifier.System));
                break;
            case StringIndex text:
                session.Run("INSERT OR IGNORE INTO str(p, norm, rid, text) VALUES(?,?,?,?)", p, text.Normal, rid, text.Text);
                break;
            case DateIndex date:
                session.Run("INSERT OR IGNORE INTO dt(p, lo, hi, rid) VALUES(?,?,?,?)", p, date.Range.From, date.Range.Until, rid);
                break;
            case NumberIndex number:
                session.Run("INSERT OR IGNORE INTO num(p, lo, hi, sys, code, unit, rid) VALUES(?,?,?,?,?,?,?)", p, number.Low, number.High, numbers.Symbol(number.System), number.Code, number.Unit, rid);
                break;
            case ReferenceIndex { IsUrl: false } reference:
                session.Run("INSERT OR IGNORE INTO ref(p, target, rid) VALUES(?,?,?)", p, numbers.Resource(reference.Type, reference.Target), rid);
                break;
            case ReferenceIndex reference:
                session.Run("INSERT OR IGNORE INTO url(p, url, rid, type) VALUES(?,?,?,?)", p, reference.Target, rid, numbers.Symbol(reference.Type));
                break;
            case UriIndex uri:
                session.Run("INSERT OR IGNORE INTO url(p, url, rid, type) VALUES(?,?,?,?)", p, uri.Uri, rid, numbers.Symbol(""));
                break;
        }
    }
}
