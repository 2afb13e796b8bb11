using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>Brings the tables to this program's version, gives numbers to the search parameters, and indexes anew what their definitions changed.</summary>
internal sealed class Opening(WritingSession session, SearchCatalog catalog)
{
    /// <summary>The search parameters, once it has run also those that clients have stored.</summary>
    public SearchCatalog Catalog => catalog;

    private const int Slice = 1000;
    private const int MostWaiting = 300_000;

    /// <summary>Fails with <see cref="Failure.Conflict"/> on tables of another version.</summary>
    public Outcome<Numbers> Run(IReadOnlyList<Migration> migrations)
    {
        session.Begin();
        if (Migrations.Apply(session, migrations) is { } failure)
        {
            session.Undo();
            return failure;
        }
        catalog = StoredParameters.In(session, catalog);
        var changed = Parameters();
        session.Flush();
        var numbers = new Numbers(ParameterNumbers(), catalog.SourceOf);
        Index(numbers, changed);
        session.Commit(null);
        return numbers;
    }

    /// <summary>Brings the table of parameters in line with the catalog; gives those whose rows must be made anew.</summary>
    private List<SearchParameter> Parameters()
    {
        var wanted = catalog.Indexed.ToDictionary(p => (p.ResourceType, p.Code));
        var known = new Dictionary<(string, string), (long P, string Fingerprint)>();
        using (var rows = session.Query("SELECT p, type, code, fingerprint FROM param"))
            while (rows.Step())
                known[(rows.Text(1), rows.Text(2))] = (rows.Int64(0), rows.Text(3));
        foreach (var (key, (p, fingerprint)) in known)
            if (!wanted.TryGetValue(key, out var parameter) || catalog.FingerprintOf(parameter) != fingerprint)
                Forget(p);
        var changed = wanted.Where(w => !known.TryGetValue(w.Key, out var k) || k.Fingerprint != catalog.FingerprintOf(w.Value)).Select(w => w.Value).ToList();
        var last = known.Values.Select(k => k.P).DefaultIfEmpty().Max();
        foreach (var parameter in changed)
            session.Insert(Tables.Param, ++last, parameter.ResourceType, parameter.Code, catalog.FingerprintOf(parameter));
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

    /// <summary>Writes the index rows that the last process still had in memory, and those of parameters that changed.</summary>
    private void Index(Numbers numbers, List<SearchParameter> changed)
    {
        var counters = Counters.Read(session);
        var given = new WriterNumbers(session, numbers);
        given.Begin(counters);
        var rows = new RowWriter(session, given, catalog);
        if (session.Merged is { } merged && merged < counters.Rid)
            Index(rows, merged, Unmerged);
        if (changed.Count > 0)
            Index(rows, 0, after => Versions(changed, after), changed.ToHashSet());
        session.Settle(counters.Rid);
    }

    private void Index(RowWriter rows, long after, Func<long, List<(long Rid, byte[] Json)>> next, IReadOnlySet<SearchParameter>? only = null)
    {
        var reader = new ResourceReader();
        while (next(after) is { Count: > 0 } versions)
        {
            foreach (var (rid, json) in versions)
                if (reader.Read(json).TryGet(out var content, out _))
                    rows.Index(rid, rows.Take(content), only);
            session.Flush();
            after = versions[^1].Rid;
            if (session.Waiting > MostWaiting)
                session.Settle(session.Merged ?? 0);
        }
    }

    /// <summary>A slice of the versions whose index rows may be missing; closed ones too, which a page that was begun before may still ask for.</summary>
    private List<(long, byte[])> Unmerged(long after) =>
        Versions(new SqlText().Add("SELECT r.rid, r.json FROM res r WHERE r.rid>? AND r.kind<>2 AND r.flags<? ORDER BY r.rid LIMIT ?", after, Tables.Unindexed, Slice));

    /// <summary>What is current of the types whose parameters changed, a slice at a time.</summary>
    private List<(long Rid, byte[] Json)> Versions(List<SearchParameter> changed, long after)
    {
        string[] types = changed.Exists(p => p.ResourceType is "Resource" or "DomainResource") ? [] : [.. changed.Select(p => p.ResourceType).Distinct()];
        var some = types.Length > 0 ? new SqlText().Add($" AND y.text {session.Dialect.AnyOf}", types) : new SqlText();
        return Versions(new SqlText().Add("SELECT r.rid, r.json FROM res r JOIN sym y ON y.id=r.type WHERE r.until=? AND r.kind<>2 AND r.rid>?", Tables.Open, after)
            .Add(some.Text, some.Values).Add(" ORDER BY r.rid LIMIT ?", Slice));
    }

    /// <summary>Rows and content; nothing in place of what is damaged, which has no values either.</summary>
    private List<(long, byte[])> Versions(SqlText sql)
    {
        var versions = new List<(long, byte[])>();
        using var rows = session.Query(sql.Text, sql.Values);
        while (rows.Step())
            versions.Add((rows.Int64(0), rows.SoundJson(1) ?? []));
        return versions;
    }
}
