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
        Assert.Equal("inpatient acute", Part(code, "display").GetProperty("valueString").GetString());
        var ours = await _http.Ask("POST", "CodeSystem/$lookup", $$"""{"resourceType":"Parameters","parameter":[{"name":"coding","valueCoding":{"system":"{{Ours}}/CodeSystem/channel","code":"sms"} } ]}""").Good();
        Assert.NotEmpty(Part(ours, "display").GetProperty("valueString").GetString()!);
    }

    [Fact]
    public async Task Takes_the_stored_version_that_is_named_and_else_the_one_that_was_stored_last()
    {
        const string Url = "urn:a,b$c%5Cset";
        await PutSet("w-2", "urn:a,b$c\\set", "2", "x", "y");
        await PutSet("w-1", "urn:a,b$c\\set", "1", "x");
        Assert.Equal(["x"], Codes(await _http.Ask("GET", $"ValueSet/$expand?url={Url}").Good()));
        var second = await _http.Ask("GET", $"ValueSet/$expand?url={Url}|2").Good();
        Assert.Equal(("x,y", "2"), (string.Join(',', Codes(second)), second.GetProperty("version").GetString()));
        Assert.Equal(["x", "y"], Codes(await _http.Ask("GET", $"ValueSet/$expand?url={Url}&valueSetVersion=2").Good()));
        Assert.True(Result(await _http.Ask("GET", $"ValueSet/$validate-code?url={Url}|2&system=urn:x&code=y").Good()));
        Assert.False(Result(await _http.Ask("GET", $"ValueSet/$validate-code?url={Url}|1&system=urn:x&code=y").Good()));
        await _http.Ask("GET", $"ValueSet/$expand?url={Url}|3").Bad(HttpStatusCode.NotFound);
        await PutSet("w-2", "urn:a,b$c\\set", "2", "x", "y", "z");
        Assert.Equal(["x", "y", "z"], Codes(await _http.Ask("GET", $"ValueSet/$expand?url={Url}").Good()));
    }

    [Fact]
    public async Task Says_which_language_it_speaks()
    {
        var english = await _http.Ask("GET", $"ValueSet/$expand?url={Gender}&displayLanguage=en").Good();
        Assert.Equal(("displayLanguage", "en"), (Note(english, "name"), Note(english, "valueCode")));
        var german = await _http.Ask("GET", $"ValueSet/$expand?url={Gender}&displayLanguage=de&activeOnly=true").Good();
        Assert.Equal("Male", german.GetProperty("expansion").GetProperty("contains")[0].GetProperty("display").GetString());
        Assert.Contains(german.GetProperty("expansion").GetProperty("parameter").EnumerateArray(), p => p.GetProperty("name").GetString() == "warning");
        Assert.Contains("language", Part(await _http.Ask("GET", $"CodeSystem/$validate-code?url={GenderSystem}&code=male&displayLanguage=de").Good(), "message").GetProperty("valueString").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_used_by_searches_as_it_is_stored_now()
    {
        (await _http.Ask("PUT", "Observation/t1", """{"resourceType":"Observation","id":"t1","status":"final","code":{"coding":[{"system":"urn:tones","code":"do"}]}}""")).EnsureSuccessStatusCode();
        (await _http.Ask("PUT", "Observation/t2", """{"resourceType":"Observation","id":"t2","status":"final","code":{"coding":[{"system":"urn:tones","code":"re"}]}}""")).EnsureSuccessStatusCode();
        const string Search = "Observation?_id=t1,t2&code:in=urn:tone-set";
        Assert.Equal("not-found", (await _http.Ask("GET", Search).Bad(HttpStatusCode.BadRequest)).GetProperty("code").GetString());
        await PutSet("tones", "urn:tone-set", "1", "urn:tones", ["do"]);
        Assert.Equal(["t1"], (await _http.Ask("GET", Search).Good()).Ids());
        Assert.Equal(["t2"], (await _http.Ask("GET", "Observation?_id=t1,t2&code:not-in=urn:tone-set").Good()).Ids());
        await PutSet("tones", "urn:tone-set", "1", "urn:tones", ["re"]);
        Assert.Equal(["t2"], (await _http.Ask("GET", Search).Good()).Ids());
        await PutSet("tones-2", "urn:tone-set", "2", "urn:tones", ["do", "re"]);
        Assert.Equal(["t1", "t2"], (await _http.Ask("GET", Search).Good()).Ids().Order());
        Assert.Equal(["t2"], (await _http.Ask("GET", Search + "|1").Good()).Ids());
        (await _http.Ask("PUT", "CodeSystem/tones", """{"resourceType":"CodeSystem","id":"tones","url":"urn:tones","status":"active","content":"complete","concept":[{"code":"do","concept":[{"code":"re"}]}]}""")).EnsureSuccessStatusCode();
        Assert.Equal(["t1", "t2"], (await _http.Ask("GET", "Observation?_id=t1,t2&code:below=urn:tones|do").Good()).Ids().Order());
        Assert.Equal(["t1"], (await _http.Ask("GET", "Observation?_id=t1,t2&code:above=urn:tones|do").Good()).Ids());
    }

    [Fact]
    public async Task Means_on_later_pages_of_a_search_what_it_meant_on_the_first()
    {
        foreach (var (id, code) in new[] { ("p1", "mi"), ("p2", "fa"), ("p3", "mi"), ("p4", "fa") })
            (await _http.Ask("PUT", $"Observation/{id}", $$"""{"resourceType":"Observation","id":"{{id}}","status":"final","code":{"coding":[{"system":"urn:pitches","code":"{{code}}"}]} }""")).EnsureSuccessStatusCode();
        await PutSet("pitches", "urn:pitch-set", "1", "urn:pitches", ["mi"]);
        var first = await _http.Ask("GET", "Observation?code:in=urn:pitch-set&_count=1").Good();
        await PutSet("pitches", "urn:pitch-set", "1", "urn:pitches", ["fa"]);
        var second = await _http.Ask("GET", first.Link("next")!).Good();
        Assert.Equal(["p1", "p3"], first.Ids().Concat(second.Ids()));
        Assert.Null(second.Link("next"));
        Assert.Equal(["p2", "p4"], (await _http.Ask("GET", "Observation?code:in=urn:pitch-set").Good()).Ids());
    }

    private Task PutSet(string id, string url, string version, params string[] codes) => PutSet(id, url, version, "urn:x", codes);

    private async Task PutSet(string id, string url, string version, string system, string[] codes) =>
        (await _http.Ask("PUT", $"ValueSet/{id}", JsonSerializer.Serialize(new { resourceType = "ValueSet", id, url, version, status = "active", compose = new { include = new[] { new { system, concept = codes.Select(code => new { code }) } } } }))).EnsureSuccessStatusCode();

    private static string? Note(JsonElement set, string member) => set.GetProperty("expansion").GetProperty("parameter")[0].GetProperty(member).GetString();

    [Theory]
    [InlineData("ValueSet/$expand?url=urn:nothing", HttpStatusCode.NotFound, "not-found")]
    [InlineData("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/condition-code", HttpStatusCode.UnprocessableEntity, "not-supported")]
    [InlineData("ValueSet/$expand", HttpStatusCode.BadRequest, "required")]
    [InlineData($"ValueSet/$expand?url={Gender}&count=many", HttpStatusCode.BadRequest, "invalid")]
    [InlineData($"ValueSet/$expand?url={Gender}&includeDesignations=true", HttpStatusCode.BadRequest, "not-supported")]
    [InlineData($"ValueSet/$expand?url={Gender}&activeOnly=perhaps", HttpStatusCode.BadRequest, "invalid")]
    [InlineData($"ValueSet/$expand?url={Gender}|3.0.2", HttpStatusCode.NotFound, "not-found")]
    [InlineData($"ValueSet/$validate-code?url={Gender}&valueSetVersion=3.0.2&code=male", HttpStatusCode.NotFound, "not-found")]
    [InlineData($"CodeSystem/$lookup?system={GenderSystem}&version=3.0.2&code=male", HttpStatusCode.UnprocessableEntity, "not-supported")]
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
