using System.Net;
using System.Text;
using System.Text.Json;

namespace Personalize.Server.Tests.Rest;

public sealed class A_patch_over_http(OpenServer open) : IClassFixture<OpenServer>
{
    private const string JsonPatch = "application/json-patch+json";
    private const string Derived = "https://personalize-fhir.org/fhir/StructureDefinition/patient-";
    private readonly HttpClient _http = open.Http;

    [Fact]
    public async Task As_JSON_Patch_changes_what_it_names_and_no_other_byte()
    {
        await Put("Observation", "jp", """{"resourceType":"Observation","id":"jp", "status":"preliminary" ,"code":{"text":"caf\u00e9"},"valueQuantity":{"value":1.50}}""");
        using var patched = await Ask("Observation/jp", """[{"op":"test","path":"/status","value":"preliminary"},{"op":"replace","path":"/status","value":"final"}]""");
        Assert.Equal(HttpStatusCode.OK, patched.StatusCode);
        Assert.Equal("W/\"2\"", patched.Headers.ETag?.ToString());
        var text = await patched.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains(""", "status":"final" ,"code":{"text":"caf\u00e9"},"valueQuantity":{"value":1.50}}""", text, StringComparison.Ordinal);
    }

    private const string XmlPatch = "application/xml-patch+xml";

    [Fact]
    public async Task As_XML_Patch_changes_what_it_names()
    {
        await Put("Practitioner", "xp", """{"resourceType":"Practitioner","id":"xp","identifier":[{"system":"urn:x","value":"1"},{"system":"urn:y","value":"2"}],"active":true,"name":[{"family":"Old","given":["A","B"]}],"gender":"male"}""");
        var patched = await _http.Ask("PATCH", "Practitioner/xp", """
            <diff xmlns:f="http://hl7.org/fhir">
              <replace sel="/f:Practitioner/f:name/f:family/@value">New</replace>
              <replace sel="Practitioner/identifier[2]"><identifier><value value="3"/></identifier></replace>
              <remove sel="/Practitioner/f:name[1]/f:given[@value='A']"/>
              <add sel="/f:Practitioner/f:name" pos="after"><f:telecom><f:system value="phone"/><f:value value="1 &lt; 2"/></f:telecom></add>
              <remove sel="*/gender"/>
              <add sel="/Practitioner"><birthDate value="1960-02-03"/></add>
              <add sel="/Practitioner/active" type="@id">flag</add>
            </diff>
            """, ("Content-Type", XmlPatch)).Good();
        Assert.Equal("""[{"system":"urn:x","value":"1"},{"value":"3"}]""", patched.GetProperty("identifier").GetRawText());
        Assert.Equal("""[{"family":"New","given":["B"]}]""", patched.GetProperty("name").GetRawText());
        Assert.Equal("""[{"system":"phone","value":"1 < 2"}]""", patched.GetProperty("telecom").GetRawText());
        Assert.Equal(("1960-02-03", "flag", "2"), (patched.GetProperty("birthDate").GetString(), patched.GetProperty("_active").GetProperty("id").GetString(), patched.GetProperty("meta").GetProperty("versionId").GetString()));
        Assert.False(patched.TryGetProperty("gender", out _));
        var again = await _http.Ask("PATCH", "Practitioner?_id=xp", "<diff><remove sel='/Practitioner/birthDate'/></diff>", ("Content-Type", XmlPatch)).Good();
        Assert.False(again.TryGetProperty("birthDate", out _));
    }

