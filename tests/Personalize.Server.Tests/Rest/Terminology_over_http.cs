using System.Net;
using System.Text.Json;

namespace Personalize.Server.Tests.Rest;

public sealed class Terminology_over_http(OpenServer open) : IClassFixture<OpenServer>
{
    private const string Gender = "http://hl7.org/fhir/ValueSet/administrative-gender";
    private const string GenderSystem = "http://hl7.org/fhir/administrative-gender";
    private const string Ours = "https://personalize-fhir.org/fhir";
    private readonly HttpClient _http = open.Http;

    [Fact]
    public async Task Expands_what_comes_with_R4_and_what_is_stored()
    {
        var gender = await _http.Ask("GET", $"ValueSet/$expand?url={Gender}&offset=1&count=2").Good();
        Assert.Equal("ValueSet", gender.GetProperty("resourceType").GetString());
        Assert.Equal((4, 1), (gender.GetProperty("expansion").GetProperty("total").GetInt32(), gender.GetProperty("expansion").GetProperty("offset").GetInt32()));
        Assert.Equal(["female", "other"], Codes(gender));
        var segments = await _http.Ask("POST", "ValueSet/$expand", $$"""{"resourceType":"Parameters","parameter":[{"name":"url","valueUri":"{{Ours}}/ValueSet/segment"}]}""").Good();
        Assert.NotEmpty(Codes(segments));
        Assert.All(segments.GetProperty("expansion").GetProperty("contains").EnumerateArray(), code => Assert.True(code.TryGetProperty("display", out _)));
    }

    [Fact]
    public async Task Expands_a_value_set_by_its_id()
    {
        await _http.Ask("PUT", "CodeSystem/colours", """{"resourceType":"CodeSystem","id":"colours","url":"urn:colours","status":"active","content":"complete","concept":[{"code":"red","display":"Red","concept":[{"code":"pink"}]},{"code":"blue","display":"Blue"}]}""").Good(HttpStatusCode.Created);
        await _http.Ask("PUT", "ValueSet/colours", """{"resourceType":"ValueSet","id":"colours","url":"urn:colours-set","status":"active","compose":{"include":[{"system":"urn:colours"}]}}""").Good(HttpStatusCode.Created);
        Assert.Equal(["red", "pink", "blue"], Codes(await _http.Ask("GET", "ValueSet/colours/$expand").Good()));
        Assert.Equal(["blue"], Codes(await _http.Ask("GET", "ValueSet/colours/$expand?filter=BLU").Good()));
        Assert.True(Result(await _http.Ask("GET", "ValueSet/colours/$validate-code?system=urn:colours&code=pink").Good()));
        Assert.False(Result(await _http.Ask("GET", "CodeSystem/colours/$validate-code?code=green").Good()));
        Assert.Equal("subsumes", Part(await _http.Ask("GET", "CodeSystem/colours/$subsumes?codeA=red&codeB=pink").Good(), "outcome").GetProperty("valueCode").GetString());
        Assert.Equal("not-subsumed", Part(await _http.Ask("GET", "CodeSystem/$subsumes?system=urn:colours&codeA=red&codeB=blue").Good(), "outcome").GetProperty("valueCode").GetString());
    }

