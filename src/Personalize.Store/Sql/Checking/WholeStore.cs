using System.Globalization;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql.Checking;

/// <summary>Reads a whole store in one state and compares everything with everything else.</summary>
internal sealed class WholeStore
{
    private readonly Session _session;
    private readonly Findings _findings;
    private readonly StoredNumbers _numbers;
    private readonly ExpectedRows _expected;
    private readonly VersionContent _content;
    private readonly VersionChains _chains;
    private readonly RowSums _sums;
    private readonly Dictionary<long, ulong> _compartments = [];
    private readonly long _merged;
    private long _versions;
    private long _rows;

    /// <summary>A check of what a session sees.</summary>
    /// <param name="session">Reads one state for as long as it lasts.</param>
    /// <param name="lookups">Sees the same state, and is asked while rows of the other are read; the same one where that can be.</param>
    /// <param name="catalog">The search parameters by which it is indexed.</param>
    /// <param name="merged">The last version whose index rows must all be there: of later ones some may wait, none may be wrong.</param>
    /// <param name="findings">Takes what is wrong.</param>
    public WholeStore(Session session, Session lookups, SearchCatalog catalog, long merged, Findings findings)
    {
        (_session, _findings, _merged) = (session, findings, merged);
        (_numbers, _content, _chains) = (new(lookups, catalog), new(findings), new(findings));
        _expected = new(_numbers, catalog, session.Dialect);
        _sums = new(session.Number("SELECT max(rid) FROM res") ?? 0);
    }

    public CheckReport Check(CancellationToken ct)
    {
        Versions(ct);
        IndexRows(ct);
        Compartments();
        Derived("membership", "OR m.start > m.until");
        Derived("fact", "");
        return new(_chains.T, _versions, _rows, _findings.All, _findings.More, [.. _numbers.LeftOut.Select(name => $"Search parameter {name}: it is being indexed, or its definition is another one than that by which the store was indexed; a start mends that.")]);
    }

    private void Versions(CancellationToken ct)
    {
        using var rows = _session.Query(StoredVersion.All);
        for (; rows.Step(); _versions++)
        {
            ct.ThrowIfCancellationRequested();
            var row = StoredVersion.Of(rows);
            _chains.Follow(row);
            Expect(row, _content.Read(row));
        }
        _chains.End();
    }

    private void Expect(StoredVersion row, Resource? content)
    {
        if (row.Rid <= 0)
            return;
        // A deletion lies where the version before it lay.
        if (row.IsDeletion)
            _sums.Expect(row.Rid, RowRule.Nothing, 0, _compartments.GetValueOrDefault(row.N));
        else if (content is null || content.Type != row.Type)
            _sums.Expect(row.Rid, RowRule.Unknown, 0, 0);
        else
            Expect(row, content, ResourceId.Of(row.Id!));
    }

    private void Expect(StoredVersion row, Resource content, ResourceId id)
    {
        _expected.Take(content);
        _compartments[row.N] = _expected.Compartments(row.Type!, id);
        var rule = RuleOf(row);
        var index = rule == RowRule.Nothing ? 0 : _expected.Index.Keys.Aggregate(0ul, (sum, print) => sum + print);
        _sums.Expect(row.Rid, rule, index, _compartments[row.N]);
    }

    // A closed version has no rows for a parameter that came after it, and loses all of them some time.
    private RowRule RuleOf(StoredVersion row) =>
        (row.Flags & Tables.Unindexed) != 0 ? RowRule.Nothing
        : row.IsCurrent && row.Rid <= _merged ? RowRule.Exact
        : RowRule.AtMost;

    private void IndexRows(CancellationToken ct)
    {
        foreach (var table in IndexedTable.All)
            IndexRows(table, ct);
        var others = _sums.OtherIndex.ToList();
        if (others.Count > IndexDifferences.Most)
            _findings.Add(FindingKind.Index, "store", string.Create(CultureInfo.InvariantCulture, $"{others.Count} versions have other index rows than their content gives; the first {IndexDifferences.Most} are told."));
        if (others.Count > 0)
            new IndexDifferences(_session, _numbers, _expected, _sums, _findings).Tell([.. others.Where(rid => _sums.Rule(rid) != RowRule.Absent).Take(IndexDifferences.Most)]);
    }

    private void IndexRows(IndexedTable table, CancellationToken ct)
    {
        var (homeless, nameless) = (0L, 0L);
        using var rows = _session.Query(table.Select(_session.Dialect));
        for (; rows.Step(); _rows++)
        {
            ct.ThrowIfCancellationRequested();
            var p = rows.Int64(1);
            // Whether its rows bear the number of an element nobody knows any more.
            if (_numbers.IsRetired(p))
                continue;
            var (rid, group) = _expected.HomeOf(rows);
            if (_sums.Rule(rid) == RowRule.Absent)
                homeless++;
            else if (_numbers.IsCompared(p))
                _sums.IndexRow(rid, _expected.Print(table, rows, group));
            else if (!_numbers.IsLeftOut(p))
                nameless++;
        }
        Tell(FindingKind.Index, table.Name, homeless, "belong to no version.");
        Tell(FindingKind.Index, table.Name, nameless, "belong to no search parameter.");
    }

    private void Compartments()
    {
        var homeless = 0L;
        using (var rows = _session.Query("SELECT rid, patient, type FROM pc"))
            while (rows.Step())
                if (_sums.Rule(rows.Int64(0)) == RowRule.Absent)
                    homeless++;
                else
                    _sums.CompartmentRow(rows.Int64(0), _expected.Compartment(rows.Int64(1), rows.Int64(2)));
        Tell(FindingKind.Compartment, "pc", homeless, "belong to no version.");
        foreach (var rid in _sums.OtherCompartments)
            _findings.Add(FindingKind.Compartment, Place(rid), "It lies in the records of other patients than its content says.");
    }

    /// <summary>Rows of the engine belong to a Patient that is or was stored, and to a commit that is there.</summary>
    private void Derived(string table, string orBad)
    {
        var bad = _session.Number($"""
            SELECT count(*) FROM {table} m WHERE m.patient NOT IN (SELECT i.n FROM ids i JOIN sym y ON y.id=i.type WHERE y.text='Patient')
              OR NOT EXISTS (SELECT 1 FROM res r WHERE r.n=m.patient) {orBad}
            """) ?? 0;
        Tell(FindingKind.Derived, table, bad, "belong to no Patient that is or was stored, or end before they begin.");
        var late = _session.Number($"SELECT count(*) FROM {table} WHERE t>?", _chains.T) ?? 0;
        Tell(FindingKind.Derived, table, late, "were written by a commit that is not there.");
    }

    private string Place(long rid)
    {
        using var row = _session.Query(StoredVersion.One, rid);
        return row.Step() ? StoredVersion.Of(row).Place : string.Create(CultureInfo.InvariantCulture, $"row {rid}");
    }

    private void Tell(FindingKind kind, string table, long count, string what)
    {
        if (count > 0)
            _findings.Add(kind, $"table {table}", string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "row" : "rows")}: {what}"));
    }
}
