using System.Collections.Immutable;

namespace Personalize.Server.Verbs;

/// <summary>Something that was not taken.</summary>
/// <param name="File">The file.</param>
/// <param name="Entry">Where in it: <c>Bundle.entry[3]</c>, <c>line 12</c>, or empty for the whole.</param>
/// <param name="Text">Why.</param>
internal sealed record LoadTrouble(string File, string Entry, string Text);

/// <summary>What a run did.</summary>
internal sealed record LoadTally
{
    /// <summary>Files that were sent.</summary>
    public int Files { get; init; }

    /// <summary>Files that were finished before and left alone.</summary>
    public int Skipped { get; init; }

    /// <summary>Resources that were taken.</summary>
    public int Resources { get; init; }

    /// <summary>What was not taken.</summary>
    public ImmutableList<LoadTrouble> Troubles { get; init; } = [];
}