    [Theory]
    [InlineData("<diff><remove sel='/Practitioner/gender'/></diff>", HttpStatusCode.UnprocessableEntity)]
    [InlineData("<diff><remove sel='/Practitioner/name'/></diff>", HttpStatusCode.UnprocessableEntity)]
    [InlineData("<diff><remove sel='/Practitioner'/></diff>", HttpStatusCode.UnprocessableEntity)]
    [InlineData("<diff><add sel='/Practitioner' pos='after'><active value='true'/></add></diff>", HttpStatusCode.UnprocessableEntity)]
    [InlineData("<diff><add sel='/Practitioner'><nonsense value='true'/></add></diff>", HttpStatusCode.BadRequest)]
    [InlineData("<diff><replace sel='/Practitioner/id/@value'>other</replace></diff>", HttpStatusCode.UnprocessableEntity)]
    [InlineData("<diff><replace sel='//name'/></diff>", HttpStatusCode.BadRequest)]
    [InlineData("<diff><remove sel='/x:Practitioner'/></diff>", HttpStatusCode.BadRequest)]
    [InlineData("<diff><remove/></diff>", HttpStatusCode.BadRequest)]
    [InlineData("<other/>", HttpStatusCode.BadRequest)]
    [InlineData("<!DOCTYPE diff [<!ENTITY a 'b'>]><diff>&a;</diff>", HttpStatusCode.BadRequest)]
    [InlineData("{}", HttpStatusCode.BadRequest)]
    public async Task As_XML_Patch_is_refused_as_a_whole(string patch, HttpStatusCode status)
    {
        await Put("Practitioner", "xr", """{"resourceType":"Practitioner","id":"xr","name":[{"family":"a"},{"family":"b"}]}""");
        await _http.Ask("PATCH", "Practitioner/xr", patch, ("Content-Type", XmlPatch)).Bad(status);
        Assert.Equal(2, (await _http.Ask("GET", "Practitioner/xr").Good()).GetProperty("name").GetArrayLength());
    }

    [Fact]
    public async Task As_FHIRPath_Patch_changes_what_it_names()
    {
        await Put("Practitioner", "fp", """{"resourceType":"Practitioner","id":"fp","name":[{"family":"Old","given":["A"]}]}""");
        var patched = await _http.Ask("PATCH", "Practitioner/fp", Operations(("replace", "Practitioner.name[0].family", "New"))).Good();
        Assert.Equal("New", patched.GetProperty("name")[0].GetProperty("family").GetString());
        Assert.Equal("2", patched.GetProperty("meta").GetProperty("versionId").GetString());
    }

