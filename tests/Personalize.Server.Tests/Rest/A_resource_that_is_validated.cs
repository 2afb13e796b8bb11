using System.Net;
using System.Text.Json;

namespace Personalize.Server.Tests.Rest;

public sealed class A_resource_that_is_validated(OpenServer open) : IClassFixture<OpenServer>
{
    private const string UsCorePatient = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";
    private const string Plain = "{\"resourceType\":\"Patient\",\"id\":\"v1\",\n \"gender\":\"female\"}";

    private static string[] Errors(JsonElement outcome) =>
    [
        .. outcome.GetProperty("issue").EnumerateArray().Where(i => i.GetProperty("severity").GetString() == "error")
            .Select(i => $"{i.GetProperty("code").GetString()} {i.GetProperty("expression")[0].GetString()} {i.GetProperty("diagnostics").GetString()}"),
    ];

    private Task<JsonElement> Validated(string path, string body) => open.Http.Ask("POST", path, body).Good();

    [Theory]
    [InlineData("Patient/$validate")]
    [InlineData("Resource/$validate")]
    [InlineData("Patient/v1/$validate?mode=update")]
    public async Task Is_told_to_be_sound(string path) => Assert.Empty(Errors(await Validated(path, Plain)));

    [Fact]
    public async Task Is_judged_by_the_profile_in_the_query() =>
        Assert.Equal(["required Patient.identifier line 1, column 1", "required Patient.name line 1, column 1"], Errors(await Validated($"Patient/$validate?profile={UsCorePatient}", Plain)));

    [Fact]
    public async Task Is_judged_by_the_profile_in_the_parameters_and_placed_in_the_body()
    {
        var body = $$"""
            {"resourceType":"Parameters","parameter":[{"name":"profile","valueUri":"{{UsCorePatient}}"},
             {"name":"resource","resource":{"resourceType":"Patient","identifier":[{"system":"urn:x","value":"1"}],
              "name":[{"family":"Rivera"}],"gender":"f"} }]}
            """.ReplaceLineEndings("\n");
        Assert.Equal(["code-invalid Patient.gender line 3, column 41"], Errors(await Validated("Patient/$validate", body)));
    }

