using System.Net;
using System.Text.Json;

namespace Personalize.Server.Tests.Rest;

public sealed class A_transaction_by_conditions(OpenServer open) : IClassFixture<OpenServer>
{
    private const string One = "urn:uuid:0b1d7ac4-6b0e-4a53-8a9c-4f5c6e0d1a01";
    private const string Two = "urn:uuid:0b1d7ac4-6b0e-4a53-8a9c-4f5c6e0d1a02";
    private readonly HttpClient _http = open.Http;

    private static string Bundle(params string[] entries) => $$"""{"resourceType":"Bundle","type":"transaction","entry":[{{string.Join(',', entries)}}]}""";

    private static string Entry(string method, string url, string? resource = null, string more = "", string? fullUrl = null) =>
        "{" + (fullUrl is null ? "" : $"\"fullUrl\":\"{fullUrl}\",") + (resource is null ? "" : $"\"resource\":{resource},") + $$"""
        "request":{"method":"{{method}}","url":"{{url}}"{{more}} } }
        """;

    private static string Practitioner(string identifier, string? id = null) =>
        $$"""{"resourceType":"Practitioner",{{(id is null ? "" : $"\"id\":\"{id}\",")}}"identifier":[{"system":"urn:t","value":"{{identifier}}"}]}""";

    private static string Schedule(string reference) => $$"""{"resourceType":"Schedule","actor":[{"reference":"{{reference}}"}]}""";

    private static string[] Statuses(JsonElement bundle) => [.. bundle.Entries().Select(e => e.GetProperty("response").GetProperty("status").GetString()![..3])];

    private static string Place(JsonElement bundle, int entry) => bundle.Entries().ElementAt(entry).GetProperty("response").GetProperty("location").GetString()!;

    private async Task Put(string id, string identifier) => (await _http.Ask("PUT", $"Practitioner/{id}", Practitioner(identifier, id))).EnsureSuccessStatusCode();

    [Fact]
    public async Task Does_every_method_in_the_order_of_the_specification()
    {
        await Put("put", "put");
        await Put("patch", "patch");
        await Put("gone", "gone");
        var patch = """{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"add"},{"name":"path","valueString":"Practitioner"},{"name":"name","valueString":"active"},{"name":"value","valueBoolean":true}]}]}""";
        var response = await _http.Ask("POST", "", Bundle(
            Entry("GET", "Practitioner/patch"),
            Entry("HEAD", "Practitioner/put"),
            Entry("PATCH", "Practitioner?identifier=urn:t|patch", patch),
            Entry("PUT", "Practitioner?identifier=urn:t|put", Practitioner("put").Replace("}]}", "}],\"active\":false}", StringComparison.Ordinal)),
            Entry("POST", "Practitioner", Practitioner("gone"), ""","ifNoneExist":"identifier=urn:t|nobody" """),
            Entry("GET", "Practitioner?identifier=urn:t|gone"),
            Entry("DELETE", "Practitioner/gone"))).Good();
        Assert.Equal(["200", "200", "200", "200", "201", "200", "204"], Statuses(response));
        Assert.True(response.Entries().First().GetProperty("resource").GetProperty("active").GetBoolean());
        Assert.Equal("Practitioner/put/_history/2", Place(response, 3));
        var found = Assert.Single(response.Entries().ElementAt(5).GetProperty("resource").Ids());
        Assert.Equal(Place(response, 4).Split('/')[1], found);
    }

    [Fact]
    public async Task Refers_to_what_its_conditions_found()
    {
        await Put("referred", "referred");
        var response = await _http.Ask("POST", "", Bundle(
            Entry("PUT", "Practitioner?identifier=urn:t|referred", Practitioner("referred"), fullUrl: One),
            Entry("POST", "Schedule", Schedule(One)),
            Entry("PUT", "Practitioner?identifier=urn:t|fresh", Practitioner("fresh"), fullUrl: Two),
            Entry("POST", "Schedule", Schedule(Two)))).Good();
        Assert.Equal(["200", "201", "201", "201"], Statuses(response));
        Assert.Equal("Practitioner/referred", await Actor(Place(response, 1)));
        Assert.Equal(string.Join('/', Place(response, 2).Split('/')[..2]), await Actor(Place(response, 3)));
    }

