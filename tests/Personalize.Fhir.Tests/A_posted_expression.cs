using System.Diagnostics;
using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Tests;

/// <summary>What strangers post is stopped before it costs much.</summary>
public sealed class A_posted_expression
{
    private static readonly FhirPathContext _context = new(DateTimeOffset.UnixEpoch) { Limits = FhirPathLimits.Posted };

    private static readonly PathValues _patient = PathValues.Of(Resource.Parse(Encoding.UTF8.GetBytes("""
        {"resourceType":"Patient","id":"p","name":[{"family":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!","given":["Ana","Li"]}]}
        """)).Value.Root);

    private const string Ten = "(0|1|2|3|4|5|6|7|8|9)";

    public static TheoryData<string> Costly => [
        $"{Ten}.select({Ten}.select({Ten}.select({Ten}.select({Ten}.select({Ten}.select({Ten}.select(1)))))))",
        $"{Ten}.where({Ten}.all({Ten}.all({Ten}.all({Ten}.all({Ten}.all({Ten}.all({Ten}.all(true))))))))",
        "'a'.repeat($this & 'a')",
        "1.repeat($this + 1)",
        $"{Ten}.select({Ten}).select({Ten}).aggregate($total & 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' & $total, '')",
        $"{Ten}.select({Ten}).select({Ten}).select({Ten}).select({Ten}).select({Ten}).sort(-$this)",
        $"{Ten}.select({Ten}).select({Ten}).select({Ten}).select('a'.matches($this.toString() & '((a{{1,30}}){{1,30}}){{1,9}}'))",
        $"'{new string('a', 20_000)}'.matches('(a|b)*a[ab]{{900}}c')",
        $"'{new string('a', 8_000)}'.replaceMatches('{string.Concat(Enumerable.Repeat("(a|b)?", 400))}', 'x')",
        $"'{new string('a', 8_000)}'.replaceMatches('a', '$_')",
        "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'.select(replace('a', $this)).select(replace('a', $this)).select(replace('a', $this)).select(replace('a', $this))",
    ];

    [Theory]
    [MemberData(nameof(Costly))]
    public void Fails_where_it_would_cost_too_much(string expression)
    {
        var watch = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var failure = Assert.IsType<Failure.FhirPath>(FhirPathExpression.Parse(expression).Then(e => e.Evaluate(_patient, _context)).Failure);
        Assert.Equal((ExpressionFault.Execution, "too-costly"), (failure.Fault, failure.Code));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 500_000_000);
    }

    [Theory]
    [InlineData("name.family.matches('(a+)+$')", "false")]
    [InlineData("name.family.matches('^(a|a)*!$')", "true")]
    [InlineData("name.family.replaceMatches('(a|aa)+', 'b')", "b!")]
    public void Meets_no_regular_expression_that_runs_wild(string expression, string expected) =>
        Assert.Equal(expected, FhirPathExpression.Parse(expression).Then(e => e.Evaluate(_patient, _context)).Value.Items[0].ToString());

    [Fact]
    public void Stops_when_its_time_is_over()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        var context = _context with { Limits = FhirPathLimits.Trusted, Stop = stopped.Token };
        var failure = Assert.IsType<Failure.FhirPath>(FhirPathExpression.Parse("descendants().count()").Then(e => e.Evaluate(_patient, context)).Failure);
        Assert.Equal("too-costly", failure.Code);
    }

    [Fact]
    public void Costs_the_next_one_nothing()
    {
        Assert.NotNull(FhirPathExpression.Parse("1.repeat($this + 1)").Then(e => e.Evaluate(_patient, _context)).Failure);
        Assert.Equal(2, FhirPathExpression.Parse("name.given.count()").Then(e => e.Evaluate(_patient, _context)).Value.Items[0].Value);
    }
}