    [Theory]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\">\n <name>\n  <family value=\"Rivera\"/></name>\n <gender value=\"f\"/></Patient>", "code-invalid Patient.gender line 4, column 3")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\">\n <contact>\n  <gender value=\"male\"/></contact>\n</Patient>", "invariant Patient.contact[0] line 2, column 3")]
    [InlineData("<Parameters xmlns=\"http://hl7.org/fhir\"><parameter><name value=\"resource\"/><resource>\n <Patient>\n  <birthDate value=\"yesterday\"/></Patient></resource></parameter></Parameters>", "value Patient.birthDate line 3, column 4")]
    public async Task Is_placed_in_the_XML_that_was_posted(string xml, string error)
    {
        using var response = await open.Http.Ask("POST", "Patient/$validate", System.Text.Encoding.UTF8.GetBytes(xml), ("Content-Type", "application/fhir+xml"));
        Assert.Equal([error], Errors(await response.Json()));
    }

    [Fact]
    public async Task Is_the_stored_one_when_parameters_name_a_profile_alone()
    {
        await open.Http.Ask("PUT", "Patient/v3", "{\"resourceType\":\"Patient\",\"id\":\"v3\",\"gender\":\"female\"}").Good(HttpStatusCode.Created);
        var body = $$"""{"resourceType":"Parameters","parameter":[{"name":"mode","valueCode":"profile"},{"name":"profile","valueUri":"{{UsCorePatient}}"}]}""";
        Assert.Contains(Errors(await Validated("Patient/v3/$validate", body)), e => e.StartsWith("required Patient.identifier", StringComparison.Ordinal));
        Assert.Empty(Errors(await Validated("Patient/v3/$validate", """{"resourceType":"Parameters","parameter":[{"name":"mode","valueCode":"delete"}]}""")));
        Assert.Equal("The parameter resource is missing.", (await open.Http.Ask("POST", "Patient/$validate", body).Bad(HttpStatusCode.BadRequest)).GetProperty("details").GetProperty("text").GetString());
    }

    [Fact]
    public async Task Is_judged_by_the_profiles_that_it_names() =>
        Assert.Contains("required Patient.name line 1, column 1", Errors(await Validated("Resource/$validate", $$"""{"resourceType":"Patient","meta":{"profile":["{{UsCorePatient}}"]},"gender":"female"}""")));

    [Fact]
    public async Task Is_judged_by_a_profile_that_is_stored()
    {
        const string Url = "https://example.test/StructureDefinition/named-patient";
        const string Profile = $$"""
            {"resourceType":"StructureDefinition","id":"named-patient","url":"{{Url}}","name":"Named","status":"active","kind":"resource","abstract":false,"type":"Patient",
             "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint",
             "differential":{"element":[{"id":"Patient","path":"Patient"},{"id":"Patient.birthDate","path":"Patient.birthDate","min":1}]} }
            """;
        using var stored = await open.Http.Ask("PUT", "StructureDefinition/named-patient", Profile);
        Assert.True(stored.IsSuccessStatusCode);
        Assert.Equal(["required Patient.birthDate line 1, column 1"], Errors(await Validated($"Patient/$validate?profile={Url}", Plain)));
    }

    [Fact]
    public async Task Is_judged_by_value_sets_and_code_systems_that_are_stored()
    {
        const string Profile = """
            {"resourceType":"StructureDefinition","id":"bound","url":"https://example.test/StructureDefinition/bound","version":"1","name":"Bound","status":"active","kind":"resource","abstract":false,
             "type":"Basic","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Basic","derivation":"constraint",
             "differential":{"element":[{"id":"Basic","path":"Basic"},{"id":"Basic.code","path":"Basic.code","binding":{"strength":"required","valueSet":"https://example.test/ValueSet/bound|1"}}]} }
            """;
        static string Set(string id, string version, string code) => $$"""{"resourceType":"ValueSet","id":"{{id}}","url":"https://example.test/ValueSet/bound","version":"{{version}}","status":"active","compose":{"include":[{"system":"https://example.test/CodeSystem/bound","concept":[{"code":"{{code}}"}]}]} }""";
        static string Basic(string code, string profile) => $$"""{"resourceType":"Basic","meta":{"profile":["https://example.test/StructureDefinition/bound{{profile}}"]},"code":{"coding":[{"system":"https://example.test/CodeSystem/bound","code":"{{code}}"}]} }""";
        (await open.Http.Ask("PUT", "StructureDefinition/bound", Profile)).EnsureSuccessStatusCode();
        (await open.Http.Ask("PUT", "ValueSet/bound-1", Set("bound-1", "1", "a"))).EnsureSuccessStatusCode();
        (await open.Http.Ask("PUT", "ValueSet/bound-2", Set("bound-2", "2", "b"))).EnsureSuccessStatusCode();
        Assert.Empty(Errors(await Validated("Basic/$validate", Basic("a", ""))));
        Assert.StartsWith("code-invalid Basic.code ", Assert.Single(Errors(await Validated("Basic/$validate", Basic("b", "|1")))), StringComparison.Ordinal);
        // Another version of the profile takes the newest of the set.
        (await open.Http.Ask("PUT", "StructureDefinition/bound-2", Profile.Replace("\"id\":\"bound\"", "\"id\":\"bound-2\"", StringComparison.Ordinal).Replace("\"version\":\"1\"", "\"version\":\"2\"", StringComparison.Ordinal).Replace("bound|1", "bound", StringComparison.Ordinal))).EnsureSuccessStatusCode();
        Assert.Empty(Errors(await Validated("Basic/$validate", Basic("b", "|2"))));
        Assert.Empty(Errors(await Validated("Basic/$validate", Basic("b", ""))));
        Assert.NotEmpty(Errors(await Validated("Basic/$validate", Basic("b", "|1"))));
        (await open.Http.Ask("PUT", "CodeSystem/bound", """{"resourceType":"CodeSystem","id":"bound","url":"https://example.test/CodeSystem/bound","status":"active","content":"complete","concept":[{"code":"a"}]}""")).EnsureSuccessStatusCode();
        Assert.Contains(Errors(await Validated("Basic/$validate", Basic("b", "|2"))), e => e.StartsWith("code-invalid Basic.code.coding[0] ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Is_asked_by_expressions_about_definitions_that_are_stored()
    {
        (await open.Http.Ask("PUT", "ValueSet/asked", """{"resourceType":"ValueSet","id":"asked","url":"https://example.test/ValueSet/asked","status":"active","compose":{"include":[{"system":"urn:x","concept":[{"code":"a"}]}]}}""")).EnsureSuccessStatusCode();
        (await open.Http.Ask("PUT", "StructureDefinition/asked", """{"resourceType":"StructureDefinition","id":"asked","url":"https://example.test/StructureDefinition/asked","name":"Asked","status":"active","kind":"resource","abstract":false,"type":"Basic","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Basic","derivation":"constraint","differential":{"element":[{"id":"Basic.author","path":"Basic.author","min":1}]}}""")).EnsureSuccessStatusCode();
        async Task<bool> Asked(string expression) => (await open.Http.Ask("POST", "$fhirpath", JsonSerializer.Serialize(new { resourceType = "Parameters", parameter = new object[] { new { name = "expression", valueString = expression }, new { name = "resource", resource = new { resourceType = "Basic", code = new { coding = new[] { new { system = "urn:x", code = "a" } } } } } } })).Good())
            .GetProperty("parameter")[0].GetProperty("part")[0].GetProperty("valueBoolean").GetBoolean();
        Assert.True(await Asked("code.memberOf('https://example.test/ValueSet/asked')"));
        Assert.False(await Asked("conformsTo('https://example.test/StructureDefinition/asked')"));
    }

    [Fact]
    public async Task Is_judged_beside_a_questionnaire_that_is_stored()
    {
        const string Questionnaire = """{"resourceType":"Questionnaire","id":"q","url":"https://example.test/Questionnaire/q","status":"active","item":[{"linkId":"1","type":"boolean","required":true}]}""";
        using var stored = await open.Http.Ask("PUT", "Questionnaire/q", Questionnaire);
        Assert.True(stored.IsSuccessStatusCode);
        const string Response = """{"resourceType":"QuestionnaireResponse","questionnaire":"https://example.test/Questionnaire/q","status":"completed","item":[{"linkId":"1","answer":[{"valueString":"yes"}]}]}""";
        Assert.Contains(Errors(await Validated("QuestionnaireResponse/$validate", Response)), e => e.StartsWith("structure QuestionnaireResponse.item[0].answer[0].value", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Is_the_one_that_is_stored_when_none_is_posted()
    {
        using var stored = await open.Http.Ask("PUT", "Patient/v2", """{"resourceType":"Patient","id":"v2","gender":"female"}""");
        Assert.True(stored.IsSuccessStatusCode);
        Assert.Contains("required Patient.name line 1, column 1", Errors(await open.Http.Ask("GET", $"Patient/v2/$validate?profile={UsCorePatient}").Good()));
    }

    [Fact]
    public async Task Needs_an_id_to_replace_another_and_nothing_to_be_deleted()
    {
        Assert.Equal(["required Patient.id line 1, column 1"], Errors(await Validated("Patient/$validate?mode=update", """{"resourceType":"Patient"}""")));
        Assert.Empty(Errors(await Validated("Patient/$validate?mode=delete", """{"resourceType":"Patient","gender":"x"}""")));
    }

    [Theory]
    [InlineData("Patient/$validate", "{\"resourceType\":\"Observation\"}")]
    [InlineData("Patient/$validate?mode=maybe", "{\"resourceType\":\"Patient\"}")]
    [InlineData("Patient/$validate?other=1", "{\"resourceType\":\"Patient\"}")]
    [InlineData("Patient/$validate", "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"mode\",\"valueCode\":\"create\"}]}")]
    public async Task Is_refused_when_the_question_makes_no_sense(string path, string body)
    {
        using var response = await open.Http.Ask("POST", path, body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Is_not_stored()
    {
        await Validated("Patient/$validate", """{"resourceType":"Patient","id":"never"}""");
        using var read = await open.Http.Ask("GET", "Patient/never");
        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
    }

    [Fact]
    public async Task Is_offered_in_the_capability_statement()
    {
        var types = (await open.Http.Ask("GET", "metadata").Good()).GetProperty("rest")[0].GetProperty("resource").EnumerateArray();
        Assert.All(types, type => Assert.Single(type.GetProperty("operation").EnumerateArray(), o => o.GetProperty("name").GetString() == "validate" && o.GetProperty("definition").GetString() == "http://hl7.org/fhir/OperationDefinition/Resource-validate"));
    }
}
