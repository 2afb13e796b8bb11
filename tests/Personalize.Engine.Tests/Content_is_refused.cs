using Personalize.Engine.Content;
using Personalize.Fhir.Elements;
using static Personalize.Engine.Tests.TestContent;

namespace Personalize.Engine.Tests;

public sealed class Content_is_refused
{
    private static string[] Faults(params Resource[] content) =>
        [.. Knowledge.Of(content).Failure!.Issues.Select(issue => $"{issue.Expression} {issue.Text}")];

    [Fact]
    public void When_an_expression_cannot_be_read_naming_resource_and_place()
    {
        var fault = Assert.Single(Faults(Fact("f", "boolean", "%patient.where(")));

        Assert.StartsWith("Library.extension('cqf-expression').value.expression Library/fact-f:", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void When_facts_rest_on_each_other() =>
        Assert.Contains("rests on itself", Assert.Single(Faults(Fact("a", "boolean", "%b"), Fact("b", "boolean", "%a"))), StringComparison.Ordinal);

    [Fact]
    public void When_it_names_a_fact_that_is_not_there() =>
        Assert.Contains("%ghost", Assert.Single(Faults(Segment("s", "%ghost > 1"))), StringComparison.Ordinal);

    [Fact]
    public void When_a_rule_names_a_segment_that_is_not_there() =>
        Assert.Contains("the segment ghost", Assert.Single(Faults(Rule("r-1", "%`segment-ghost`"))), StringComparison.Ordinal);

    [Fact]
    public void With_all_faults_at_once() =>
        Assert.Equal(2, Faults(Fact("f", "boolean", "("), Segment("s", "%ghost")).Length);

    [Fact]
    public void But_what_is_not_active_is_left_out()
    {
        var knowledge = Knowing(Fact("f", "boolean", "true"), Fact("g", "boolean", "(", status: "draft"), Segment("s", "%ghost", status: "retired"));

        Assert.Equal(["f"], knowledge.Facts.Select(fact => fact.Name));
        Assert.Empty(knowledge.Segments);
    }

    [Fact]
    public void And_facts_come_behind_those_that_they_mention()
    {
        var knowledge = Knowing(Fact("a", "boolean", "%b and %c"), Fact("b", "boolean", "%c"), Fact("c", "boolean", "true"));

        Assert.Equal(["c", "b", "a"], knowledge.Facts.Select(fact => fact.Name));
    }
}
