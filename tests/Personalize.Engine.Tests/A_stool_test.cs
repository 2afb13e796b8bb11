using Personalize.Engine.Suggestions;

namespace Personalize.Engine.Tests;

/// <summary>A positive stool test asks for a colonoscopy, and does not count as screening until one was done.</summary>
public sealed class A_stool_test
{
    private const string Interpreted = """ "interpretation":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation","code":"A"}]}] """;
    private const string Normal = """ "interpretation":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation","code":"N"}]}] """;
    private const string Positive = """ "valueCodeableConcept":{"coding":[{"system":"http://snomed.info/sct","code":"10828004"}]} """;
    private const string Negative = """ "valueCodeableConcept":{"coding":[{"system":"http://snomed.info/sct","code":"260385009"}]} """;
    private const string Detected = """ "valueCodeableConcept":{"coding":[{"system":"http://loinc.org","code":"LA11882-0"}]} """;
    private const string InWords = """ "valueCodeableConcept":{"text":" POSITIVE "} """;
    private const string Said = """ "valueString":"Abnormal" """;
    private const string SaidNot = """ "valueString":"Not detected" """;
    private const string Yes = """ "valueBoolean":true """;
    private const string Amount = """ "valueQuantity":{"value":140,"unit":"ng/mL"},"referenceRange":[{"high":{"value":100,"unit":"ng/mL"}}] """;
    private const string LittleAmount = """ "valueQuantity":{"value":40,"unit":"ng/mL"},"referenceRange":[{"high":{"value":100,"unit":"ng/mL"}}] """;
    private const string BareAmount = """ "valueQuantity":{"value":140,"unit":"ng/mL"} """;
    private const string Unclear = """ "valueString":"Specimen leaked" """;
    private const string Nothing = """ "dataAbsentReason":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/data-absent-reason","code":"unknown"}]} """;

    [Theory]
    [InlineData("29771-3", Interpreted)]
    [InlineData("57905-2", Positive)]
    [InlineData("57905-2", Detected)]
    [InlineData("57905-2", InWords)]
    [InlineData("77353-1", Said)]
    [InlineData("77353-1", Interpreted)]
    [InlineData("2335-8", Yes)]
    [InlineData("58453-2", Amount)]
    public void That_is_positive_asks_for_a_colonoscopy_and_for_nothing_else(string code, string result)
    {
        var record = Tested(Person(), code, "2026-06-10", result);

        Assert.True(Rule(record, "crc-2").IsOffered);
        Assert.False(Rule(record, "crc-1").Holds);
        Assert.False(record.Look(ContentFolder.Knowledge).Facts.Fact("colorectal-screening-on-file")!.Truth);
        Assert.Equal("Observation/s-2026-06-10", Assert.Single(Rule(record, "crc-2").Used.Where(resource => resource.Type == "Observation").Select(resource => $"{resource.Type}/{resource.Id}").Distinct()));
    }

    [Fact]
    public void That_is_positive_comes_before_everything_else()
    {
        var decision = Tested(Person(), "57905-2", "2026-06-10", Positive).Work(ContentFolder.Knowledge);

        Assert.True(decision.Suggestions.Count(suggestion => suggestion.IsOffered) > 1);
        Assert.Equal("crc-2", decision.Suggestions.First(suggestion => suggestion.IsOffered).Rule.Code);
    }

    [Theory]
    [InlineData("29771-3", Normal)]
    [InlineData("57905-2", Negative)]
    [InlineData("77353-1", SaidNot)]
    [InlineData("58453-2", LittleAmount)]
    public void That_is_negative_counts_as_screening(string code, string result)
    {
        var record = Tested(Person(), code, "2026-06-10", result);

        Assert.False(Rule(record, "crc-2").Holds);
        Assert.False(Rule(record, "crc-1").Holds);
        Assert.True(record.Look(ContentFolder.Knowledge).Facts.Fact("colorectal-screening-on-file")!.Truth);
    }

    [Theory]
    [InlineData(BareAmount)]
    [InlineData(Unclear)]
    [InlineData(Nothing)]
    public void Whose_result_cannot_be_read_leaves_it_unknown(string result)
    {
        var follow = Rule(Tested(Person(), "57905-2", "2026-06-10", result), "crc-2");

        Assert.Null(follow.Holds);
        Assert.Contains("Result of the latest stool test", follow.Missing);
    }

    [Fact]
    public void That_cannot_be_read_and_is_old_does_not_silence_screening() =>
        Assert.True(Rule(Tested(Person(), "57905-2", "2025-02-10", Unclear), "crc-1").IsOffered);

