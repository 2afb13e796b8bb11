using System.Globalization;
using Personalize.Fhir.Elements;

namespace Personalize.Store.Sql.Checking;

/// <summary>Says of versions whose index rows are others which rows: those that are missing, and those that their content does not give, by search parameter.</summary>
internal sealed class IndexDifferences(Session session, StoredNumbers numbers, ExpectedRows expected, RowSums sums, Findings findings)
{
    /// <summary>So many versions are looked at closely.</summary>
    public const int Most = 10_000;

    private readonly Dictionary<(long Rid, ulong Print), long> _missing = [];
    private readonly SortedDictionary<(long Rid, string Parameter, bool IsMissing), long> _counts = [];
    private readonly Dictionary<long, string> _places = [];

    public void Tell(IReadOnlyList<long> versions)
    {
        foreach (var rid in versions)
            Expect(rid);
        foreach (var table in IndexedTable.All)
            Compare(table);
        foreach (var ((rid, _), p) in _missing)
            if (sums.Rule(rid) == RowRule.Exact)
                Count(rid, p, isMissing: true);
        foreach (var ((rid, parameter, isMissing), count) in _counts)
            findings.Add(FindingKind.Index, _places[rid], string.Create(CultureInfo.InvariantCulture,
                $"{count} index {(count == 1 ? "row" : "rows")} of {parameter} {(isMissing ? "missing." : "too many: its content does not give them.")}"));
    }

    private void Expect(long rid)
    {
        using var row = session.Query(StoredVersion.One, rid);
        row.Step();
        var version = StoredVersion.Of(row);
        _places[rid] = version.Place;
        if (sums.Rule(rid) == RowRule.Nothing)
            return;
        expected.Take(Resource.Parse(version.Json).Value);
        foreach (var (print, p) in expected.Index)
            _missing[(rid, print)] = p;
    }

    private void Compare(IndexedTable table)
    {
        using var rows = session.Query(table.Select(session.Dialect));
        while (rows.Step())
        {
            var (rid, group) = expected.HomeOf(rows);
            if (_places.ContainsKey(rid) && numbers.IsCompared(rows.Int64(1)) && !_missing.Remove((rid, expected.Print(table, rows, group))))
                Count(rid, rows.Int64(1), isMissing: false);
        }
    }

    private void Count(long rid, long p, bool isMissing)
    {
        var key = (rid, numbers.NameOf(p), isMissing);
        _counts[key] = _counts.GetValueOrDefault(key) + 1;
    }
}
