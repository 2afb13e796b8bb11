using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Terminology;

namespace Personalize.Engine.Content;

/// <summary>All that the engine knows: facts, segments, preferences, rules and codes, read from content resources. Immutable; safe to share between threads.</summary>
public sealed class Knowledge
{
    private readonly ImmutableDictionary<string, FactDefinition> _facts;
    private readonly ImmutableDictionary<(string, string), string> _displays;
    private readonly ImmutableDictionary<string, Rest> _rests;

    private Knowledge(KnowledgeDraft draft, ValueSets valueSets)
    {
        Facts = draft.OrderedFacts();
        Segments = [.. draft.Segments.OrderBy(segment => segment.Code, StringComparer.Ordinal)];
        Preferences = [.. draft.Preferences.OrderBy(preference => preference.Kind, StringComparer.Ordinal)];
        Rules = [.. draft.Rules.OrderByDescending(rule => rule.Rank).ThenBy(rule => rule.Code, StringComparer.Ordinal)];
        ValueSets = valueSets;
        _facts = Facts.ToImmutableDictionary(fact => fact.Name);
        _displays = CodeSystems.Displays(draft.CodeSystems);
        _rests = draft.Rests;
    }

    /// <summary>Nothing known.</summary>
    public static Knowledge Empty { get; } = new(new KnowledgeDraft(), ValueSets.R4);

    /// <summary>Facts, each behind those that it mentions.</summary>
    public ImmutableArray<FactDefinition> Facts { get; }

    /// <summary>Segments by code.</summary>
    public ImmutableArray<SegmentDefinition> Segments { get; }

    /// <summary>Preferences by kind.</summary>
    public ImmutableArray<PreferenceDefinition> Preferences { get; }

    /// <summary>Rules, the highest rank first. Some may not be in force on a given day.</summary>
    public ImmutableArray<SuggestionRule> Rules { get; }

    /// <summary>R4's value sets and those of the content.</summary>
    public ValueSets ValueSets { get; }

    /// <summary>Reads content: Libraries of facts and preferences, segment Groups, rule PlanDefinitions, ValueSets, CodeSystems; anything else, and what is not active, is left out.
    /// Fails with <see cref="Failure.Unprocessable"/> with an issue for each fault, naming the resource and the place.</summary>
    public static Outcome<Knowledge> Of(IEnumerable<Resource> content)
    {
        var draft = new KnowledgeDraft();
        foreach (var resource in content)
            draft.Add(resource);
        draft.CheckMentions();
        _ = draft.OrderedFacts();
        if (draft.Issues.Count > 0)
            return new Failure.Unprocessable([.. draft.Issues]);
        return new Knowledge(draft, ValueSets.R4.With([.. draft.CodeSystems.Select(system => system.Tree), .. draft.ValueSets.Select(set => set.Tree)]));
    }

    /// <summary>True for the types that content consists of: a change of one of them may change what is known.</summary>
    public static bool IsContentType(string type) => type is "Library" or "Group" or "PlanDefinition" or "ValueSet" or "CodeSystem";

    /// <summary>The fact of that name, or null.</summary>
    public FactDefinition? Fact(string name) => _facts.GetValueOrDefault(name);

    /// <summary>The name for people of a code, or null.</summary>
    public string? Display(string system, string code) => _displays.GetValueOrDefault((system, code));

    /// <summary>How long a suggestion rests that was dismissed for that reason; a reason that is not known rests like <c>other</c>, or for good.</summary>
    public Rest RestOf(string? reason) =>
        _rests.GetValueOrDefault(reason ?? "") ?? _rests.GetValueOrDefault("other") ?? Rest.ForGood;

    /// <summary>The resource types that a result of these expressions may rest on, through all facts and segments between; always with Patient.</summary>
    public ImmutableSortedSet<string> TypesBehind(IEnumerable<FhirPathExpression> expressions)
    {
        var types = new HashSet<string> { "Patient" };
        var seen = new HashSet<FhirPathExpression>();
        foreach (var expression in expressions)
            Collect(expression, types, seen);
        return [.. types];
    }

    private void Collect(FhirPathExpression expression, HashSet<string> types, HashSet<FhirPathExpression> seen)
    {
        if (!seen.Add(expression))
            return;
        types.UnionWith(Mentions.Types(expression));
        foreach (var name in Mentions.Facts(expression))
            if (Fact(name) is { } fact)
                Collect(fact.Expression, types, seen);
        foreach (var code in Mentions.Segments(expression))
            if (Segments.FirstOrDefault(segment => segment.Code == code) is { } segment)
                Collect(segment.Expression, types, seen);
    }
}
