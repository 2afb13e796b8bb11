using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>The addresses under which this store's resources are known. One that was is so for good: what was indexed by it stays right.</summary>
internal sealed class HomeRows(WritingSession session, LiveCatalog live, ParameterTable table)
{
    private const string One = "SELECT r.json, r.n, r.version FROM res r WHERE r.rid=? AND r.kind<>2 AND r.flags<?";

    private readonly ResourceReader _reader = new();
    private readonly IndexEntries _before = new();

    /// <summary>Those that the store knows; none when its tables are of an older version.</summary>
    public static HomeAddresses In(Session session)
    {
        if (session.Number(session.Dialect.HasTable, "home") is null)
            return HomeAddresses.None;
        var addresses = new List<string>();
        using var rows = session.Query("SELECT address FROM home");
        while (rows.Step())
            addresses.Add(rows.Text(0));
        return HomeAddresses.Of(addresses);
    }

    /// <summary>Takes these up, and gives references to them that were stored before their place among those by type and id.</summary>
    public void Add(HomeAddresses wanted)
    {
        var fresh = wanted.All.Except(In(session).All);
        if (fresh.IsEmpty)
            return;
        var before = live.Value;
        foreach (var address in fresh)
            session.Run("INSERT INTO home(address) VALUES(?)", address);
        session.Run("UPDATE catalog SET number=number+1");
        session.Flush();
        live.Take(table.Read());
        var counters = Counters.Read(session);
        var numbers = new WriterNumbers(session, live.Numbers);
        numbers.Begin(counters);
        var rows = new RowWriter(session, numbers, live);
        foreach (var rid in Named(fresh))
            Move(rid, before, rows);
        session.Settle(counters.Rid);
    }

    /// <summary>The versions that refer to these addresses, those among them whose rows are still there.</summary>
    private List<long> Named(IEnumerable<string> addresses)
    {
        var parameters = live.Value.Indexed.Where(p => p is { Type: SearchParameterType.Reference, GroupDepth: 0 }).Select(live.Numbers.Of).ToArray();
        return [.. addresses.SelectMany(address => new[] { "http://" + address, "https://" + address })
            .SelectMany(start => session.Column($"SELECT DISTINCT rid FROM url WHERE p {session.Dialect.AnyOf} AND url>=? AND url<?", parameters, start, start + "\U0010FFFF")).Distinct().Order()];
    }

    private void Move(long rid, SearchCatalog before, RowWriter rows)
    {
        var (json, n, version) = Read(rid);
        if (json is null || !_reader.Read(json).TryGet(out var content, out _))
            return;
        _before.Fill(content, before);
        var old = Compartments.Patients(content.Type, content.Id, _before, before);
        rows.Remove(rid, _before);
        session.Flush();
        var values = rows.Take(content);
        rows.Index(rid, values);
        ResourceId[] more = [.. Compartments.Patients(content.Type, content.Id, values, live.Value).Except(old)];
        // A deletion lies where the version before it lay.
        foreach (var row in session.Column("SELECT rid FROM res WHERE n=? AND version=? AND kind=2", n, version + 1).Append(rid))
            rows.Compartments(row, content.Type, more);
        session.Flush();
    }

    private (byte[]? Json, long N, long Version) Read(long rid)
    {
        using var row = session.Query(One, rid, Tables.Unindexed);
        return row.Step() ? (row.SoundJson(0), row.Int64(1), row.Int64(2)) : default;
    }
}
