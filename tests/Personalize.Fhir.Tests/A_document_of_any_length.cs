using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Tests;

/// <summary>Near its end a document is read byte by byte, before that in greater steps: both must find the same. White space behind a short document makes it a long one.</summary>
public sealed class A_document_of_any_length
{
    private static readonly string Space = new(' ', 300);

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[[],{},[{}],\"\",[\"\"]]")]
    [InlineData("\"a\"")]
    [InlineData("-1.50e+3")]
    [InlineData("[true,false,null,0,-0.0,1E9]")]
    [InlineData("{\"id\":\"a b\",\"name\":[{\"family\":\"\\u00e9\",\"given\":[\"x\",null],\"_given\":[null,{\"id\":\"y\"}]}],\"_birthDate\":{\"id\":\"z\"}}")]
    [InlineData(" { \"id\" : \"a\" , \"name\" :\r\n[ { \"family\"\t: \"f\" } , { } ] , \"active\" : true }")]
    [InlineData("{\"unknown\":1,\"id\":2,\"\":3,\"a very long key that no definition has, longer than a vector\":{\"id\":4},\"\\u0069d2\":5}")]
    [InlineData("{\"div\":\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">text with an end\\n and another\\\\ </div>\",\"status\":\"generated\"}")]
    [InlineData("{\"display\":\"exactly thirty-one bytes of text\",\"code\":\"exactly-thirty-two-bytes-of-text\",\"text\":\"exactly thirty-three bytes of text\",\"system\":\"\"}")]
    [InlineData("{\"medicationCodeableConcept\":{\"coding\":[{\"system\":\"s\",\"code\":\"c\"}]},\"verificationStatus\":{\"text\":\"größer als 32 Bytes ist dieser Text hier wohl\"}}")]
    public void Is_the_same_table(string json) => Assert.Equal(Lines(Read(json).Value.Root, 0), Lines(Read(json + Space).Value.Root, 0));

    [Theory]
    [MemberData(nameof(A_malformed_document.Json), MemberType = typeof(A_malformed_document))]
    [MemberData(nameof(A_malformed_document.Fhir), MemberType = typeof(A_malformed_document))]
    public void Is_refused_at_the_same_place(string what, string json, int line, int column)
    {
        var failure = Assert.IsType<Failure.Invalid>(Resource.Parse(Encoding.UTF8.GetBytes(json + Space)).Failure);
        var issue = Assert.Single(failure.Issues);
        // Where the input ended too early, it is at the white space now, or at its end.
        var isLater = (issue.Line, issue.Column).CompareTo((line, column)) > 0 && Assert.Single(Resource.Parse(Encoding.UTF8.GetBytes(json)).Failure!.Issues).Text.Contains("too early", StringComparison.Ordinal);
        Assert.True((issue.Line, issue.Column) == (line, column) || isLater, $"{what}: {issue.Line}:{issue.Column}");
    }

    [Fact]
    public void Has_its_keys_told_apart_at_any_place()
    {
        // The same two keys, from the end of the document up to far before it.
        for (var length = 0; length < 400; length++)
            Assert.IsType<Failure.Invalid>(Read($"{{\"name\":[{{\"id\":\"a\",\"id\":\"b\"}}],\"text\":\"{new string('x', length)}\"}}").Failure);
    }

    [Fact]
    public void Is_read_whole_whatever_its_length()
    {
        for (var length = 0; length < 400; length++)
        {
            var text = new string('x', length);
            var root = Read($"{{\"id\":\"{text}\",\"name\":[{{\"family\":\"{text}\"}}],\"active\":true}}").Value.Root;
            Assert.Equal((text, text, "true"), (root["id"].Text, root["name"].Items.Single()["family"].Text, root["active"].Text));
        }
    }

    private static Outcome<JsonTree> Read(string json) => JsonTree.Parse(Encoding.UTF8.GetBytes(json), FhirSchema.R4.Names);

    private static IEnumerable<string> Lines(JsonItem item, int depth) =>
        item.Items.SelectMany(inner => Lines(inner, depth + 1)).Prepend($"{depth} {item.Key} {item.Kind} {Encoding.UTF8.GetString(item.Json.Span)} {item.Text}");
}
