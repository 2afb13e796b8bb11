using System.Collections.Immutable;
using Personalize.Engine.Content;
using Personalize.Fhir.FhirPath;
using Personalize.Store;

namespace Personalize.Server.Flow;

/// <summary>The resource types behind what is derived: asked by the store, by the Groups of members and by <c>$why</c> alike.</summary>
internal static class KnowledgeGrounds
{
    /// <summary>For all segments and preferences.</summary>
    public static DerivedGrounds Grounds(this Knowledge knowledge) => new(
        knowledge.Segments.ToImmutableDictionary(segment => segment.Code, knowledge.TypesBehind),
        knowledge.Preferences.ToImmutableDictionary(preference => preference.Kind, knowledge.TypesBehind));

    /// <summary>Behind a segment.</summary>
    public static ImmutableSortedSet<string> TypesBehind(this Knowledge knowledge, SegmentDefinition segment) => knowledge.TypesBehind([segment.Expression]);

    /// <summary>Behind a preference, through all of its sources.</summary>
    public static ImmutableSortedSet<string> TypesBehind(this Knowledge knowledge, PreferenceDefinition preference) =>
        knowledge.TypesBehind(preference.Sources.SelectMany(source => new FhirPathExpression?[] { source.Values, source.Date }).OfType<FhirPathExpression>());

    /// <summary>Behind a rule.</summary>
    public static ImmutableSortedSet<string> TypesBehind(this Knowledge knowledge, SuggestionRule rule) =>
        knowledge.TypesBehind(rule.Conditions.Select(condition => condition.Expression));
}