    [Fact]
    public async Task Expands_a_value_set_that_is_posted()
    {
        static string Posted(string more) => $$"""{"resourceType":"Parameters","parameter":[{"name":"valueSet","resource":{"resourceType":"ValueSet",{{more}}"status":"draft","compose":{"include":[{"system":"{{GenderSystem}}","concept":[{"code":"other"},{"code":"male"}]}] } } },{"name":"filter","valueString":"oth"}]}""";
        Assert.Equal(["other"], Codes(await _http.Ask("POST", "ValueSet/$expand", Posted("\"url\":\"urn:posted\",")).Good()));
        Assert.Equal("Parameters.parameter[0].resource", (await _http.Ask("POST", "ValueSet/$expand", Posted("")).Bad(HttpStatusCode.BadRequest)).GetProperty("expression")[0].GetString());
        await _http.Ask("GET", "ValueSet/$expand?url=urn:posted").Bad(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Judges_codes_and_codings()
    {
        Assert.True(Result(await _http.Ask("GET", $"ValueSet/$validate-code?url={Gender}&system={GenderSystem}&code=male").Good()));
        Assert.False(Result(await _http.Ask("GET", $"ValueSet/$validate-code?url={Gender}&system={GenderSystem}&code=m").Good()));
        var concept = $$"""{"resourceType":"Parameters","parameter":[{"name":"url","valueUri":"{{Gender}}"},{"name":"codeableConcept","valueCodeableConcept":{"coding":[{"system":"urn:x","code":"1"},{"system":"{{GenderSystem}}","code":"other"}]} } ]}""";
        Assert.True(Result(await _http.Ask("POST", "ValueSet/$validate-code", concept).Good()));
        Assert.True(Result(await _http.Ask("GET", $"CodeSystem/$validate-code?url={GenderSystem}&code=male").Good()));
    }

    [Fact]
    public async Task Looks_codes_up()
    {
        var code = await _http.Ask("GET", "CodeSystem/$lookup?system=http://terminology.hl7.org/CodeSystem/v3-ActCode&code=ACUTE").Good();
        Assert.Equal("http://terminology.hl7.org/CodeSystem/v3-ActCode", Part(code, "name").GetProperty("valueString").GetString());
        Assert.Equal("IMP", Part(code, "property").GetProperty("part").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "value").GetProperty("valueCode").GetString());
        Assert.DoesNotContain(code.GetProperty("parameter").EnumerateArray(), p => p.GetProperty("name").GetString() == "display");
        var ours = await _http.Ask("POST", "CodeSystem/$lookup", $$"""{"resourceType":"Parameters","parameter":[{"name":"coding","valueCoding":{"system":"{{Ours}}/CodeSystem/channel","code":"sms"} } ]}""").Good();
        Assert.NotEmpty(Part(ours, "display").GetProperty("valueString").GetString()!);
    }

    [Theory]
    [InlineData("ValueSet/$expand?url=urn:nothing", HttpStatusCode.NotFound, "not-found")]
    [InlineData("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/condition-code", HttpStatusCode.UnprocessableEntity, "not-supported")]
    [InlineData("ValueSet/$expand", HttpStatusCode.BadRequest, "required")]
    [InlineData($"ValueSet/$expand?url={Gender}&count=many", HttpStatusCode.BadRequest, "invalid")]
    [InlineData($"ValueSet/$expand?url={Gender}&displayLanguage=de", HttpStatusCode.BadRequest, "not-supported")]
    [InlineData("ValueSet/nobody/$expand", HttpStatusCode.NotFound, "not-found")]
    [InlineData($"ValueSet/$validate-code?url={Gender}", HttpStatusCode.BadRequest, "required")]
    [InlineData("CodeSystem/$validate-code?url=http://snomed.info/sct&code=1", HttpStatusCode.UnprocessableEntity, "not-supported")]
    [InlineData("CodeSystem/$lookup?system=http://snomed.info/sct&code=1", HttpStatusCode.UnprocessableEntity, "not-supported")]
    [InlineData($"CodeSystem/$lookup?system={GenderSystem}&code=m", HttpStatusCode.NotFound, "not-found")]
    [InlineData("CodeSystem/$subsumes?system=http://snomed.info/sct&codeA=1&codeB=2", HttpStatusCode.UnprocessableEntity, "not-supported")]
    [InlineData("CodeSystem/$subsumes?codeA=1&codeB=2", HttpStatusCode.BadRequest, "required")]
    public async Task Says_what_it_does_not_know_and_does_not_guess(string path, HttpStatusCode status, string code) =>
        Assert.Equal(code, (await _http.Ask("GET", path).Bad(status)).GetProperty("code").GetString());

    private static string[] Codes(JsonElement set) => [.. set.GetProperty("expansion").GetProperty("contains").EnumerateArray().Select(c => c.GetProperty("code").GetString()!)];

    private static bool Result(JsonElement parameters) => Part(parameters, "result").GetProperty("valueBoolean").GetBoolean();

    private static JsonElement Part(JsonElement parameters, string name) => parameters.GetProperty("parameter").EnumerateArray().First(p => p.GetProperty("name").GetString() == name);
}