    private async Task<string?> Actor(string place) => (await _http.Ask("GET", place).Good()).GetProperty("actor")[0].GetProperty("reference").GetString();

    [Fact]
    public async Task Deletes_what_a_condition_finds()
    {
        await Put("bycond", "bycond");
        Assert.Equal(["204", "204"], Statuses(await _http.Ask("POST", "", Bundle(Entry("DELETE", "Practitioner?identifier=urn:t|bycond"), Entry("DELETE", "Practitioner?identifier=urn:t|nobody"))).Good()));
        await _http.Ask("GET", "Practitioner/bycond").Bad(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task Judges_guards_of_its_entries()
    {
        await Put("guarded", "guarded");
        string Guarded(string more) => Bundle(Entry("POST", "Basic", """{"resourceType":"Basic","code":{"text":"guarded"}}"""), Entry("PUT", "Practitioner/guarded", Practitioner("other", "guarded"), more));
        Assert.Equal("Bundle.entry[1]", Placed(await _http.Ask("POST", "", Guarded(""","ifMatch":"W/\"7\"" """)).Bad(HttpStatusCode.PreconditionFailed)));
        Assert.Equal("Bundle.entry[1]", Placed(await _http.Ask("POST", "", Guarded(""","ifNoneMatch":"*" """)).Bad(HttpStatusCode.PreconditionFailed)));
        Assert.Equal(["201", "200"], Statuses(await _http.Ask("POST", "", Guarded(""","ifMatch":"W/\"1\"" """)).Good()));
    }

    private static string? Placed(JsonElement issue) => issue.GetProperty("expression")[0].GetString();

    [Fact]
    public async Task Is_refused_when_two_entries_mean_the_same_resource()
    {
        await Put("same", "same");
        async Task Refused(params string[] entries) => Assert.Equal("duplicate", (await _http.Ask("POST", "", Bundle(entries)).Bad(HttpStatusCode.BadRequest)).GetProperty("code").GetString());
        await Refused(Entry("PUT", "Practitioner/same", Practitioner("same", "same")), Entry("PUT", "Practitioner?identifier=urn:t|same", Practitioner("same")));
        await Refused(Entry("DELETE", "Practitioner/same"), Entry("PUT", "Practitioner?identifier=urn:t|same", Practitioner("same")));
        await Refused(Entry("DELETE", "Practitioner?identifier=urn:t|same"), Entry("DELETE", "Practitioner/same"));
        await Refused(Entry("DELETE", "Practitioner/same"), Entry("POST", "Practitioner", Practitioner("same"), ""","ifNoneExist":"identifier=urn:t|same" """));
        await Refused(Entry("PUT", "Practitioner?identifier=urn:t|unborn", Practitioner("unborn")), Entry("PUT", "Practitioner?identifier=urn:t|unborn", Practitioner("unborn")));
        await Refused(Entry("PUT", "Practitioner/same", Practitioner("same", "same")), Entry("PUT", "Practitioner/same", Practitioner("same", "same")));
        await _http.Ask("GET", "Practitioner/same").Good();
    }

    [Fact]
    public async Task May_refer_in_a_circle()
    {
        var response = await _http.Ask("POST", "", Bundle(
            Entry("POST", "Patient", $$"""{"resourceType":"Patient","link":[{"other":{"reference":"{{Two}}"},"type":"seealso"}]}""", fullUrl: One),
            Entry("POST", "Patient", $$"""{"resourceType":"Patient","link":[{"other":{"reference":"{{One}}"},"type":"seealso"}]}""", fullUrl: Two))).Good();
        foreach (var (from, to) in new[] { (0, 1), (1, 0) })
            Assert.Equal(string.Join('/', Place(response, to).Split('/')[..2]),
                (await _http.Ask("GET", Place(response, from)).Good()).GetProperty("link")[0].GetProperty("other").GetProperty("reference").GetString());
    }

    [Fact]
    public async Task Rewrites_its_names_in_links_of_the_narrative_and_in_urls_too()
    {
        var questionnaire = """{"resourceType":"Questionnaire","status":"draft","url":"urn:uuid:0b1d7ac4-6b0e-4a53-8a9c-4f5c6e0d1a02"}""";
        var response = await _http.Ask("POST", "", Bundle(
            Entry("POST", "QuestionnaireResponse", $$"""{"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"{{Two}}","text":{"status":"additional","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"{{One}}\">who</a></div>"} }"""),
            Entry("POST", "Practitioner", Practitioner("linked"), fullUrl: One),
            Entry("POST", "Questionnaire", questionnaire, fullUrl: Two))).Good();
        var answered = await _http.Ask("GET", Place(response, 0)).Good();
        string Named(int entry) => string.Join('/', Place(response, entry).Split('/')[..2]);
        Assert.Contains($"href=\"{Named(1)}\"", answered.GetProperty("text").GetProperty("div").GetString(), StringComparison.Ordinal);
        Assert.Equal(Named(2), answered.GetProperty("questionnaire").GetString());
    }

    [Fact]
    public async Task Is_refused_when_a_temporary_name_is_no_entry_s()
    {
        var issue = await _http.Ask("POST", "", Bundle(Entry("POST", "Practitioner", Practitioner("x"), fullUrl: One), Entry("POST", "Schedule", Schedule(Two)))).Bad(HttpStatusCode.BadRequest);
        Assert.Equal("Bundle.entry[1].resource.actor[0].reference", Placed(issue));
    }

    [Fact]
    public async Task Is_refused_when_a_reference_by_search_finds_none_or_several()
    {
        await Put("twin1", "twin");
        await Put("twin2", "twin");
        foreach (var identifier in (string[])["twin", "nobody"])
            Assert.Equal("Bundle.entry[0].resource.actor[0].reference",
                Placed(await _http.Ask("POST", "", Bundle(Entry("POST", "Schedule", Schedule($"Practitioner?identifier=urn:t|{identifier}")))).Bad(HttpStatusCode.PreconditionFailed)));
    }

    [Fact]
    public async Task Keeps_an_identifier_that_looks_like_a_temporary_name()
    {
        var response = await _http.Ask("POST", "", Bundle(Entry("POST", "Practitioner", $$"""{"resourceType":"Practitioner","identifier":[{"system":"urn:ietf:rfc:3986","value":"{{One}}"},{"system":"{{Two}}","value":"1"}]}"""))).Good();
        Assert.Equal(["201"], Statuses(response));
    }

    [Theory]
    [InlineData("Practitioner?nonsense=1")]
    [InlineData("Nonsense/1")]
    [InlineData("Practitioner/a_b")]
    public async Task Is_refused_when_a_read_in_it_makes_no_sense(string read)
    {
        await open.Server.AtRest();
        var before = open.Store.T;
        using var response = await _http.Ask("POST", "", Bundle(Entry("POST", "Practitioner", Practitioner("x")), Entry("GET", read)));
        Assert.InRange((int)response.StatusCode, 400, 404);
        Assert.Equal("Bundle.entry[1]", Placed((await response.Json()).GetProperty("issue")[0]));
        Assert.Equal(before, open.Store.T);
    }

    [Fact]
    public async Task Resolves_references_by_search_when_everything_else_is_done()
    {
        await Put("leaves", "place");
        // One goes, one comes: the reference means who is there in the end.
        var response = await _http.Ask("POST", "", Bundle(
            Entry("POST", "Schedule", Schedule("Practitioner?identifier=urn:t|place")),
            Entry("DELETE", "Practitioner/leaves"),
            Entry("PUT", "Practitioner/comes", Practitioner("place", "comes")))).Good();
        Assert.Equal("Practitioner/comes", await Actor(Place(response, 0)));
    }
}
