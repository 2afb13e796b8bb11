using System.Globalization;
using Personalize.Fhir.Primitives;

namespace Personalize.Store.Sql;

/// <summary>What is current while a transaction is written.</summary>
internal sealed class CurrentVersions(WritingSession session, WriterNumbers numbers)
{
    private readonly Dictionary<long, Current> _known = [];
    private readonly HashSet<long> _written = [];

    /// <summary>A transaction begins, in which these will be asked for. Where asking is dear, they are asked for together.</summary>
    public void Begin(IReadOnlyList<ResourceKey> keys)
    {
        _known.Clear();
        _written.Clear();
        if (!session.IsShared)
            return;
        var expected = numbers.Expect(keys);
        foreach (var n in expected)
            _known[n] = new(n, 0, 0, null);
        foreach (var current in Read(expected))
            _known[current.N] = current;
    }

    /// <summary>True when one of them was written in this transaction.</summary>
    public bool AnyWritten(IEnumerable<ResourceKey> keys) => _written.Count > 0 && keys.Any(key => numbers.Known(key) is { } n && _written.Contains(n));

    /// <summary>The last version of a resource.</summary>
    public Current Of(ResourceKey key)
    {
        var n = numbers.Resource(key.Type, key.Id.ToString());
        if (_written.Contains(n))
            session.Flush();
        else if (numbers.IsNew(n))
            return new(n, 0, 0, null);
        else if (_known.TryGetValue(n, out var known))
            return known;
        return Read([n]).FirstOrDefault() ?? new(n, 0, 0, null);
    }

    /// <summary>A version was written: what was known is so no more.</summary>
    public void Wrote(long n) => _written.Add(n);

    private List<Current> Read(long[] ns)
    {
        var found = new List<Current>(ns.Length);
        if (ns.Length == 0)
            return found;
        using var rows = session.Query($"SELECT {VersionRow.Columns}, r.n {VersionRow.From} WHERE r.until=? AND r.n {session.Dialect.AnyOf}", Tables.Open, ns);
        while (rows.Step())
        {
            var stored = VersionRow.Of(rows);
            found.Add(new(rows.Int64(9), rows.Int64(0), long.Parse(stored.Version, CultureInfo.InvariantCulture), stored));
        }
        return found;
    }
}
