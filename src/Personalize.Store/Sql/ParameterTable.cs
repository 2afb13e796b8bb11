using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>The search parameters in the database: their numbers, how far they are indexed, and those that are gone while their rows are still there. Used by the writer, inside its transactions.</summary>
/// <param name="session">The connection that writes.</param>
/// <param name="program">The parameters that come with the program.</param>
internal sealed class ParameterTable(WritingSession session, SearchCatalog program)
{
    /// <summary>Tells programs apart that index by other parameters.</summary>
    public string Program { get; } = PrintOf(program);

    private sealed record Row(long P, string Fingerprint, long? Done, long All);

    /// <summary>True when the database was last opened by a program with other parameters of its own.</summary>
    public bool IsOfOther => session.Text("SELECT program FROM catalog") is { Length: > 0 } other && other != Program;

    /// <summary>The parameters as the database has them.</summary>
    public CatalogState Read()
    {
        var whole = StoredParameters.In(session, program);
        var rows = Rows();
        var numbers = new Dictionary<SearchParameter, long>();
        var coming = new List<ComingParameter>();
        foreach (var parameter in whole.Indexed)
        {
            if (!rows.TryGetValue((parameter.ResourceType, parameter.Code), out var row))
                continue;
            numbers[parameter] = row.P;
            if (row.Done is { } done)
                coming.Add(new(parameter, done, row.All));
        }
        return new(Number, whole.WithComing(coming), numbers)
        {
            Refusal = IsOfOther ? new Failure.Unavailable("Another program, whose search parameters are others, has taken the database over: start this server anew as that program.") : null,
        };
    }

    /// <summary>The number of the catalog.</summary>
    public long Number => session.Number("SELECT number FROM catalog") ?? 0;

    /// <summary>Brings the table in line with what is stored and with the program: what is gone or means something else is retired, what is new will be looked for in the versions up to the last one; what is written behind it must be indexed by the one who writes.</summary>
    /// <param name="rid">The last version.</param>
    /// <param name="now">When it was found gone.</param>
    /// <param name="atOnce">True for a parameter whose rows the caller writes in this transaction.</param>
    /// <returns>Those for which <paramref name="atOnce"/> said true; null when nothing has changed.</returns>
    public HashSet<SearchParameter>? Renew(long rid, DateTimeOffset now, Predicate<SearchParameter> atOnce)
    {
        var whole = StoredParameters.In(session, program);
        var wanted = whole.Indexed.ToDictionary(p => (p.ResourceType, p.Code));
        var known = Rows();
        var gone = known.Where(k => !wanted.TryGetValue(k.Key, out var p) || whole.FingerprintOf(p) != k.Value.Fingerprint).Select(k => k.Value.P).ToList();
        var fresh = wanted.Where(w => !known.TryGetValue(w.Key, out var k) || k.Fingerprint != whole.FingerprintOf(w.Value)).Select(w => w.Value).ToList();
        if (gone.Count == 0 && fresh.Count == 0)
            return null;
        gone.ForEach(p => Retire(p, now));
        var last = session.Number("SELECT last FROM catalog") ?? 0;
        session.Run("UPDATE catalog SET number=number+1, last=?", last + fresh.Count);
        var counts = new Dictionary<string, long>();
        foreach (var parameter in fresh)
        {
            session.Insert(Tables.Param, ++last, parameter.ResourceType, parameter.Code, whole.FingerprintOf(parameter));
            if (!atOnce(parameter) && Count(parameter.ResourceType, counts) is > 0 and var all)
                session.Insert(Tables.Coming, last, 0, rid, 0, all);
        }
        return [.. fresh.Where(p => atOnce(p))];
    }

    /// <summary>The program that has the database open is this one.</summary>
    public void Claim()
    {
        if (session.Text("SELECT program FROM catalog") != Program)
            session.Run("UPDATE catalog SET number=number+1, program=?", Program);
    }

    // Searches of this and of other processes may still read them for a while.
    private void Retire(long p, DateTimeOffset now)
    {
        session.Run("DELETE FROM param WHERE p=?", p);
        session.Run("DELETE FROM coming WHERE p=?", p);
        session.Insert(Tables.Retired, p, now.ToUnixTimeMilliseconds());
    }

    private long Count(string type, Dictionary<string, long> counts) => counts.TryGetValue(type, out var known) ? known
        : counts[type] = type is "Resource" or "DomainResource"
            ? session.Number("SELECT count(*) FROM res WHERE until=? AND kind<>2", Tables.Open) ?? 0
            : session.Number("SELECT count(*) FROM res WHERE type=(SELECT id FROM sym WHERE text=?) AND until=? AND kind<>2", type, Tables.Open) ?? 0;

    private Dictionary<(string Type, string Code), Row> Rows()
    {
        var known = new Dictionary<(string, string), Row>();
        using var rows = session.Query("SELECT p.p, p.type, p.code, p.fingerprint, c.done, c.total FROM param p LEFT JOIN coming c ON c.p=p.p");
        while (rows.Step())
            known[(rows.Text(1), rows.Text(2))] = rows.IsNull(4) ? new(rows.Int64(0), rows.Text(3), null, 0) : new(rows.Int64(0), rows.Text(3), rows.Int64(4), rows.Int64(5));
        return known;
    }

    private static string PrintOf(SearchCatalog catalog)
    {
        var text = string.Join('\n', catalog.Indexed.Select(catalog.FingerprintOf).Order(StringComparer.Ordinal));
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))[..16];
    }
}
