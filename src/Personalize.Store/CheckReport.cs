using System.Collections.Immutable;

namespace Personalize.Store;

/// <summary>What part of a store a finding is about.</summary>
public enum FindingKind
{
    /// <summary>The file or the database itself: pages, indexes.</summary>
    File,
    /// <summary>The numbers of commits.</summary>
    Commit,
    /// <summary>The chain of versions of a resource.</summary>
    Version,
    /// <summary>The bytes of a version.</summary>
    Content,
    /// <summary>The index rows of a version.</summary>
    Index,
    /// <summary>The patients in whose record a version lies.</summary>
    Compartment,
    /// <summary>What the engine worked out: memberships and facts.</summary>
    Derived,
}

/// <summary>Something that is wrong in a store.</summary>
/// <param name="Kind">What part it is about.</param>
/// <param name="Place">Where: type, id and version of a resource, or a row.</param>
/// <param name="Text">What is wrong; names search parameters and elements, never their values.</param>
public sealed record StoreFinding(FindingKind Kind, string Place, string Text);

/// <summary>What a check of a whole store found.</summary>
/// <param name="T">The last commit in the state that was checked.</param>
/// <param name="Versions">The versions that were read.</param>
/// <param name="IndexRows">The index rows that were compared.</param>
/// <param name="Findings">What is wrong, the first thousand.</param>
/// <param name="More">How many more there are.</param>
/// <param name="LeftOut">What could not be judged, such as a search parameter whose definition has changed since.</param>
public sealed record CheckReport(long T, long Versions, long IndexRows, ImmutableArray<StoreFinding> Findings, long More, ImmutableArray<string> LeftOut)
{
    /// <summary>True when nothing is wrong.</summary>
    public bool IsSound => Findings.IsEmpty;
}
