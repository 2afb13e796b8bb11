using System.Collections.Immutable;
using Personalize.Engine.Record;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Primitives;

namespace Personalize.Engine.Content;

/// <summary>Content while it is being read: definitions so far, and what is wrong with them.</summary>
internal sealed class KnowledgeDraft
{
    private readonly Dictionary<string, (FactDefinition Fact, ContentReader Reader)> _facts = [];
    private readonly List<(FhirPathExpression Expression, bool MaySegments, ContentReader Reader)> _expressions = [];

    public List<Issue> Issues { get; } = [];

    public List<SegmentDefinition> Segments { get; } = [];

    public List<PreferenceDefinition> Preferences { get; } = [];

    public List<SuggestionRule> Rules { get; } = [];

    public List<Resource> CodeSystems { get; } = [];

    public List<Resource> ValueSets { get; } = [];

    public ImmutableDictionary<string, Rest> Rests { get; private set; } = ImmutableDictionary<string, Rest>.Empty;

    public void Add(Resource resource)
    {
        var reader = new ContentReader(resource, Issues);
        switch (resource.Type)
        {
            case "Library" when IsActive(resource.Root) && IsLibrary(resource.Root, "fact"):
                AddFact(reader);
                break;
            case "Library" when IsActive(resource.Root) && IsLibrary(resource.Root, "preference"):
                AddPreference(PreferenceReading.Read(reader), reader);
                break;
            case "Group" when SegmentReading.Definition(resource.Root)?.ExtensionText("status") == "active":
                AddSegment(SegmentReading.Read(reader), reader);
                break;
            case "PlanDefinition" when IsActive(resource.Root) && RuleReading.Worth(resource.Root) is not null:
                AddRule(RuleReading.Read(reader), reader);
                break;
            case "CodeSystem":
                AddCodes(resource, reader);
                break;
            case "ValueSet":
                ValueSets.Add(resource);
                break;
        }
    }

    private static bool IsActive(Element root) => root.TextAt("status") == "active";

    private static bool IsLibrary(Element root, string type) =>
        root.Child("type") is { } concept && concept.HasCoding(Canonicals.LibraryTypeSystem, type);

    private void AddFact(ContentReader reader)
    {
        if (FactReading.Read(reader) is not { } fact)
            return;
        if (_facts.TryAdd(fact.Name, (fact, reader)))
            _expressions.Add((fact.Expression, false, reader));
        else
            reader.Fault("Another fact has the same name.", "url");
    }

    private void AddSegment(SegmentDefinition? segment, ContentReader reader)
    {
        if (segment is null)
            return;
        if (Segments.Any(other => other.Code == segment.Code))
            reader.Fault("Another segment has the same code.", "code");
        Segments.Add(segment);
        _expressions.Add((segment.Expression, false, reader));
    }

    private void AddPreference(PreferenceDefinition preference, ContentReader reader)
    {
        Preferences.Add(preference);
        foreach (var source in preference.Sources)
        {
            _expressions.Add((source.Values, true, reader));
            if (source.Date is { } date)
                _expressions.Add((date, true, reader));
        }
    }

    private void AddRule(SuggestionRule? rule, ContentReader reader)
    {
        if (rule is null)
            return;
        Rules.Add(rule);
        foreach (var condition in rule.Conditions)
            _expressions.Add((condition.Expression, true, reader));
    }

    private void AddCodes(Resource resource, ContentReader reader)
    {
        CodeSystems.Add(resource);
        if (resource.Root.TextAt("url") == Canonicals.DismissalReasonSystem)
            Rests = Content.CodeSystems.Rests(reader);
    }

    /// <summary>Every name in an expression must be known.</summary>
    public void CheckMentions()
    {
        var segments = Segments.Select(segment => segment.Code).ToHashSet();
        foreach (var (expression, maySegments, reader) in _expressions)
        {
            foreach (var name in Mentions.Facts(expression).Where(name => !_facts.ContainsKey(name)))
                reader.Fault($"The expression names %{name}, which is no fact.", "expression");
            foreach (var code in Mentions.Segments(expression).Where(code => !maySegments || !segments.Contains(code)))
                reader.Fault($"The expression names the segment {code}, which is not known here.", "expression");
        }
    }

    /// <summary>Facts in the order of their dependencies; a cycle is a fault.</summary>
    public ImmutableArray<FactDefinition> OrderedFacts() => FactOrder.Of(
        _facts.Values.Select(item => item.Fact),
        fact => _facts[fact.Name].Reader.Fault("The fact rests on itself.", "extension('cqf-expression').value.expression"));
}
