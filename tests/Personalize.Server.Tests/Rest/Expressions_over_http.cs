using System.Net;
using System.Text.Json;

namespace Personalize.Server.Tests.Rest;

public sealed class Expressions_over_http(OpenServer open) : IClassFixture<OpenServer>
{
    private const string PathUrl = "http://fhir.forms-lab.com/StructureDefinition/resource-path";

    private const string Patient = """
        {"resourceType":"Patient","id":"p","gender":"female","active":true,"birthDate":"1980-02-29","multipleBirthInteger":2,
         "name":[{"use":"official","family":"Rivera","given":["Ana","Li"]}],"contact":[{"name":{"text":"x"}}],
         "contained":[{"resourceType":"Organization","id":"o","name":"Clinic"}],"managingOrganization":{"reference":"#o"}}
        """;

    private Task<HttpResponseMessage> Sent(string expression, string more = "", string? resource = Patient)
    {
        var posted = resource is null ? "" : $$""",{"name":"resource","resource":{{resource}}}""";
        return open.Http.Ask("POST", "$fhirpath", $$"""{"resourceType":"Parameters","parameter":[{"name":"expression","valueString":{{JsonSerializer.Serialize(expression)}}}{{posted}}{{more}}]}""");
    }

    private static string[] Shown(JsonElement answer) => !answer.TryGetProperty("parameter", out var results) ? [] :
        [.. results.EnumerateArray().Where(r => r.GetProperty("name").GetString() == "result").Select(r => ShownPart(r.GetProperty("part").EnumerateArray().Last()))];

    private static string ShownPart(JsonElement part)
    {
        var value = part.EnumerateObject().Where(p => p.Name.StartsWith("value", StringComparison.Ordinal) || p.Name == "resource").Select(p => $" {p.Name}={p.Value.GetRawText()}").FirstOrDefault();
        var path = part.TryGetProperty("extension", out var extensions) ? $" at {extensions.EnumerateArray().First(e => e.GetProperty("url").GetString() == PathUrl).GetProperty("valueString").GetString()}" : "";
        return part.GetProperty("name").GetString() + value + path;
    }

    [Theory]
    [InlineData("name.given", "string valueString=\"Ana\" at Patient.name[0].given[0]", "string valueString=\"Li\" at Patient.name[0].given[1]")]
    [InlineData("name.given.count()", "integer valueInteger=2")]
    [InlineData("gender | active", "code valueCode=\"female\" at Patient.gender", "boolean valueBoolean=true at Patient.active")]
    [InlineData("birthDate", "date valueDate=\"1980-02-29\" at Patient.birthDate")]
    [InlineData("1.50 | 'a' | true", "decimal valueDecimal=1.50", "string valueString=\"a\"", "boolean valueBoolean=true")]
    [InlineData("@2020-01-01T10:00:00Z | @T10:30:00", "dateTime valueDateTime=\"2020-01-01T10:00:00Z\"", "time valueTime=\"10:30:00\"")]
    [InlineData("5 'mg' | 2 years", "Quantity valueQuantity={\"value\":5,\"unit\":\"mg\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"mg\"}", "Quantity valueQuantity={\"value\":2,\"unit\":\"years\"}")]
    [InlineData("name", "HumanName valueHumanName={\"use\":\"official\",\"family\":\"Rivera\",\"given\":[\"Ana\",\"Li\"]} at Patient.name[0]")]
    [InlineData("contact", "Patient.contact at Patient.contact[0]")]
    [InlineData("managingOrganization.resolve()", "Organization resource={\"resourceType\":\"Organization\",\"id\":\"o\",\"name\":\"Clinic\"} at Patient.contained[0]")]
    [InlineData("%resource.id", "string valueString=\"p\" at Patient.id")]
    [InlineData("name.suffix")]
    public async Task Are_answered_value_by_value(string expression, params string[] expected) => Assert.Equal(expected, Shown(await Sent(expression).Good()).Select(s => s.Replace("id valueId", "string valueString", StringComparison.Ordinal)));

    [Fact]
    public async Task Are_asked_of_each_item_of_a_context()
    {
        var answer = await Sent("$this & '!'", ",{\"name\":\"context\",\"valueString\":\"name.given\"}").Good();
        Assert.Equal(["string valueString=\"Ana!\"", "string valueString=\"Li!\""], Shown(answer));
        Assert.Equal("Patient.name[0].given[1]", answer.GetProperty("parameter")[1].GetProperty("part")[0].GetProperty("valueString").GetString());
    }

