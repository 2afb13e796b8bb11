using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sqlite;

/// <summary>Makes the tables, gives numbers to the search parameters, and indexes anew what their definitions changed.</summary>
internal sealed class Opening(Session session, SearchCatalog catalog)
{
    /// <summary>Fails with <see cref="Failure.Conflict"/> on a file of another layout.</summary>
    public Outcome<Numbers> Run()
    {
        session.Run("BEGIN IMMEDIATE");
        foreach (var sql in Tables.Make)
            session.Run(sql);
        if ((session.Text("SELECT value FROM about WHERE name='layout'") ?? Faults.Version(Tables.Layout)) != Faults.Version(Tables.Layout))
        {
            session.Run("ROLLBACK");
            return new Failure.Conflict("The data folder was written by another version of the store.");
        }
        session.Run("INSERT INTO about(name, value) VALUES('layout', ?) ON CONFLICT DO NOTHING", Faults.Version(Tables.Layout));
        var changed = Parameters();
        var numbers = new Numbers(ParameterNumbers());
        if (changed.Count > 0)
            Reindex(numbers, changed);
        session.Run("COMMIT");
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
        foreach (var parameter in changed)
            session.Run("INSERT INTO param(type, code, fingerprint) VALUES(?,?,?)", parameter.ResourceType, parameter.Code, SearchCatalog.FingerprintOf(parameter));
        return changed;
    }

    private void Forget(long p)
    {
        foreach (var table in Tables.Index)
            session.Run($"DELETE FROM {table} WHERE p IN (?, ?)", p, -p);
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
        var rows = new RowWriter(session, new WriterNumbers(session, numbers), catalog);
        var reader = new ResourceReader();
        var parameters = changed.ToHashSet();
        var isAll = changed.Exists(p => p.ResourceType is "Resource" or "DomainResource");
        var types = changed.Select(p => p.ResourceType).ToHashSet();
        using var versions = session.Query("SELECT r.rid, y.text, r.json FROM res r JOIN sym y ON y.id=r.type WHERE r.until=? AND r.kind<>2", Tables.Open);
        while (versions.Step())
            if (isAll || types.Contains(versions.Text(1)))
                rows.Index(versions.Int64(0), rows.Take(reader.Read(versions.Bytes(2)).Value), parameters);
    }
}