    [Fact]
    public async Task Whose_result_is_refused_is_told_by_the_path_not_by_lines_that_nobody_has_seen()
    {
        await Put("Practitioner", "unseen", """{"resourceType":"Practitioner","id":"unseen","active":true}""");
        var issue = await Ask("Practitioner/unseen", """[{"op":"add","path":"/gender","value":"f"}]""").Bad(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("Practitioner.gender", issue.GetProperty("expression")[0].GetString());
        Assert.False(issue.TryGetProperty("diagnostics", out _));
        issue = await _http.Ask("PATCH", "Practitioner/unseen", Operations(("delete", "Practitioner.", null))).Bad(HttpStatusCode.BadRequest);
        Assert.Equal("line 1, column 14", issue.GetProperty("diagnostics").GetString());
    }

    [Fact]
    public async Task Is_done_as_a_whole_or_not_at_all()
    {
        await Put("Practitioner", "whole", """{"resourceType":"Practitioner","id":"whole","active":true}""");
        var issue = await Ask("Practitioner/whole", """[{"op":"replace","path":"/active","value":false},{"op":"remove","path":"/gender"}]""").Bad(HttpStatusCode.UnprocessableEntity);
        Assert.StartsWith("Operation 1 (remove)", issue.GetProperty("details").GetProperty("text").GetString(), StringComparison.Ordinal);
        issue = await _http.Ask("PATCH", "Practitioner/whole", Operations(("delete", "Practitioner.active", null), ("replace", "Practitioner.name", "x"))).Bad(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("Parameters.parameter[1]", issue.GetProperty("expression")[0].GetString());
        Assert.Equal("1", (await _http.Ask("GET", "Practitioner/whole").Good()).GetProperty("meta").GetProperty("versionId").GetString());
    }

    [Theory]
    [InlineData("""[{"op":"add","path":"/gender","value":"nonsense"}]""")]
    [InlineData("""[{"op":"add","path":"/nonsense","value":1}]""")]
    [InlineData("""[{"op":"replace","path":"/id","value":"other"}]""")]
    [InlineData("""[{"op":"replace","path":"/resourceType","value":"Person"}]""")]
    public async Task Whose_result_is_not_valid_is_refused(string patch)
    {
        await Put("Practitioner", "valid", """{"resourceType":"Practitioner","id":"valid"}""");
        using var response = await Ask("Practitioner/valid", patch);
        Assert.InRange((int)response.StatusCode, 400, 422);
        Assert.Equal("1", (await _http.Ask("GET", "Practitioner/valid").Good()).GetProperty("meta").GetProperty("versionId").GetString());
    }

    [Fact]
    public async Task Is_done_only_on_the_version_that_was_named()
    {
        await Put("Practitioner", "named", """{"resourceType":"Practitioner","id":"named","active":true}""");
        const string Patch = """[{"op":"replace","path":"/active","value":false}]""";
        await Ask("Practitioner/named", Patch, ("If-Match", "W/\"9\"")).Bad(HttpStatusCode.PreconditionFailed);
        await Ask("Practitioner/named", Patch, ("If-Match", "W/\"1\"")).Good();
        await Ask("Practitioner/named", Patch, ("If-Match", "W/\"1\"")).Bad(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task Of_what_is_not_there_is_refused()
    {
        await Ask("Practitioner/absent", "[]").Bad(HttpStatusCode.NotFound);
        await Ask("Practitioner/absent", "{}").Bad(HttpStatusCode.NotFound);
        await _http.Ask("PATCH", "Practitioner/absent", """{"resourceType":"Patient"}""").Bad(HttpStatusCode.BadRequest);
        await _http.Ask("PATCH", "Practitioner/absent", "<diff/>", ("Content-Type", XmlPatch)).Bad(HttpStatusCode.NotFound);
        await _http.Ask("PUT", "Practitioner/absent", "[]", ("Content-Type", JsonPatch)).Bad(HttpStatusCode.UnsupportedMediaType);
        await _http.Ask("PUT", "Practitioner/absent", "<diff/>", ("Content-Type", XmlPatch)).Bad(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Leaves_what_the_engine_wrote_as_it_is()
    {
        await Put("Patient", "derived", """{"resourceType":"Patient","id":"derived","birthDate":"1940-01-01","gender":"female"}""");
        await open.Server.AtRest();
        var before = Extensions(await _http.Ask("GET", "Patient/derived").Good());
        Assert.NotEmpty(before);
        var patched = await Ask("Patient/derived", """[{"op":"remove","path":"/extension"},{"op":"add","path":"/active","value":true}]""", ("If-Match", "W/\"1\"")).Good();
        Assert.Equal(before, Extensions(patched));
        Assert.True(patched.GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task Stands_in_a_bundle_as_parameters_or_as_binary()
    {
        await Put("Practitioner", "b1", """{"resourceType":"Practitioner","id":"b1","active":true}""");
        await Put("Practitioner", "b2", """{"resourceType":"Practitioner","id":"b2","active":true}""");
        var binary = $$"""{"resourceType":"Binary","contentType":"{{JsonPatch}}","data":"{{Convert.ToBase64String("""[{"op":"replace","path":"/active","value":false}]"""u8)}}"}""";
        var deletion = Operations(("delete", "Practitioner.active", null));
        var bundle = $$"""
            {"resourceType":"Bundle","type":"transaction","entry":[
             {"resource":{{binary}},"request":{"method":"PATCH","url":"Practitioner/b1"} },
             {"resource":{{deletion}},"request":{"method":"PATCH","url":"Practitioner/b2","ifMatch":"W/\"1\"" } } ]}
            """;
        Assert.Equal(["200", "200"], (await _http.Ask("POST", "", bundle).Good()).Entries().Select(e => e.GetProperty("response").GetProperty("status").GetString()![..3]));
        Assert.False((await _http.Ask("GET", "Practitioner/b1").Good()).GetProperty("active").GetBoolean());
        Assert.False((await _http.Ask("GET", "Practitioner/b2").Good()).TryGetProperty("active", out _));
        var again = await _http.Ask("POST", "", bundle).Bad(HttpStatusCode.PreconditionFailed);
        Assert.Contains("Bundle.entry[1]", again.GetProperty("details").GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_done_on_the_one_that_a_search_finds()
    {
        await Put("Practitioner", "c1", """{"resourceType":"Practitioner","id":"c1","identifier":[{"system":"urn:patched","value":"one"},{"system":"urn:patched","value":"both"}],"active":true}""");
        await Put("Practitioner", "c2", """{"resourceType":"Practitioner","id":"c2","identifier":[{"system":"urn:patched","value":"two"},{"system":"urn:patched","value":"both"}],"active":true}""");
        const string Patch = """[{"op":"replace","path":"/active","value":false}]""";
        Assert.Equal("c1", (await Ask("Practitioner?identifier=urn:patched|one", Patch).Good()).GetProperty("id").GetString());
        Assert.Equal("c2", (await _http.Ask("PATCH", "Practitioner?identifier=urn:patched|two", Operations(("delete", "Practitioner.active", null)), ("If-Match", "W/\"1\"")).Good()).GetProperty("id").GetString());
        await Ask("Practitioner?identifier=urn:patched|none", Patch).Bad(HttpStatusCode.NotFound);
        await Ask("Practitioner?identifier=urn:patched|both", Patch).Bad(HttpStatusCode.PreconditionFailed);
        await Ask("Practitioner?identifier=urn:patched|one", Patch, ("If-Match", "W/\"1\"")).Bad(HttpStatusCode.PreconditionFailed);
        await Ask("Practitioner?_format=json", Patch).Bad(HttpStatusCode.BadRequest);
        await Ask("Practitioner?nonsense=1", Patch).Bad(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Of_many_at_once_loses_none()
    {
        await Put("Person", "raced", """{"resourceType":"Person","id":"raced","telecom":[{"value":"0"}]}""");
        var sent = Enumerable.Range(1, 4).Select(async at =>
        {
            using var response = await Ask("Person/raced", $$"""[{"op":"add","path":"/telecom/-","value":{"value":"{{at}}"} }]""");
            return response.StatusCode;
        });
        Assert.All(await Task.WhenAll(sent), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(5, (await _http.Ask("GET", "Person/raced").Good()).GetProperty("telecom").GetArrayLength());
    }

    private async Task Put(string type, string id, string json) => (await _http.Ask("PUT", $"{type}/{id}", json)).EnsureSuccessStatusCode();

    private Task<HttpResponseMessage> Ask(string path, string patch, params (string Name, string Value)[] headers) =>
        _http.Ask("PATCH", path, Encoding.UTF8.GetBytes(patch), [("Content-Type", JsonPatch), .. headers]);

    private static string Operations(params (string Type, string Path, string? Value)[] operations) => JsonSerializer.Serialize(new
    {
        resourceType = "Parameters",
        parameter = operations.Select(o => new
        {
            name = "operation",
            part = new[] { Part("type", "valueCode", o.Type), Part("path", "valueString", o.Path), Part("value", "valueString", o.Value) }.Where(p => p.Count > 1),
        }),
    });

    private static Dictionary<string, string> Part(string name, string key, string? value)
    {
        var part = new Dictionary<string, string> { ["name"] = name };
        if (value is not null)
            part[key] = value;
        return part;
    }

    private static string[] Extensions(JsonElement patient) =>
        [.. patient.GetProperty("extension").EnumerateArray().Where(e => e.GetProperty("url").GetString()!.StartsWith(Derived, StringComparison.Ordinal)).Select(e => e.GetRawText())];
}
