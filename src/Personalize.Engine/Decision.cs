using System.Collections.Immutable;
using Personalize.Engine.Facts;
using Personalize.Engine.Preferences;
using Personalize.Engine.Segments;
using Personalize.Engine.Suggestions;
using Personalize.Engine.Writing;

namespace Personalize.Engine;

/// <summary>What is known and good for one patient at one moment, and what is to be stored for it.</summary>
/// <param name="Facts">All facts.</param>
/// <param name="Segments">All segments, by code.</param>
/// <param name="Preferences">All preferences, by kind and topic.</param>
/// <param name="Suggestions">All rules in force, the highest rank first; <see cref="SuggestionResult.IsOffered"/> tells which ones stand as offered.</param>
/// <param name="Proposals">Resources to store; empty when all is as it should be.</param>
/// <param name="Moves">Moves into and out of segments.</param>
/// <param name="FactRow">The facts, packed.</param>
public sealed record Decision(
    FactSheet Facts, ImmutableArray<SegmentResult> Segments, ImmutableArray<PreferenceResult> Preferences, ImmutableArray<SuggestionResult> Suggestions,
    ImmutableArray<Proposal> Proposals, ImmutableArray<SegmentMove> Moves, ReadOnlyMemory<byte> FactRow)
{
    /// <summary>Names of facts and segments that could not be worked out, with the reason; never with content.</summary>
    public IEnumerable<string> Faults =>
        Facts.All.Where(fact => fact.Fault is not null).Select(fact => $"fact {fact.Definition.Name}: {fact.Fault}")
            .Concat(Segments.Where(segment => segment.Fault is not null).Select(segment => $"segment {segment.Definition.Code}: {segment.Fault}"));
}
