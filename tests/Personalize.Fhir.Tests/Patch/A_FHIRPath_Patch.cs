using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Patch;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Tests.Patch;

public sealed class A_FHIRPath_Patch
{
    private const string Patient = """
        {"resourceType":"Patient", "name":[{"given":["A", "B"] ,"_given":[null,{"id":"b"}]}], "deceasedBoolean":false, "contact":[{"name":{"text":"x"}}], "birthDate":"1970-01-01" ,"_birthDate":{"extension":[{"url":"u"}]}, "multipleBirthInteger":2}
        """;

    [Theory]
    [InlineData("delete", "Patient.name.given[0]", "", """{"given":["A", "B"] ,"_given":[null,{"id":"b"}]}""", """{"given":["B"] ,"_given":[{"id":"b"}]}""")]
    [InlineData("delete", "Patient.name.given[1]", "", """{"given":["A", "B"] ,"_given":[null,{"id":"b"}]}""", """{"given":["A"]}""")]
    [InlineData("delete", "Patient.photo | Patient.link", "", "", "")]
    [InlineData("delete", "Patient.contact.name.text", "", """ "contact":[{"name":{"text":"x"}}],""", "")]
    [InlineData("delete", "Patient.birthDate", "", ", \"birthDate\":\"1970-01-01\" ,\"_birthDate\":{\"extension\":[{\"url\":\"u\"}]}", "")]
    [InlineData("delete", "Patient.birthDate.extension", "", """ ,"_birthDate":{"extension":[{"url":"u"}]}""", "")]
    [InlineData("replace", "Patient.deceased", """{"name":"value","valueDateTime":"2020"}""", "\"deceasedBoolean\":false", "\"deceasedDateTime\":\"2020\"")]
    [InlineData("replace", "Patient.birthDate", """{"name":"value","valueDate":"1971"}""", "\"1970-01-01\" ,\"_birthDate\":{\"extension\":[{\"url\":\"u\"}]}", "\"1971\"")]
    [InlineData("replace", "Patient.deceased", """{"name":"value","_valueBoolean":{"id":"q"}}""", "\"deceasedBoolean\":false", "\"_deceasedBoolean\":{\"id\":\"q\"}")]
    [InlineData("insert", "Patient.name.given", """{"name":"value","valueString":"N"},{"name":"index","valueInteger":1}""", """["A", "B"] ,"_given":[null,{"id":"b"}]""", """["A", "N","B"] ,"_given":[null,null,{"id":"b"}]""")]
    [InlineData("move", "Patient.name.given", """{"name":"source","valueInteger":0},{"name":"destination","valueInteger":1}""", """["A", "B"] ,"_given":[null,{"id":"b"}]""", """["B", "A"] ,"_given":[{"id":"b"},null]""")]
    [InlineData("add", "Patient.name", """{"name":"value","valueString":"C"},{"name":"name","valueString":"given"}""", """["A", "B"] ,"_given":[null,{"id":"b"}]""", """["A", "B","C"] ,"_given":[null,{"id":"b"},null]""")]
    [InlineData("add", "Patient", """{"name":"value","valueAttachment":{"title":"t"}},{"name":"name","valueString":"photo"}""", "\"multipleBirthInteger\":2", "\"multipleBirthInteger\":2,\"photo\":[{\"title\":\"t\"}]")]
    [InlineData("add", "Patient.deceased", """{"name":"value","valueString":"i"},{"name":"name","valueString":"id"}""", "\"multipleBirthInteger\":2", "\"multipleBirthInteger\":2,\"_deceasedBoolean\":{\"id\":\"i\"}")]
    public void Changes_what_it_names_and_no_other_byte(string type, string path, string more, string before, string after)
    {
        var patched = Apply(Operation(type, path, more));
        Assert.Null(patched.Failure);
        Assert.Equal(before.Length == 0 ? Patient : Patient.Replace(before, after, StringComparison.Ordinal), Encoding.UTF8.GetString(patched.Value.Bytes.Span));
    }

