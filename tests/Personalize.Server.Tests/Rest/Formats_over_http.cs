using System.Net;
using System.Text;
using System.Text.Json;

namespace Personalize.Server.Tests.Rest;

public sealed class Formats_over_http(OpenServer open) : IClassFixture<OpenServer>
{
    private const string Xml = "application/fhir+xml";
    private readonly HttpClient _http = open.Http;

    [Fact]
    public async Task Take_and_give_XML_without_loss()
    {
        const string Observation = """<Observation xmlns="http://hl7.org/fhir"><id value="x1"/><status value="final"/><code><text value="a &amp; b"/></code><valueQuantity><value value="1.50"/></valueQuantity></Observation>""";
        using var created = await _http.Ask("PUT", "Observation/x1", Encoding.UTF8.GetBytes(Observation), ("Content-Type", Xml), ("Accept", Xml));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(Xml, created.Content.Headers.ContentType?.MediaType);
        var text = await created.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("""<status value="final" /><code><text value="a &amp; b" /></code><valueQuantity><value value="1.50" /></valueQuantity></Observation>""", text, StringComparison.Ordinal);
        Assert.Equal("1.50", (await _http.Ask("GET", "Observation/x1").Good()).GetProperty("valueQuantity").GetProperty("value").GetRawText());
        foreach (var path in (string[])["Observation/x1?_format=xml", "Observation/x1?_format=application/fhir+xml", "Observation?_id=x1&_format=xml", "metadata?_format=xml", "Observation/x1/_history?_format=xml"])
        {
            using var answer = await _http.Ask("GET", path);
            Assert.Equal((HttpStatusCode.OK, Xml), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        }
    }

    [Fact]
    public async Task Say_what_is_wrong_in_the_format_that_was_asked_for()
    {
        using var missing = await _http.Ask("GET", "Patient/not-here?_format=xml");
        Assert.Equal((HttpStatusCode.NotFound, Xml), (missing.StatusCode, missing.Content.Headers.ContentType?.MediaType));
        Assert.Contains("<OperationOutcome", await missing.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<!DOCTYPE Patient [<!ENTITY x \"y\">]><Patient xmlns=\"http://hl7.org/fhir\"/>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><nonsense/></Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\">")]
    [InlineData("<Patient/>")]
    public async Task Refuse_XML_that_is_not_of_FHIR(string xml) =>
        await _http.Ask("POST", "Patient", Encoding.UTF8.GetBytes(xml), ("Content-Type", Xml)).Bad(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Patch_by_XML_parameters()
    {
        await Put("Practitioner", "xp", """{"resourceType":"Practitioner","id":"xp","active":true}""");
        const string Patch = """<Parameters xmlns="http://hl7.org/fhir"><parameter><name value="operation"/><part><name value="type"/><valueCode value="delete"/></part><part><name value="path"/><valueString value="Practitioner.active"/></part></parameter></Parameters>""";
        Assert.False((await _http.Ask("PATCH", "Practitioner/xp", Encoding.UTF8.GetBytes(Patch), ("Content-Type", Xml)).Good()).TryGetProperty("active", out _));
    }

    [Fact]
    public async Task Lay_out_for_people()
    {
        await Put("Practitioner", "pretty", """{"resourceType":"Practitioner","id":"pretty","name":[{"given":["A"]}]}""");
        using var json = await _http.Ask("GET", "Practitioner/pretty?_pretty=true");
        Assert.Contains("\n  \"name\": [\n    {\n      \"given\": [\n        \"A\"\n", await json.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var xml = await _http.Ask("GET", "Practitioner/pretty?_pretty=true&_format=xml");
        Assert.Contains("\n  <name>\n    <given value=\"A\" />", await xml.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("_elements=name", "name")]
    [InlineData("_elements=Practitioner.name,gender", "gender,name")]
    [InlineData("_summary=text", "text")]
    [InlineData("_summary=data", "contained,gender,name,photo")]
    [InlineData("_summary=true", "gender,name")]
    [InlineData("_summary=false", "contained,gender,name,photo,text")]
    public async Task Give_the_part_that_is_asked_for_and_say_so(string wish, string expected)
    {
        await Put("Practitioner", "part", """{"resourceType":"Practitioner","id":"part","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},"contained":[{"resourceType":"Basic","id":"b","code":{"text":"c"}}],"extension":[{"url":"urn:x","valueReference":{"reference":"#b"}}],"gender":"male","name":[{"family":"F"}],"photo":[{"title":"t"}]}""");
        var read = await _http.Ask("GET", $"Practitioner/part?{wish}").Good();
        var found = (await _http.Ask("GET", $"Practitioner?_id=part&{wish}").Good()).Entries().Single().GetProperty("resource");
        foreach (var part in (JsonElement[])[read, found])
        {
            Assert.Equal(expected, string.Join(',', part.EnumerateObject().Select(p => p.Name).Except(["resourceType", "id", "meta", "extension"]).Order(StringComparer.Ordinal)));
            Assert.Equal(wish != "_summary=false", part.GetProperty("meta").TryGetProperty("tag", out var tags) && tags.EnumerateArray().Any(t => t.GetProperty("code").GetString() == "SUBSETTED"));
        }
    }

    [Theory]
    [InlineData("Practitioner/past/_history?_elements=gender", "gender")]
    [InlineData("Practitioner/_history?_summary=data&_count=1", "gender,photo")]
    [InlineData("_history?_summary=true&_count=1", "gender")]
    [InlineData("Practitioner/past/_history/1?_elements=gender", "gender")]
    public async Task Give_parts_of_versions(string path, string expected)
    {
        await Put("Practitioner", "past", """{"resourceType":"Practitioner","id":"past","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},"gender":"male","photo":[{"title":"t"}]}""");
        await open.Server.AtRest();
        var answer = await _http.Ask("GET", path).Good();
        var part = answer.GetProperty("resourceType").GetString() == "Bundle" ? answer.Entries().First().GetProperty("resource") : answer;
        Assert.Equal(expected, string.Join(',', part.EnumerateObject().Select(p => p.Name).Except(["resourceType", "id", "meta"]).Order(StringComparer.Ordinal)));
        Assert.Equal("SUBSETTED", part.GetProperty("meta").GetProperty("tag")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task Count_versions_without_giving_them()
    {
        await Put("Practitioner", "counted", """{"resourceType":"Practitioner","id":"counted"}""");
        var history = await _http.Ask("GET", "Practitioner/counted/_history?_summary=count").Good();
        Assert.Equal((1, 0), (history.GetProperty("total").GetInt32(), history.Entries().Count()));
    }

    [Fact]
    public async Task Do_not_take_a_part_for_the_whole()
    {
        await Put("Practitioner", "partial", """{"resourceType":"Practitioner","id":"partial","gender":"male","active":true}""");
        using var part = await _http.Ask("GET", "Practitioner/partial?_elements=gender");
        await _http.Ask("PUT", "Practitioner/partial", await part.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Bad(HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData("Practitioner?_elements=nonsense")]
    [InlineData("Practitioner?_summary=some")]
    [InlineData("Practitioner?_summary=true&_elements=name")]
    [InlineData("Observation?_summary=text&_include=Observation:subject")]
    [InlineData("Practitioner/any?_elements=nonsense")]
    [InlineData("Practitioner/_history?_elements=nonsense")]
    [InlineData("_history?_elements=name")]
    public async Task Refuse_a_part_that_there_is_not(string path) => await _http.Ask("GET", path).Bad(HttpStatusCode.BadRequest);

    private async Task Put(string type, string id, string json) => (await _http.Ask("PUT", $"{type}/{id}", json)).EnsureSuccessStatusCode();
}
