using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Tests;

public sealed class An_edited_copy
{
    private const string Observation = """
        {"resourceType":"Observation", "extension":[{"url":"a","valueCode":"x"}, {"url":"b","valueUri":"urn:uuid:1"}],
         "subject":{"reference":"urn:uuid:1"}, "value\u0051uantity":{"value":1.50},
         "text":{"div":"<div>urn:uuid:1 <a href=\"urn:uuid:1\">x<\/a><img src='urn:uuid:2'/></div>"}}
        """;

    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(
        """{"resourceType":"Patient"}""",
        """{"resourceType":"Patient","id":"n","meta":{"versionId":"7","lastUpdated":"2026-03-01T12:00:00.005Z"}}""")]
    [InlineData(
        """{ "id" : "a", "resourceType" : "Patient", "meta" : { "profile":["x"], "versionId" : "0" } ,"active":true }""",
        """{ "id" : "n", "resourceType" : "Patient", "meta" : {"lastUpdated":"2026-03-01T12:00:00.005Z", "profile":["x"], "versionId" : "7" } ,"active":true }""")]
    [InlineData(
        """{"resourceType":"Patient","meta":{"lastUpdated":"2020-01-01T00:00:00Z","tag":[{"code":"t"}]},"id":"a"}""",
        """{"resourceType":"Patient","meta":{"versionId":"7","lastUpdated":"2026-03-01T12:00:00.005Z","tag":[{"code":"t"}]},"id":"n"}""")]
    [InlineData(
        """{"resourceType":"Patient","meta":{}}""",
        """{"resourceType":"Patient","id":"n","meta":{"versionId":"7","lastUpdated":"2026-03-01T12:00:00.005Z"}}""")]
    public void Bears_its_identity_and_is_otherwise_the_same(string before, string after) =>
        Assert.Equal(after, Text(Edit.WithIdentity(Read(before), ResourceId.Of("n"), "7", Noon)));

    [Fact]
    public void Has_its_links_replaced_wherever_the_specification_says()
    {
        var copy = Text(Edit.WithReferences(Read(Observation), link => link == "urn:uuid:1" ? "Patient/1" : null));
        var expected = Observation
            .Replace("\"valueUri\":\"urn:uuid:1\"", "\"valueUri\":\"Patient/1\"", StringComparison.Ordinal)
            .Replace("\"reference\":\"urn:uuid:1\"", "\"reference\":\"Patient/1\"", StringComparison.Ordinal)
            .Replace("href=\\\"urn:uuid:1", "href=\\\"Patient/1", StringComparison.Ordinal);
        Assert.Equal(expected, copy);
    }

    [Fact]
    public void Is_asked_for_every_reference_also_in_what_it_contains()
    {
        var asked = new List<string>();
        Edit.WithReferences(Read("""{"resourceType":"Patient","contained":[{"resourceType":"Observation","subject":{"reference":"Patient?identifier=x"}}],"generalPractitioner":[{"reference":"#a"}]}"""), link =>
        {
            asked.Add(link);
            return null;
        });
        Assert.Equal(["Patient?identifier=x", "#a"], asked);
    }

    [Fact]
    public void Is_the_same_memory_when_nothing_changes()
    {
        var resource = Read(Observation);
        Assert.True(resource.Bytes.Equals(Edit.WithReferences(resource, _ => null)));
        Assert.True(resource.Bytes.Equals(Edit.WithExtensions(resource, _ => false, [])));
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient","extension":[{"url":"a"}, {"url":"b"}],"active":true}""", "", """{"resourceType":"Patient","extension":[{"url":"b"}],"active":true}""")]
    [InlineData("""{"resourceType":"Patient","extension":[{"url":"a"}, {"url":"b"}],"active":true}""", "c", """{"resourceType":"Patient","extension":[{"url":"b"},{"url":"c"}],"active":true}""")]
    [InlineData("""{"resourceType":"Patient", "extension":[{"url":"a"}],"active":true}""", "", """{"resourceType":"Patient","active":true}""")]
    [InlineData("""{"extension":[{"url":"a"}] , "resourceType":"Patient"}""", "", """{ "resourceType":"Patient"}""")]
    [InlineData("""{"resourceType":"Patient","extension":[{"url":"a"}]}""", "", """{"resourceType":"Patient"}""")]
    [InlineData("""{"resourceType":"Patient","active":true,"id":"x"}""", "c", """{"resourceType":"Patient","active":true,"id":"x","extension":[{"url":"c"}]}""")]
    public void Loses_and_gains_extensions(string before, string add, string after)
    {
        ReadOnlyMemory<byte>[] added = add == "" ? [] : [Encoding.UTF8.GetBytes($$"""{"url":"{{add}}"}""")];
        Assert.Equal(after, Text(Edit.WithExtensions(Read(before), url => url == "a", added)));
    }

    private static Resource Read(string json) => Resource.Parse(Encoding.UTF8.GetBytes(json)).Value;

    private static string Text(ReadOnlyMemory<byte> json)
    {
        Assert.Null(Resource.Parse(json).Failure);
        return Encoding.UTF8.GetString(json.Span);
    }
}