    [Theory]
    [InlineData("add", "Patient.photo", """{"name":"value","valueString":"x"},{"name":"name","valueString":"title"}""")]
    [InlineData("add", "Patient", """{"name":"value","valueDate":"1980"},{"name":"name","valueString":"birthDate"}""")]
    [InlineData("add", "Patient", """{"name":"value","valueDate":"1980"},{"name":"name","valueString":"nonsense"}""")]
    [InlineData("replace", "Patient.name.given", """{"name":"value","valueString":"x"}""")]
    [InlineData("replace", "Patient.photo", """{"name":"value","valueString":"x"}""")]
    [InlineData("replace", "Patient", """{"name":"value","valueString":"x"}""")]
    [InlineData("replace", "Patient.deceased", """{"name":"value","valueQuantity":{"value":1}}""")]
    [InlineData("replace", "'text'", """{"name":"value","valueString":"x"}""")]
    [InlineData("delete", "Patient.name.given", "")]
    [InlineData("delete", "Patient", "")]
    [InlineData("insert", "Patient.name.given", """{"name":"value","valueString":"x"},{"name":"index","valueInteger":3}""")]
    [InlineData("insert", "Patient.birthDate", """{"name":"value","valueString":"x"},{"name":"index","valueInteger":0}""")]
    [InlineData("move", "Patient.name.given", """{"name":"source","valueInteger":0},{"name":"destination","valueInteger":2}""")]
    public void That_cannot_be_applied_says_which_operation(string type, string path, string more)
    {
        var failure = Assert.IsType<Failure.Unprocessable>(Apply(Operation("delete", "Patient.gender", ""), Operation(type, path, more)).Failure);
        Assert.Equal("Parameters.parameter[1]", failure.Issues[0].Expression);
        Assert.StartsWith($"Operation 1 ({type})", failure.Issues[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("burn", "Patient.name", "")]
    [InlineData("replace", "Patient.birthDate", "")]
    [InlineData("delete", "Patient.name[", "")]
    [InlineData("delete", "Patient.brithDate", "")]
    [InlineData("insert", "Patient.name", """{"name":"value","valueString":"x"}""")]
    [InlineData("move", "Patient.name", "")]
    public void That_is_none_is_refused_as_a_whole(string type, string path, string more) =>
        Assert.IsType<Failure.Invalid>(Apply(Operation("delete", "Patient.birthDate", ""), Operation(type, path, more)).Failure);

    [Fact]
    public void Composes_an_element_without_a_type_of_its_own_from_parts()
    {
        const string Parts = """
            {"name":"name","valueString":"contact"},{"name":"value","part":[
              {"name":"gender","valueCode":"male"},{"name":"telecom","valueContactPoint":{"value":"1"}},{"name":"telecom","valueContactPoint":{"value":"2"}}]}
            """;
        var contact = """{"gender":"male","telecom":[{"value":"1"},{"value":"2"}]}""";
        var patched = Apply(Operation("add", "Patient", Parts));
        Assert.Equal(Patient.Replace("""{"name":{"text":"x"}}""", """{"name":{"text":"x"}},""" + contact, StringComparison.Ordinal), Encoding.UTF8.GetString(patched.Value.Bytes.Span));
    }

    private static string Operation(string type, string path, string more) =>
        $$"""{"name":"operation","part":[{"name":"type","valueCode":"{{type}}"},{"name":"path","valueString":"{{path}}"}{{(more.Length == 0 ? "" : "," + more)}}]}""";

    private static Outcome<Resource> Apply(params string[] operations) => FhirPathPatch.Apply(
        Resource.Parse(Encoding.UTF8.GetBytes(Patient)).Value,
        Resource.Parse(Encoding.UTF8.GetBytes($$"""{"resourceType":"Parameters","parameter":[{{string.Join(',', operations)}}]}""")).Value,
        new FhirPathContext(DateTimeOffset.UnixEpoch));
}
