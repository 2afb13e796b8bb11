using System.Collections.Immutable;

namespace Personalize.Store.Sql.Checking;

/// <summary>What was found so far; told up to a bound, counted beyond it.</summary>
internal sealed class Findings
{
    private const int Most = 1_000;
    private readonly List<StoreFinding> _all = [];

    public ImmutableArray<StoreFinding> All => [.. _all];

    public long More { get; private set; }

    public void Add(FindingKind kind, string place, string text)
    {
        if (_all.Count < Most)
            _all.Add(new(kind, place, text));
        else
            More++;
    }
}
