using Personalize.Engine.Facts;
using Personalize.Engine.Segments;
using static Personalize.Engine.Tests.TestContent;

namespace Personalize.Engine.Tests;

public sealed class A_segment_is_entered_and_left
{
    private static readonly Content.Knowledge _knowledge = Knowing(
        Fact("a1c", "decimal", "%Observation.first().trace('used').value.ofType(Quantity).value"), Fact("born", "date", "%patient.birthDate"),
        Fact("seen", "boolean", "%Observation.exists()"), Fact("count", "integer", "%Observation.count()"), Segment("above-goal", "%a1c > 9"));

    [Fact]
    public void With_the_day_of_entry_kept()
    {
        var record = new TestRecord().A1c("o1", 9.5m, "2026-11-01");
        Assert.Equal([new SegmentMove("above-goal", new DateOnly(2026, 11, 23), null)], record.Work(_knowledge).Moves);
        var later = record.Work(_knowledge, TestRecord.Now.AddDays(10));

        Assert.Empty(later.Moves);
        Assert.Equal(new DateOnly(2026, 11, 23), later.Segments[0].Since);
        Assert.Contains("""{"url":"since","valueDate":"2026-11-23"},{"url":"definition","valueCanonical":"https://personalize-fhir.org/fhir/Group/segment-above-goal|2.0.0"}""", Text(record["Patient/p"].Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void When_it_no_longer_holds_or_can_no_longer_be_told()
    {
        var record = new TestRecord().A1c("o1", 9.5m, "2026-11-01");
        record.Work(_knowledge);
        var moves = record.Forget("Observation/o1").Work(_knowledge, TestRecord.Now.AddDays(2)).Moves;

        Assert.Equal([new SegmentMove("above-goal", new DateOnly(2026, 11, 23), new DateOnly(2026, 11, 25))], moves);
        Assert.DoesNotContain("patient-segment", Text(record["Patient/p"].Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void When_its_definition_is_gone()
    {
        var record = new TestRecord().A1c("o1", 9.5m, "2026-11-01");
        record.Work(_knowledge);

        Assert.Equal("above-goal", Assert.Single(record.Work(Knowing()).Moves).Segment);
    }

    [Fact]
    public void And_the_facts_are_packed_into_a_row_that_reads_back()
    {
        var row = new TestRecord().A1c("o1", 9.5m, "2026-11-01").Look(_knowledge).FactRow;

        Assert.Equal(
            [new PackedValue("a1c", "9.5"), new PackedValue("born", "1970-05-05"), new PackedValue("count", 1L), new PackedValue("seen", true)],
            PackedFacts.Unpack(row.Span, _knowledge)!.Value);
        Assert.Null(PackedFacts.Unpack(row.Span, Knowing(Fact("other", "boolean", "true"))));
    }

    [Fact]
    public void And_never_by_what_the_engine_itself_offered()
    {
        var knowledge = Knowing(Fact("orders", "integer", "%ServiceRequest.count() + %Task.count()"), Segment("has-orders", "%orders > 0"), Rule("r-1", "true"));
        var record = new TestRecord();
        record.Work(knowledge);

        Assert.False(record.Work(knowledge).Segments[0].Holds);
        Assert.Single(record.Tasks);
    }
}