    [Theory]
    [InlineData("2026-08-01", false)]
    [InlineData("2026-06-10", false)]
    [InlineData("2026-01-01", true)]
    public void Is_settled_by_a_colonoscopy_that_came_after_it(string day, bool due)
    {
        var record = Tested(Person(), "57905-2", "2026-06-10", Positive);
        Assert.Equal(due, Rule(Procedure(record, day), "crc-2").Holds);
        record = Tested(Person(), "57905-2", "2026-06-10", Positive).Keep($$"""
            {"resourceType":"DiagnosticReport","id":"r","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"18746-8"}]},"subject":{"reference":"Patient/p"},"effectiveDateTime":"{{day}}"}
            """);
        Assert.Equal(due, Rule(record, "crc-2").Holds);
    }

    [Fact]
    public void Is_not_settled_by_another_stool_test() =>
        Assert.True(Rule(Tested(Tested(Person(), "57905-2", "2025-12-10", Positive), "57905-2", "2026-06-10", Negative), "crc-2").IsOffered);

    [Fact]
    public void Is_read_by_the_latest_day_on_which_one_positive_result_decides()
    {
        var record = Tested(Tested(Person(), "57905-2", "2026-06-10", Negative, id: "first"), "56490-6", "2026-06-10", Positive, id: "second");
        Assert.Equal("positive", record.Look(ContentFolder.Knowledge).Facts.Fact("last-stool-test-result")!.Text);
        Assert.True(Rule(record, "crc-2").IsOffered);
    }

    [Fact]
    public void Without_a_result_after_a_negative_one_leaves_it_unknown() => Assert.Null(Rule(Tested(Person(), "57905-2", "2025-12-10", Negative).Keep("""
        {"resourceType":"Procedure","id":"t","status":"completed","code":{"coding":[{"system":"http://snomed.info/sct","code":"104435004"}]},"subject":{"reference":"Patient/p"},"performedDateTime":"2026-06-10"}
        """), "crc-2").Holds);

    [Fact]
    public void Is_asked_about_as_long_as_one_could_count_and_screening_begins_anew_after_that()
    {
        var waiting = Tested(Person(), "57905-2", "2024-02-10", Positive);
        Assert.Equal((true, false), (Rule(waiting, "crc-2").IsOffered, Rule(waiting, "crc-1").IsOffered));
        var old = Tested(Person(), "57905-2", "2023-02-10", Positive);
        Assert.Equal((false, true), (Rule(old, "crc-2").IsOffered, Rule(old, "crc-1").IsOffered));
    }

    [Fact]
    public void Does_not_count_while_it_is_preliminary_or_a_mistake() =>
        Assert.All(new[] { "preliminary", "entered-in-error", "cancelled" }, status => Assert.False(Rule(Tested(Person(), "57905-2", "2026-06-10", Positive, status), "crc-2").Holds));

    [Fact]
    public void That_was_never_done_asks_for_screening_and_for_no_follow_up()
    {
        Assert.True(Rule(Person(), "crc-1").IsOffered);
        Assert.False(Rule(Person(), "crc-2").Holds);
        Assert.Null(Rule(new TestRecord(), "crc-2").Holds);
    }

    private static SuggestionResult Rule(TestRecord record, string rule) => record.Look(ContentFolder.Knowledge).Suggestions.Single(suggestion => suggestion.Rule.Code == rule);

    // 56 years old, with a record that says nothing of the bowel.
    private static TestRecord Person() => new TestRecord().Keep("""
        {"resourceType":"Condition","id":"c","code":{"coding":[{"system":"http://snomed.info/sct","code":"38341003"}]},"subject":{"reference":"Patient/p"}}
        """);

    private static TestRecord Tested(TestRecord record, string code, string day, string result, string status = "final", string? id = null) => record.Keep($$"""
        {"resourceType":"Observation","id":"{{id ?? "s-" + day}}","status":"{{status}}","code":{"coding":[{"system":"http://loinc.org","code":"{{code}}"}]},"subject":{"reference":"Patient/p"},"effectiveDateTime":"{{day}}",{{result}}}
        """);

    private static TestRecord Procedure(TestRecord record, string day) => record.Keep($$"""
        {"resourceType":"Procedure","id":"x","status":"completed","code":{"coding":[{"system":"http://snomed.info/sct","code":"73761001"}]},"subject":{"reference":"Patient/p"},"performedDateTime":"{{day}}"}
        """);
}
