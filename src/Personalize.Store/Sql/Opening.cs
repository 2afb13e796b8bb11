using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>Brings the tables to this program's version, gives numbers to the search parameters, and indexes anew what their definitions changed.</summary>
internal sealed class Opening(WritingSession session, SearchCatalog catalog)
{
    private const int Slice = 1000;

    /// <summary>Fails with <see cref="Failure.Conflict"/> on tables of another version.</summary>
    public Outcome<Numbers> Run(IReadOnlyList<Migration> migrations)
    {
        session.Begin();
        if (Migrations.Apply(session, migrations) is { } failure)
        {
            session.Undo();
            return failure;
        }
        var changed = Parameters();
        session.Flush();
        var numbers = new Numbers(ParameterNumbers());
        if (changed.Count > 0)
            Reindex(numbers, changed);
        session.Commit(null);
        return numbers;
    }

    /// <summary>Brings the table of parameters in line with the catalog; gives those whose rows must be made anew.</summary>
    private List<SearchParameter> Parameters()
    {
        var wanted = catalog.All.ToDictionary(p => (p.ResourceType, p.Code));
        var known = new Dictionary<(string, string), (long P, string Fingerprint)>();
        using (var rows = session.Query("SELECT p, type, code, fingerprint FROM param"))
            while (rows.Step())
                known[(rows.Text(1), rows.Text(2))] = (rows.Int64(0), rows.Text(3));
        foreach (var (key, (p, fingerprint)) in known)
            if (!wanted.TryGetValue(key, out var parameter) || SearchCatalog.FingerprintOf(parameter) != fingerprint)
                Forget(p);
        var changed = wanted.Where(w => !known.TryGetValue(w.Key, out var k) || k.Fingerprint != SearchCatalog.FingerprintOf(w.Value)).Select(w => w.Value).ToList();
        var last = known.Values.Select(k => k.P).DefaultIfEmpty().Max();
        foreach (var parameter in changed)
            session.Insert(Tables.Param, ++last, parameter.ResourceType, parameter.Code, SearchCatalog.FingerprintOf(parameter));
        return changed;
    }

    private void Forget(long p)
    {
        foreach (var table in Tables.Index)
            session.Run($"DELETE FROM {table.Name} WHERE p IN (?, ?)", p, -p);
        session.Run("DELETE FROM param WHERE p=?", p);
    }

    private Dictionary<(string, string), long> ParameterNumbers()
    {
        var numbers = new Dictionary<(string, string), long>();
        using var rows = session.Query("SELECT p, type, code FROM param");
        while (rows.Step())
            numbers[(rows.Text(1), rows.Text(2))] = rows.Int64(0);
        return numbers;
    }

    private void Reindex(Numbers numbers, List<SearchParameter> changed)
    {
        var given = new WriterNumbers(session, numbers);
        given.Begin(Counters.Read(session));
        var rows = new RowWriter(session, given, catalog);
        var reader = new ResourceReader();
        var parameters = changed.ToHashSet();
        var after = 0L;
        while (Versions(changed, after) is { Count: > 0 } versions)
        {
            foreach (var (rid, json) in versions)
                if (reader.Read(json).TryGet(out var content, out _))
                    rows.Index(rid, rows.Take(content), parameters);
            session.Flush();
            after = versions[^1].Rid;
        }
    }

    /// <summary>What is current of the types whose parameters changed, a slice at a time.</summary>
    private List<(long Rid, byte[] Json)> Versions(List<SearchParameter> changed, long after)
    {
        string[] types = changed.Exists(p => p.ResourceType is "Resource" or "DomainResource") ? [] : [.. changed.Select(p => p.ResourceType).Distinct()];
        var some = types.Length > 0 ? new SqlText().Add($" AND y.text {session.Dialect.AnyOf}", types) : new SqlText();
        var sql = new SqlText().Add("SELECT r.rid, r.json FROM res r JOIN sym y ON y.id=r.type WHERE r.until=? AND r.kind<>2 AND r.rid>?", Tables.Open, after)
            .Add(some.Text, some.Values).Add(" ORDER BY r.rid LIMIT ?", Slice);
        var versions = new List<(long, byte[])>();
        using var rows = session.Query(sql.Text, sql.Values);
        while (rows.Step())
            versions.Add((rows.Int64(0), rows.Bytes(1)));
        return versions;
    }
}
