using System.Collections.Immutable;

namespace Personalize.Store;

/// <summary>The resource types on which derived values rest: a value is shown to those only who may read them all.</summary>
/// <param name="Segments">The types behind each segment, by code.</param>
/// <param name="Preferences">The types behind each preference, by kind.</param>
public sealed record DerivedGrounds(
    ImmutableDictionary<string, ImmutableSortedSet<string>> Segments, ImmutableDictionary<string, ImmutableSortedSet<string>> Preferences)
{
    /// <summary>Nothing is known: every value may rest on anything.</summary>
    public static DerivedGrounds Unknown { get; } = new(ImmutableDictionary<string, ImmutableSortedSet<string>>.Empty, ImmutableDictionary<string, ImmutableSortedSet<string>>.Empty);
}
