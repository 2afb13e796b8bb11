using Personalize.Fhir.Elements;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>Takes away the index rows of versions that were closed long ago, so that search does not slow down with age. The versions stay, for history.</summary>
internal sealed class Sweep(WritingSession session, RowWriter rows)
{
    private readonly ResourceReader _reader = new();

    /// <summary>So many versions at a time, so that no write waits long.</summary>
    private const int Slice = 100;

    private const string Closed =
        "SELECT r.rid, r.json, (SELECT updated FROM res WHERE t=r.until LIMIT 1) FROM res r WHERE r.until<? AND r.flags<? ORDER BY r.until LIMIT ?";

    /// <summary>Sweeps a slice of what was closed before; false when there was nothing to do.</summary>
    /// <param name="before">What was closed later stays.</param>
    /// <param name="begin">Begins the transaction.</param>
    public bool Run(DateTimeOffset before, Func<Counters> begin)
    {
        var old = Old(before);
        if (old.Count == 0)
            return false;
        // What waits to be written could not be taken away.
        session.Settle(begin().Rid);
        foreach (var (rid, json) in old)
            rows.Unindex(rid, ValuesOf(json));
        session.Commit(null);
        return true;
    }

    /// <summary>What was written once but cannot be read today has no values that could be taken away.</summary>
    private IndexEntries? ValuesOf(byte[]? json) => json is not null && _reader.Read(json).TryGet(out var content, out _) ? rows.Take(content) : null;

    /// <summary>Rows and content; a deletion has none, nor has what is damaged.</summary>
    private List<(long Rid, byte[]? Json)> Old(DateTimeOffset before)
    {
        var old = new List<(long, byte[]?)>();
        using var closed = session.Query(Closed, Tables.Open, Tables.Unindexed, Slice);
        while (closed.Step() && closed.Int64(2) < before.ToUnixTimeMilliseconds())
            old.Add((closed.Int64(0), closed.IsNull(1) ? null : closed.SoundJson(1)));
        return old;
    }
}
