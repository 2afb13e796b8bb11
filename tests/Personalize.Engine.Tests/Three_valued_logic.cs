using static Personalize.Engine.Tests.TestContent;

namespace Personalize.Engine.Tests;

public sealed class Three_valued_logic
{
    private const string LastA1c = "%Observation.where(code.coding.code = '4548-4').first().trace('used').value.ofType(Quantity).value";

    private static readonly Content.Knowledge _knowledge = Knowing(
        Fact("a1c", "decimal", LastA1c, "%"), Fact("adult", "boolean", "%patient.birthDate + 18 years <= today()"), Segment("above-goal", "%adult and %a1c > 9"));

    [Fact]
    public void What_is_on_file_and_fits_holds()
    {
        var segment = new TestRecord().A1c("o1", 9.1m, "2026-09-02").Look(_knowledge).Segments[0];

        Assert.True(segment.Holds);
        Assert.Equal(new DateOnly(2026, 11, 23), segment.Since);
        Assert.Equal(["Observation/o1"], segment.Used.Where(used => used.Type == "Observation").Select(used => $"{used.Type}/{used.Id}"));
        var reason = segment.Reasons.Single(reason => reason.Fact == "a1c");
        Assert.Equal(("The a1c", "9.1 %", "2026-09-02"), (reason.Title, reason.Value, reason.Date));
    }

    [Fact]
    public void What_is_on_file_and_does_not_fit_is_false() =>
        Assert.False(new TestRecord().A1c("o1", 7m, "2026-09-02").Look(_knowledge).Segments[0].Holds);

    [Fact]
    public void What_is_not_on_file_is_unknown_and_told_as_missing()
    {
        var segment = new TestRecord().Look(_knowledge).Segments[0];

        Assert.Null(segment.Holds);
        Assert.Null(segment.Since);
        Assert.Equal(["The a1c"], segment.Missing);
    }

    [Fact]
    public void False_wins_over_unknown()
    {
        var child = new TestRecord("""{"resourceType":"Patient","id":"p","birthDate":"2020-01-01"}""");

        Assert.False(child.Look(_knowledge).Segments[0].Holds);
    }

    [Fact]
    public void The_missing_fact_is_the_one_at_the_root()
    {
        var knowledge = Knowing(Fact("a1c", "decimal", LastA1c), Fact("high", "boolean", "%a1c > 9"), Segment("s", "%high"));

        Assert.Equal(["The a1c"], new TestRecord().Look(knowledge).Segments[0].Missing);
    }

    [Fact]
    public void An_expression_that_fails_is_unknown_and_noted_without_content()
    {
        var knowledge = Knowing(Fact("bad", "string", "('secret' | 'other').single()"), Segment("s", "%bad = 'x'"));
        var decision = new TestRecord().Look(knowledge);

        Assert.Null(decision.Segments[0].Holds);
        Assert.Contains("fact bad", Assert.Single(decision.Faults), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", Assert.Single(decision.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_of_another_type_than_the_fact_tells_is_unknown_and_noted()
    {
        var decision = new TestRecord().Look(Knowing(Fact("age", "integer", "'forty'")));

        Assert.False(decision.Facts.Fact("age")!.IsKnown);
        Assert.NotEmpty(decision.Faults);
    }

    [Fact]
    public void The_newest_comes_first_however_it_is_stored()
    {
        var record = new TestRecord().A1c("a", 6m, "2024-01-01").A1c("c", 8m, "2026-03").A1c("b", 7m, "2026-02-01T23:00:00Z");

        Assert.Equal("8", record.Look(Knowing(Fact("a1c", "decimal", LastA1c))).Facts.Fact("a1c")!.Text);
    }
}