    [Fact]
    public async Task See_variables() => Assert.Equal(["boolean valueBoolean=true"],
        Shown(await Sent("%age > 40 and %other.name = 'N'", ""","{"name":"variables","part":[{"name":"age","valueInteger":46},{"name":"other","resource":{"resourceType":"Organization","name":"N"}}]}""".Replace(",\"{", ",{", StringComparison.Ordinal)).Good()));

    [Fact]
    public async Task Without_values_are_answered_without_an_empty_array()
    {
        using var answer = await Sent("name.suffix");
        Assert.Equal("{\"resourceType\":\"Parameters\"}", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient", Patient, "false")]
    [InlineData("http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient", """{"resourceType":"Patient","identifier":[{"system":"urn:x","value":"1"}],"name":[{"family":"Rivera"}],"gender":"female"}""", "true")]
    [InlineData("http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient", """{"resourceType":"Patient","identifier":[{"system":"urn:x","value":"1"}],"name":[{"family":"Rivera"}],"gender":"f"}""", "false")]
    public async Task Know_the_profiles_that_come_with_the_program(string profile, string resource, string expected) =>
        Assert.Equal([$"boolean valueBoolean={expected}"], Shown(await Sent($"conformsTo('{profile}')", resource: resource).Good()));

    [Fact]
    public async Task Pay_for_every_resource_that_a_profile_is_asked_of() =>
        Assert.Equal("too-costly", (await Sent("(1|2|3|4|5|6|7|8|9).select((1|2|3|4|5|6|7|8|9).select((1|2|3|4|5|6|7|8|9).select((1|2|3|4|5|6|7|8|9).select((1|2|3|4|5|6|7|8|9).select(%resource.conformsTo('http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient'))))))").Bad(HttpStatusCode.UnprocessableEntity)).GetProperty("code").GetString());

    [Fact]
    public async Task Need_no_resource() => Assert.Equal(["integer valueInteger=4"], Shown(await Sent("2 + 2", resource: null).Good()));

    [Fact]
    public async Task Tell_what_trace_sees()
    {
        var answer = await Sent("name.given.trace('seen').count()").Good();
        var trace = answer.GetProperty("parameter")[0];
        Assert.Equal(("trace", "seen", 3), (trace.GetProperty("name").GetString(), trace.GetProperty("part")[0].GetProperty("valueString").GetString(), trace.GetProperty("part").GetArrayLength()));
    }

    [Theory]
    [InlineData("name.", HttpStatusCode.BadRequest, "invalid", "line 1, column 6")]
    [InlineData("name.nothing()", HttpStatusCode.BadRequest, "invalid", "line 1, column 6")]
    [InlineData("name.givn", HttpStatusCode.BadRequest, "invalid", "line 1, column 6")]
    [InlineData("name.\n given.single()", HttpStatusCode.UnprocessableEntity, "processing", "line 2, column 8")]
    [InlineData("1.repeat($this + 1)", HttpStatusCode.UnprocessableEntity, "too-costly", "line 1, column 3")]
    public async Task Fail_with_the_place(string expression, HttpStatusCode status, string code, string place)
    {
        var issue = await Sent(expression).Bad(status);
        Assert.Equal((code, place, "Parameters.parameter[0].value"), (issue.GetProperty("code").GetString(), issue.GetProperty("diagnostics").GetString(), issue.GetProperty("expression")[0].GetString()));
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient"}""")]
    [InlineData("""{"resourceType":"Parameters"}""")]
    [InlineData("""{"resourceType":"Parameters","parameter":[{"name":"expression","valueString":"1"},{"name":"resource","valueString":"x"}]}""")]
    [InlineData("{")]
    public async Task Fail_without_an_expression_or_a_resource(string body) => await open.Http.Ask("POST", "$fhirpath", body).Bad(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Are_posted_not_asked_for() => await open.Http.Ask("GET", "$fhirpath").Bad(HttpStatusCode.MethodNotAllowed);

    [Fact]
    public async Task Stand_in_the_capabilities()
    {
        var rest = (await open.Http.Ask("GET", "metadata").Good()).GetProperty("rest")[0];
        Assert.Contains(rest.GetProperty("operation").EnumerateArray(), o => o.GetProperty("name").GetString() == "fhirpath");
    }
}
