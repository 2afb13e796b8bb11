
namespace Personalize.Store.Sql.Checking;

/// <summary>Follows the versions of every resource, and the commits, in the order in which they were written.</summary>
internal sealed class VersionChains(Findings findings)
{
    private readonly Dictionary<long, (long Version, long Until, bool IsDeletion, string Place)> _last = [];

    /// <summary>The last commit.</summary>
    public long T { get; private set; }

    /// <summary>The next version.</summary>
    public void Follow(StoredVersion row)
    {
        Commit(row);
        if (row.Type is null || row.Id is null)
            findings.Add(FindingKind.Version, row.Place, $"The resource of row {row.Rid} is not known by number, or has another type there.");
        var isFirst = !_last.TryGetValue(row.N, out var before);
        if (row.Version != before.Version + 1)
            findings.Add(FindingKind.Version, row.Place, isFirst ? "The first version is missing." : $"Version {before.Version + 1} is missing: the one before is {before.Version}.");
        if (!isFirst && before.Until != row.T)
            findings.Add(FindingKind.Version, before.Place, before.Until == Tables.Open ? "It counts as current, and a later version is there." : "It does not end with the commit that wrote the next one.");
        if (row.Until <= row.T)
            findings.Add(FindingKind.Version, row.Place, "It ends before it begins.");
        if (row.IsDeletion && (isFirst || before.IsDeletion))
            findings.Add(FindingKind.Version, row.Place, "It deletes what was not there.");
        if (row.IsDeletion != row.Json is null)
            findings.Add(FindingKind.Content, row.Place, row.IsDeletion ? "A deletion has content." : "The content is missing.");
        _last[row.N] = (row.Version, row.Until, row.IsDeletion, row.Place);
    }

    /// <summary>All versions were seen: the last of each resource is current.</summary>
    public void End()
    {
        foreach (var (_, until, _, place) in _last.Values)
            if (until != Tables.Open)
                findings.Add(FindingKind.Version, place, "It is the last version, and does not count as current.");
    }

    private void Commit(StoredVersion row)
    {
        if (row.T < T)
            findings.Add(FindingKind.Commit, row.Place, $"It was written by commit {row.T}, after commit {T}.");
        else if (row.T > T + 1)
            findings.Add(FindingKind.Commit, row.Place, row.T == T + 2 ? $"Commit {T + 1} is missing before it." : $"The commits {T + 1} to {row.T - 1} are missing before it.");
        T = Math.Max(T, row.T);
    }
}
