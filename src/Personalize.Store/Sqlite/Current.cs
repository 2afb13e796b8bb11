using Personalize.Fhir.Primitives;

namespace Personalize.Store.Sqlite;

/// <summary>The last version of a resource as the writer sees it; <see cref="Rid"/> is 0 and <see cref="Version"/> 0 when there never was one.</summary>
internal sealed record Current(long N, long Rid, long Version, bool IsDeleted)
{
    public static Current Of(Session session, WriterNumbers numbers, ResourceKey key)
    {
        var n = numbers.Resource(key.Type, key.Id.ToString());
        using var row = session.Query("SELECT rid, version, kind FROM res WHERE n=? ORDER BY rid DESC LIMIT 1", n);
        return row.Step() ? new(n, row.Int64(0), row.Int64(1), row.Int64(2) == (int)ChangeKind.Delete) : new(n, 0, 0, true);
    }

    public byte[] Json(Session session)
    {
        using var row = session.Query("SELECT json FROM res WHERE rid=?", Rid);
        return row.Step() ? row.Bytes(0) : throw new InvalidOperationException("A version without its row.");
    }

    public bool LiesWith(Session session, WriterNumbers numbers, ResourceId patient) =>
        session.Number("SELECT 1 FROM pc WHERE rid=? AND patient=?", Rid, numbers.Resource("Patient", patient.ToString())) is not null;
}
