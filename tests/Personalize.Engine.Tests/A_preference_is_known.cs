using Personalize.Engine.Content;
using static Personalize.Engine.Tests.TestContent;

namespace Personalize.Engine.Tests;

public sealed class A_preference_is_known
{
    private const string Stated = "%Observation.where(code.coding.code = '95541-9').first().trace('used').select(value.ofType(CodeableConcept).coding | component.value.ofType(CodeableConcept).coding)";

    private static readonly Knowledge _knowledge = Knowing(
        ChannelNames(), Fact("replies", "integer", "%Communication.trace('used').count()"),
        Preference("channel", ["appointment", "care"],
            Source("stated", Stated), Source("observed", "iif(%replies >= 3, 'sms', {})"), Source("default", "'phone'", "care")));

    private static TestRecord Replying() => new TestRecord().Keep(Reply("c1")).Keep(Reply("c2")).Keep(Reply("c3"));

    private static string Reply(string id) =>
        $$"""{"resourceType":"Communication","id":"{{id}}","status":"completed","sender":{"reference":"Patient/p"},"sent":"2026-10-01T10:00:00-04:00","medium":[{"text":"text message"}]}""";

    private const string Wish = """
        {"resourceType":"Observation","id":"w","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"95541-9"}]},"effectiveDateTime":"2026-11-01",
         "valueCodeableConcept":{"coding":[{"system":"https://personalize-fhir.org/fhir/CodeSystem/channel","code":"phone"}]},
         "component":[{"code":{"text":"second"},"valueCodeableConcept":{"coding":[{"system":"https://personalize-fhir.org/fhir/CodeSystem/channel","code":"sms"}]}}]}
        """;

    [Fact]
    public void From_what_was_seen_when_nothing_was_said()
    {
        var care = Replying().Look(_knowledge).Preferences.Single(preference => preference.Code == "channel.care");

        Assert.Equal("observed", care.Source!.Source);
        Assert.Equal([new Coded($"{Root}/CodeSystem/channel", "sms", "Text message")], care.Values);
        Assert.Equal(["c1", "c2", "c3"], care.Used.Select(used => used.Id!.ToString()));
    }

    [Fact]
    public void From_what_was_said_before_all_with_its_choices_in_order()
    {
        var care = Replying().Keep(Wish).Look(_knowledge).Preferences.Single(preference => preference.Code == "channel.care");

        Assert.Equal("stated", care.Source!.Source);
        Assert.Equal(["phone", "sms"], care.Values.Select(value => value.Code));
        Assert.Equal(["w"], care.Used.Select(used => used.Id!.ToString()));
    }

    [Fact]
    public void From_the_default_of_its_topic_alone()
    {
        var preferences = new TestRecord().Look(_knowledge).Preferences;

        Assert.Equal("default", preferences.Single(preference => preference.Code == "channel.care").Source!.Source);
        Assert.False(preferences.Single(preference => preference.Code == "channel.appointment").IsKnown);
    }

    [Fact]
    public void On_the_Patient_with_everything_else_as_it_was()
    {
        const string original = """{"resourceType":"Patient","id":"p","extension":[{"url":"http://example.org/own","valueDecimal":1.50}],"birthDate":"1970-05-05","name":[{"family":"É"}]}""";
        var record = new TestRecord(original).Keep(Wish);
        record.Work(_knowledge);
        var text = Text(record["Patient/p"].Bytes);

        Assert.StartsWith("""{"resourceType":"Patient","id":"p","extension":[{"url":"http://example.org/own","valueDecimal":1.50},{"url":"https://personalize-fhir.org/fhir/StructureDefinition/patient-preference",""", text, StringComparison.Ordinal);
        Assert.EndsWith(""","birthDate":"1970-05-05","name":[{"family":"É"}]}""", text, StringComparison.Ordinal);
        Assert.Contains("""{"url":"topic","valueCode":"appointment"},{"url":"value","valueCoding":{"system":"https://personalize-fhir.org/fhir/CodeSystem/channel","code":"phone","display":"Phone call"}},{"url":"rank","valuePositiveInt":1},{"url":"source","valueCode":"stated"}""", text, StringComparison.Ordinal);
        Assert.Contains("""{"url":"rank","valuePositiveInt":2}""", text, StringComparison.Ordinal);
        Assert.Empty(record.Work(_knowledge).Proposals);
    }
}
