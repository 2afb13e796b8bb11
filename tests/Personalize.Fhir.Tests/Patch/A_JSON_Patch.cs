using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Patch;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Tests.Patch;

public sealed class A_JSON_Patch
{
    [Theory]
    [InlineData("""{ "a" : 1 }""", """[{"op":"add","path":"/b","value":1.50}]""", """{ "a" : 1,"b":1.50 }""")]
    [InlineData("""{ }""", """[{"op":"add","path":"/b","value":"x"}]""", """{"b":"x" }""")]
    [InlineData("""[ 1 , 2 ]""", """[{"op":"add","path":"/1","value":9}]""", """[ 1 , 9,2 ]""")]
    [InlineData("""[ 1 , 2 ]""", """[{"op":"add","path":"/-","value":9}]""", """[ 1 , 2,9 ]""")]
    [InlineData("""[ ]""", """[{"op":"add","path":"/0","value":9}]""", """[9 ]""")]
    [InlineData("""{"a":1, "b":2, "c":3}""", """[{"op":"remove","path":"/a"}]""", """{"b":2, "c":3}""")]
    [InlineData("""{"a":1, "b":2, "c":3}""", """[{"op":"remove","path":"/b"}]""", """{"a":1, "c":3}""")]
    [InlineData("""{"a":1, "b":2, "c":3}""", """[{"op":"remove","path":"/c"}]""", """{"a":1, "b":2}""")]
    [InlineData("""{ "a":1 }""", """[{"op":"remove","path":"/a"}]""", """{  }""")]
    [InlineData("""{"a":[1, 2]}""", """[{"op":"replace","path":"/a/0","value":{"x":1e400}}]""", """{"a":[{"x":1e400}, 2]}""")]
    [InlineData("""{"a":{"b":1.0}}""", """[{"op":"copy","from":"/a/b","path":"/c"}]""", """{"a":{"b":1.0},"c":1.0}""")]
    [InlineData("""{"a":1}""", """[{"op":"test","path":"/a","value":10e-1},{"op":"test","path":"","value":{"a":1.0}}]""", """{"a":1}""")]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"","value":[2]}]""", """[2]""")]
    [InlineData("""{"\u0061":1}""", """[{"op":"replace","path":"/a","value":2}]""", """{"\u0061":2}""")]
    [InlineData("""{"a":1}""", """[]""", """{"a":1}""")]
    public void Changes_what_it_names_and_no_other_byte(string document, string patch, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(Apply(document, patch).Value.Span));

    [Theory]
    [InlineData("""[{"op":"remove","path":"/x"}]""", "Operation 0 (remove)")]
    [InlineData("""[{"op":"add","path":"/b","value":1},{"op":"replace","path":"/x","value":1}]""", "Operation 1 (replace)")]
    [InlineData("""[{"op":"add","path":"/list/5","value":1}]""", "Operation 0 (add)")]
    [InlineData("""[{"op":"add","path":"/list/01","value":1}]""", "Operation 0 (add)")]
    [InlineData("""[{"op":"add","path":"/a/b","value":1}]""", "Operation 0 (add)")]
    [InlineData("""[{"op":"move","from":"/list","path":"/list/0"}]""", "Operation 0 (move)")]
    [InlineData("""[{"op":"test","path":"/a","value":"1"}]""", "Operation 0 (test)")]
    [InlineData("""[{"op":"remove","path":""}]""", "Operation 0 (remove)")]
    public void That_cannot_be_applied_says_which_operation(string patch, string named)
    {
        var failure = Assert.IsType<Failure.Unprocessable>(Apply("""{"a":1,"list":[1]}""", patch).Failure);
        Assert.StartsWith(named, failure.Issues[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""[{"op":"add","path":"/a"}]""")]
    [InlineData("""[{"op":"add","path":"a","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/~2","value":1}]""")]
    [InlineData("""[{"op":"burn","path":"/a","value":1}]""")]
    [InlineData("""[{"op":"copy","path":"/a"}]""")]
    public void That_is_none_is_refused_as_a_whole(string patch) => Assert.IsType<Failure.Invalid>(Apply("""{"a":1}""", patch).Failure);

    [Fact]
    public void That_doubles_its_document_is_stopped()
    {
        const string Twice = """{"op":"copy","from":"/a","path":"/b"},{"op":"add","path":"/c","value":{}},{"op":"copy","from":"/a","path":"/c/x"},{"op":"move","from":"/b","path":"/c/y"},{"op":"move","from":"/c","path":"/a"}""";
        var document = """{"a":"?"}""".Replace("?", new string('x', 1 << 20), StringComparison.Ordinal);
        Assert.Contains("too large", Assert.IsType<Failure.Unprocessable>(Apply(document, $"[{string.Join(',', Enumerable.Repeat(Twice, 20))}]").Failure).Issues[0].Text, StringComparison.Ordinal);
        Assert.IsType<Failure.Invalid>(Apply(document, $"[{string.Join(',', Enumerable.Repeat(Twice, 1_000))}]").Failure);
    }

    [Fact]
    public void Of_a_resource_gives_a_resource()
    {
        var patient = Resource.Parse("""{"resourceType":"Patient", "active":true}"""u8.ToArray()).Value;
        Assert.Equal("""{"resourceType":"Patient", "active":false}""", Encoding.UTF8.GetString(JsonPatch.Apply(patient, """[{"op":"replace","path":"/active","value":false}]"""u8.ToArray()).Value.Bytes.Span));
        Assert.NotNull(JsonPatch.Apply(patient, """[{"op":"remove","path":"/resourceType"}]"""u8.ToArray()).Failure);
    }

    private static Outcome<ReadOnlyMemory<byte>> Apply(string document, string patch) =>
        JsonPatch.Apply(Encoding.UTF8.GetBytes(document), JsonTree.Parse(Encoding.UTF8.GetBytes(patch)).Value);
}
