using Personalize.Fhir.Elements;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>Looks through what was stored before a search parameter came, a slice at a time, beside the writes. How far it is stands in the database with the rows that it wrote, so that it goes on there whenever it was broken off.</summary>
internal sealed class Indexing(WritingSession session, LiveCatalog live, RowWriter rows)
{
    private readonly ResourceReader _reader = new();

    /// <summary>Parameters of one type that are equally far.</summary>
    private sealed record Walk(string Type, long After, long Last, List<long> Parameters, HashSet<(string, string)> Names);

    /// <summary>Looks through a slice, in a transaction of its own; false when there is nothing to do.</summary>
    /// <param name="slice">So many versions.</param>
    /// <param name="begin">Begins the transaction.</param>
    public bool Step(int slice, Func<Counters> begin)
    {
        var counters = begin();
        if (live.Refusal is not null || Next() is not { } walk)
        {
            session.Commit(null);
            return false;
        }
        var versions = Versions(walk, slice);
        var wanted = live.Value.Coming.Select(c => c.Parameter).Where(p => walk.Names.Contains((p.ResourceType, p.Code))).ToHashSet();
        foreach (var (rid, json) in versions)
            if (_reader.Read(json).TryGet(out var content, out _))
                rows.IndexNow(rid, rows.Take(content), wanted);
        var number = counters.Catalog = Note(walk, versions.Count < slice ? null : versions[^1].Rid, versions.Count);
        var coming = Coming();
        session.Commit(null);
        live.Take(number, coming);
        return true;
    }

    /// <summary>Reads how far another process is.</summary>
    public void Look() => live.Take(live.Number, Coming());

    private Walk? Next()
    {
        Walk? walk = null;
        using var coming = session.Query("SELECT c.p, p.type, p.code, c.walked, c.bound FROM coming c JOIN param p ON p.p=c.p ORDER BY c.bound, p.type, c.walked");
        while (coming.Step())
        {
            walk ??= new(coming.Text(1), coming.Int64(3), coming.Int64(4), [], []);
            if ((walk.Type, walk.After, walk.Last) != (coming.Text(1), coming.Int64(3), coming.Int64(4)))
                continue;
            walk.Parameters.Add(coming.Int64(0));
            walk.Names.Add((coming.Text(1), coming.Text(2)));
        }
        return walk;
    }

    /// <summary>What is current: what is closed was so before any search by these parameters begins.</summary>
    private List<(long Rid, byte[] Json)> Versions(Walk walk, int slice)
    {
        var sql = new SqlText().Add("SELECT r.rid, r.json FROM res r WHERE r.rid>? AND r.rid<=? AND r.until=? AND r.kind<>2", walk.After, walk.Last, Tables.Open);
        if (walk.Type is not ("Resource" or "DomainResource"))
            sql.Add(" AND r.type=?", live.Numbers.Find(session, walk.Type));
        sql.Add(" ORDER BY r.rid LIMIT ?", slice);
        var versions = new List<(long, byte[])>();
        using var found = session.Query(sql.Text, sql.Values);
        while (found.Step())
            versions.Add((found.Int64(0), found.SoundJson(1) ?? []));
        return versions;
    }

    /// <summary>Writes how far it is; gives the number of the catalog, a new one when the end was reached.</summary>
    private long Note(Walk walk, long? until, int count)
    {
        var any = session.Dialect.AnyOf;
        if (until is { } last)
        {
            session.Run($"UPDATE coming SET walked=?, done=done+? WHERE p {any}", last, count, walk.Parameters.ToArray());
            session.MayBeLost();
            return live.Number;
        }
        session.Run($"DELETE FROM coming WHERE p {any}", walk.Parameters.ToArray());
        session.Run("UPDATE catalog SET number=number+1");
        var number = session.Number("SELECT number FROM catalog") ?? 0;
        session.Tell(number);
        return number;
    }

    private List<ComingParameter> Coming()
    {
        var known = live.Value.Coming.ToDictionary(c => (c.Parameter.ResourceType, c.Parameter.Code), c => c.Parameter);
        var coming = new List<ComingParameter>();
        using var rows = session.Query("SELECT p.type, p.code, c.done, c.total FROM coming c JOIN param p ON p.p=c.p");
        while (rows.Step())
            if (known.TryGetValue((rows.Text(0), rows.Text(1)), out var parameter))
                coming.Add(new(parameter, rows.Int64(2), rows.Int64(3)));
        return coming;
    }
}
