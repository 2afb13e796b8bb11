using System.Collections.Immutable;
using Personalize.Fhir.Elements;

namespace Personalize.Engine.Facts;

/// <summary>Why something holds or does not: one thing that was looked at.</summary>
/// <param name="Fact">The fact's name, or <c>segment-CODE</c>; null for a condition in words.</param>
/// <param name="Title">In words.</param>
/// <param name="Value">Its value for people; null when unknown or when there is none to tell.</param>
/// <param name="Date">The date of what it rests on, as written; null when there is none.</param>
/// <param name="Holds">The truth of a boolean fact, segment or condition.</param>
/// <param name="IsKnown">False when nothing could be told.</param>
/// <param name="Used">The resources that it rests on.</param>
/// <param name="Missing">Titles of what is not on file.</param>
public sealed record Reason(
    string? Fact, string Title, string? Value, string? Date, bool? Holds, bool IsKnown, ImmutableArray<Resource> Used, ImmutableArray<string> Missing)
{
    /// <summary>A fact as a reason.</summary>
    public static Reason Of(Fact fact) => new(
        fact.Definition.Name, fact.Definition.Title, fact.Text, fact.Date?.Day, fact.Truth, fact.IsKnown, fact.Used, [.. fact.Roots.Select(root => root.Title)]);
}

/// <summary>Reasons taken together.</summary>
public static class Reasons
{
    /// <summary>All resources that the reasons rest on, each once.</summary>
    public static ImmutableArray<Resource> Used(IEnumerable<Reason> reasons) => [.. reasons.SelectMany(reason => reason.Used).Distinct()];

    /// <summary>Titles of all that is not on file, each once.</summary>
    public static ImmutableArray<string> Missing(IEnumerable<Reason> reasons) => [.. reasons.SelectMany(reason => reason.Missing).Distinct()];
}
