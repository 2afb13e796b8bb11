using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>The commit at which several questions are asked: the given one, or that of the first question.</summary>
/// <param name="of">What is pinned to it; null for none yet.</param>
internal sealed class SameCommit(SearchMark? of)
{
    /// <summary>What a first page is asked with; null for what is current.</summary>
    public SearchMark? Start { get; private set; } = of is null ? null : new(of.T, "");

    /// <summary>A question was answered as of that commit.</summary>
    public void Answered(long t) => Start ??= new(t, "");
}
