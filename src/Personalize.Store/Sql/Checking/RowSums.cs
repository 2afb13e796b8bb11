namespace Personalize.Store.Sql.Checking;

/// <summary>What the index rows of a version must be beside those that its content gives.</summary>
internal enum RowRule : byte
{
    /// <summary>No such version: no rows.</summary>
    Absent,
    /// <summary>Exactly these.</summary>
    Exact,
    /// <summary>None but these: some may be missing.</summary>
    AtMost,
    /// <summary>No rows: a deletion, or swept.</summary>
    Nothing,
    /// <summary>The content cannot be read, so nothing can be said.</summary>
    Unknown,
}

/// <summary>For every version the sum of the prints of the rows that it should have, less that of the rows that are there: zero where all is well. 17 bytes a version.</summary>
internal sealed class RowSums(long lastRid)
{
    private readonly ulong[] _index = new ulong[lastRid + 1];
    private readonly ulong[] _compartments = new ulong[lastRid + 1];
    private readonly RowRule[] _rules = new RowRule[lastRid + 1];

    /// <summary>False for a row of a version that cannot be.</summary>
    public bool Has(long rid) => rid > 0 && rid < _rules.LongLength;

    public RowRule Rule(long rid) => Has(rid) ? _rules[rid] : RowRule.Absent;

    public void Expect(long rid, RowRule rule, ulong index, ulong compartments) =>
        (_rules[rid], _index[rid], _compartments[rid]) = (rule, _index[rid] + index, _compartments[rid] + compartments);

    public void IndexRow(long rid, ulong print) => _index[rid] -= print;

    public void CompartmentRow(long rid, ulong print) => _compartments[rid] -= print;

    /// <summary>The versions whose index rows are others.</summary>
    public IEnumerable<long> OtherIndex => Others(_index);

    /// <summary>The versions whose compartments are others.</summary>
    public IEnumerable<long> OtherCompartments => Others(_compartments);

    private IEnumerable<long> Others(ulong[] sums)
    {
        for (var rid = 1L; rid < sums.LongLength; rid++)
            if (sums[rid] != 0 && _rules[rid] != RowRule.Unknown)
                yield return rid;
    }
}
