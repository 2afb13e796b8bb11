using System.Collections.Concurrent;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Tests;

/// <summary>Every expression that R4 itself is made of.</summary>
public sealed class The_expressions_of_R4
{
    private static readonly FhirPathContext Context = new(new DateTimeOffset(2026, 6, 15, 10, 30, 0, TimeSpan.FromHours(2)));

    private static readonly ConcurrentDictionary<string, FhirPathExpression> Parsed = new(StringComparer.Ordinal);

    [Fact]
    public void Of_every_constraint_are_parsed()
    {
        var constraints = FhirSchema.R4.Types.SelectMany(t => t.Constraints.Concat(t.Elements.SelectMany(e => e.Constraints))).DistinctBy(c => (c.Key, c.Expression)).ToList();
        var faults = constraints.Select(c => (c.Key, FhirPathExpression.Parse(c.Expression).Failure)).Where(f => f.Failure is not null);
        Assert.Equal([], faults.Select(f => $"{f.Key}: {f.Failure!.Issues[0].Text}"));
        Assert.True(constraints.Count > 200, $"only {constraints.Count} constraints");
    }

    [Fact]
    public void Of_every_constraint_are_evaluated_on_all_official_examples_without_an_error()
    {
        var faults = new SortedSet<string>(StringComparer.Ordinal);
        var evaluated = 0;
        var violated = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var root in Examples())
            Walk(root, faults, violated, ref evaluated);
        Assert.Equal([], faults);
        // que-7 asks for System's Boolean where FHIR's boolean is meant; the definition named Definition has no base; one narrative holds nothing but spaces.
        Assert.Equal(
            ["que-7 at Questionnaire.item[0].item[1].item[2].item[0].enableWhen[0]", "sdf-4 at StructureDefinition", "txt-1 at Questionnaire.text.div", "txt-2 at Questionnaire.text.div"],
            violated);
        Assert.True(evaluated > 100_000, $"only {evaluated} evaluations");
    }

    private static IEnumerable<Element> Examples()
    {
        var folder = Corpora.Folder("examples");
        var files = new[] { "resources", "definitions" }.SelectMany(f => Directory.EnumerateFiles(Path.Combine(folder, f), "*.json"));
        return files.Select(f => Resource.Parse(File.ReadAllBytes(f)).Value.Root);
    }

    private static void Walk(Element element, SortedSet<string> faults, SortedSet<string> violated, ref int evaluated)
    {
        for (var type = element.Type; type is not null; type = type.Base)
            Check(element, type.Constraints, faults, violated, ref evaluated);
        Check(element, element.Definition?.Constraints ?? [], faults, violated, ref evaluated);
        foreach (var child in element.Children())
            Walk(child, faults, violated, ref evaluated);
    }

    private static void Check(Element element, IReadOnlyList<ConstraintDef> constraints, SortedSet<string> faults, SortedSet<string> violated, ref int evaluated)
    {
        foreach (var constraint in constraints)
        {
            evaluated++;
            var result = Parsed.GetOrAdd(constraint.Expression, e => FhirPathExpression.Parse(e).Value).Evaluate(PathValues.Of(element), Context);
            if (result.Failure is { } failure)
                faults.Add($"{constraint.Key}: {failure.Issues[0].Text}");
            else if (constraint.Severity == "error" && result.Value.AsBoolean() == false)
                violated.Add($"{constraint.Key} at {element.Location()}");
        }
    }

    [Fact]
    public void Of_every_search_parameter_are_parsed()
    {
        var faults = SearchExpressions().Select(s => (s, FhirPathExpression.Parse(s.Expression).Failure)).Where(f => f.Failure is not null);
        Assert.Equal([], faults.Select(f => $"{f.s.Code}: {f.Failure!.Issues[0].Text}"));
        Assert.True(SearchExpressions().Count() > 1_000, $"only {SearchExpressions().Count()} search parameters");
    }

    [Fact]
    public void Of_every_search_parameter_are_evaluated_on_all_official_examples_without_an_error()
    {
        var byType = SearchExpressions().ToLookup(s => s.Type);
        var faults = new SortedSet<string>(StringComparer.Ordinal);
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var root in Examples())
        {
            foreach (var (type, code, expression) in byType[root.Type.Name].Concat(byType["Resource"]))
            {
                var result = Parsed.GetOrAdd(expression, e => FhirPathExpression.Parse(e).Value).Evaluate(PathValues.Of(root), Context);
                if (result.Failure is { } failure)
                    faults.Add($"{type}.{code}: {failure.Issues[0].Text}");
                else if (result.Value.Items.Count > 0)
                    found.Add($"{type}.{code}");
            }
        }
        Assert.Equal([], faults);
        Assert.True(found.Count > 500, $"only {found.Count} search parameters found something");
    }

    private static IEnumerable<(string Type, string Code, string Expression)> SearchExpressions()
    {
        using var stream = typeof(FhirSchema).Assembly.GetManifestResourceStream("r4.search")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n').Where(l => l.Length > 0 && l[0] is not ('#' or '@')).Select(l => l.Split('\t')).Select(c => (c[0], c[1], c[3]))];
    }
}
