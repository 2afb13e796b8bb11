using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Search;

namespace Personalize.Fhir.Tests;

/// <summary>Whatever is posted as an expression gets an answer: values or a failure with its place, in bounded time and memory.</summary>
public sealed class Damaged_expressions(ITestOutputHelper output)
{
    private const int Everyday = 5_000;
    private static readonly FhirPathContext Context = new(DateTimeOffset.UnixEpoch) { Limits = FhirPathLimits.Posted };

    private readonly Random _random = new(Fuzzing.Seed);
    private readonly List<Resource> _resources = [.. Fuzzing.Originals().Select(json => Resource.Parse(json).Value)];

    [Fact]
    public void Are_evaluated_or_refused()
    {
        var mutant = new ExpressionMutant(Originals(), Fuzzing.Seed);
        new Fuzzing(output).Run(Everyday, _ => Judge(mutant.Next(), _resources[_random.Next(_resources.Count)]), 0.05, 0.95);
    }

    /// <summary>True when it gives values, or none.</summary>
    private static bool Judge(string text, Resource resource)
    {
        var checkedFirst = FhirPathExpression.ParseFor(text, resource.Root.Type);
        var parsed = FhirPathExpression.Parse(text);
        if (!parsed.TryGet(out var expression, out var failure))
        {
            AssertTold(failure);
            Assert.NotNull(checkedFirst.Failure);
            return false;
        }
        var answer = expression.Evaluate(resource.Root, Context);
        if (answer.Failure is not null)
            AssertTold(answer.Failure);
        else
            foreach (var value in answer.Value.Items)
                Assert.NotNull(value.ToString());
        return answer.Failure is null;
    }

    private static void AssertTold(Failure failure)
    {
        var told = Assert.IsType<Failure.FhirPath>(failure);
        Assert.True(told.Line > 0 && told.Column > 0 && told.Issues[0].Text.Length is > 0 and < 1_000, told.Issues[0].Text);
    }

    private static List<string> Originals()
    {
        var types = FhirSchema.R4.Types.Where(t => !t.IsAbstract).ToList();
        var constraints = types.SelectMany(t => t.Constraints.Concat(t.Elements.SelectMany(e => e.Constraints))).Select(c => c.Expression);
        var common = File.ReadLines(Repository.At("tests", "Personalize.Fhir.Tests", "FhirPathCommon.txt")).Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('|', 2, StringSplitOptions.TrimEntries)[1]);
        return [.. types.Where(t => t.IsResource).SelectMany(t => SearchCatalog.R4.For(t.Name)).Select(p => p.Expression).Concat(constraints).Concat(common).Where(e => e.Length > 0).Distinct(StringComparer.Ordinal)];
    }
}
