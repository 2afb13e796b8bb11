using System.Net;
using System.Text.Json;

namespace Personalize.Server.Tests.Rest;

public sealed class The_record_of_a_patient(OpenServer open) : IClassFixture<OpenServer>, IAsyncLifetime
{
    private readonly HttpClient _http = open.Http;

    public async ValueTask InitializeAsync()
    {
        await Put("Organization", "org", "\"name\":\"O\"");
        await Put("Practitioner", "doc", "\"active\":true");
        await Put("Patient", "rita", """ "managingOrganization":{"reference":"Organization/org"} """);
        await Put("Patient", "omar", "\"active\":true");
        foreach (var (id, who, date) in new[] { ("r1", "rita", "2020-01-05"), ("r2", "rita", "2024-06-01"), ("o1", "omar", "2024-06-01") })
            await Put("Observation", id, $$""" "status":"final","code":{"text":"x"},"subject":{"reference":"Patient/{{who}}"},"performer":[{"reference":"Practitioner/doc"}],"effectiveDateTime":"{{date}}" """);
        await Put("Condition", "c1", """ "subject":{"reference":"Patient/rita"} """);
        await open.Server.AtRest();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task Put(string type, string id, string more) => (await _http.Ask("PUT", $"{type}/{id}", $$"""{"resourceType":"{{type}}","id":"{{id}}",{{more}}}""")).EnsureSuccessStatusCode();

    private static string[] Keys(JsonElement bundle, string mode) =>
        [.. bundle.Entries().Where(e => e.GetProperty("search").GetProperty("mode").GetString() == mode).Select(e => $"{e.GetProperty("resource").GetProperty("resourceType").GetString()}/{e.GetProperty("resource").GetProperty("id").GetString()}")];

    // What the engine works out of the record lies in it too.
    private static string[] Own(JsonElement bundle) => [.. Keys(bundle, "match").Where(key => key.Split('/')[0] is "Patient" or "Observation" or "Condition")];

    private async Task<List<JsonElement>> Pages(string first)
    {
        var pages = new List<JsonElement>();
        for (string? next = first; next is not null; next = pages[^1].Link("next"))
            pages.Add(await _http.Ask("GET", next).Good());
        return pages;
    }

    [Fact]
    public async Task Is_searched_by_type_within_its_compartment()
    {
        var found = await _http.Ask("GET", "Patient/rita/Observation?_sort=-date").Good();
        Assert.Equal(["r2", "r1"], found.Ids());
        Assert.Equal($"{_http.BaseAddress}Patient/rita/Observation?_sort=-date&_count=50", found.Link("self"));
        Assert.Equal(["r2"], (await _http.Ask("GET", "Patient/rita/Observation?date=ge2024").Good()).Ids());
        Assert.Equal(["rita"], (await _http.Ask("GET", "Patient/rita/Patient").Good()).Ids());
        Assert.Empty((await _http.Ask("GET", "Patient/rita/Organization").Good()).Ids());
        Assert.Empty((await _http.Ask("GET", "Patient/nobody/Observation").Good()).Ids());
        using var form = new HttpRequestMessage(HttpMethod.Post, "Patient/rita/Observation/_search") { Content = new FormUrlEncodedContent([new("date", "lt2024")]) };
        Assert.Equal(["r1"], (await _http.SendAsync(form, TestContext.Current.CancellationToken).Good()).Ids());
        var pages = await Pages("Patient/rita/Observation?_count=1");
        Assert.Equal(["r1", "r2"], pages.SelectMany(p => p.Ids()));
    }

    [Theory]
    [InlineData("POST", "Patient/rita/Observation", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "Patient/rita/Observation?code=x", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "Patient/rita/Observation/_search", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "Patient/rita/Nonsense", HttpStatusCode.NotFound)]
    [InlineData("GET", "Patient/rita/Observation/r1", HttpStatusCode.NotFound)]
    [InlineData("GET", "Organization/org/Patient", HttpStatusCode.NotFound)]
    [InlineData("GET", "Patient/rita/Observation?nonsense=1", HttpStatusCode.BadRequest)]
    [InlineData("GET", "Patient/rita/*?_sort=date", HttpStatusCode.BadRequest)]
    [InlineData("GET", "Patient/rita/*?_type=Nonsense", HttpStatusCode.BadRequest)]
    [InlineData("GET", "Patient/rita/*?code=x", HttpStatusCode.BadRequest)]
    public async Task Is_not_asked_for_in_other_ways(string method, string path, HttpStatusCode status) =>
        await _http.Ask(method, path, method == "POST" ? """{"resourceType":"Observation"}""" : null).Bad(status);

    [Fact]
    public async Task Is_had_whole()
    {
        var whole = await _http.Ask("GET", "Patient/rita/*?_count=1000&_sort=_id").Good();
        Assert.Equal(["Condition/c1", "Observation/r1", "Observation/r2", "Patient/rita"], Own(whole));
        Assert.Equal(whole.Entries().Count(), whole.GetProperty("total").GetInt32());
        Assert.Equal(whole.GetProperty("total").GetInt32(), (await _http.Ask("GET", "Patient/rita/*?_summary=count").Good()).GetProperty("total").GetInt32());
        Assert.Equal(["Condition/c1", "Observation/r1", "Observation/r2"], Keys(await _http.Ask("GET", "Patient/rita/*?_type=Observation,Condition&_sort=_id").Good(), "match"));
        Assert.Equal(Keys(whole, "match"), (await Pages("Patient/rita/*?_count=2&_sort=_id")).SelectMany(page => Keys(page, "match")));
        Assert.Empty((await _http.Ask("GET", "Patient/rita/*?_type=Organization").Good()).Ids());
    }

    [Fact]
    public async Task Is_had_whole_with_all_that_a_search_may_ask()
    {
        var found = await _http.Ask("GET", "Patient/rita/*?_type=Observation,Patient&_since=2000-01-01T00:00:00Z&_include=Observation:performer&_include=Patient:organization&_sort=-_lastUpdated,_id&_elements=id").Good();
        Assert.Equal(["Observation/r1", "Observation/r2", "Patient/rita"], Keys(found, "match").Order(StringComparer.Ordinal));
        Assert.Equal(["Organization/org", "Practitioner/doc"], Keys(found, "include").Order(StringComparer.Ordinal));
        Assert.Equal($"{_http.BaseAddress}Patient/rita/*?_type=Observation,Patient&_since=2000-01-01T00:00:00Z&_include=Observation:performer&_include=Patient:organization&_sort=-_lastUpdated,_id&_elements=id&_count=50", Uri.UnescapeDataString(found.Link("self")!));
        Assert.Empty((await _http.Ask("GET", "Patient/rita/*?_since=2999-01-01T00:00:00Z").Good()).Ids());
        var pages = await Pages("Patient/rita/*?_type=Observation,Condition&_since=2000-01-01T00:00:00Z&_count=1&_summary=true&_sort=-_id");
        Assert.Equal(["Observation/r2", "Observation/r1", "Condition/c1"], pages.SelectMany(page => Keys(page, "match")));
        Assert.Contains("_page=", pages[0].Link("next"), StringComparison.Ordinal);
        using var form = new HttpRequestMessage(HttpMethod.Post, "Patient/rita/*/_search") { Content = new FormUrlEncodedContent([new("_type", "Condition")]) };
        Assert.Equal(["c1"], (await _http.SendAsync(form, TestContext.Current.CancellationToken).Good()).Ids());
    }

    [Fact]
    public async Task Comes_with_what_it_refers_to()
    {
        var everything = await _http.Ask("GET", "Patient/rita/$everything").Good();
        Assert.Equal("searchset", everything.GetProperty("type").GetString());
        Assert.Equal(["Patient/rita", "Condition/c1", "Observation/r1", "Observation/r2"], Own(everything));
        Assert.All((string[])["Organization/org", "Practitioner/doc"], key => Assert.Contains(key, Keys(everything, "include")));
        Assert.DoesNotContain("Patient/rita", Keys(everything, "include"));
        Assert.Equal(Keys(everything, "match"), (await Pages("Patient/rita/$everything?_count=3")).SelectMany(page => Keys(page, "match")));
        await _http.Ask("GET", "Patient/nobody/$everything").Bad(HttpStatusCode.NotFound);
        await _http.Ask("GET", "Patient/rita/$everything?nonsense=1").Bad(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Is_narrowed_by_time_and_by_type()
    {
        Assert.Equal(["Patient/rita", "Condition/c1", "Observation/r2"], Own(await _http.Ask("GET", "Patient/rita/$everything?start=2024-01-01&end=2024-12-31").Good()));
        Assert.Equal(["Patient/rita", "Condition/c1", "Observation/r1"], Own(await _http.Ask("GET", "Patient/rita/$everything?end=2023").Good()));
        Assert.Equal(["Observation/r1", "Observation/r2"], Own(await _http.Ask("GET", "Patient/rita/$everything?_type=Observation,Encounter").Good()));
        Assert.Empty(Own(await _http.Ask("GET", "Patient/rita/$everything?_since=2999-01-01T00:00:00Z").Good()));
        var posted = """{"resourceType":"Parameters","parameter":[{"name":"_type","valueCode":"Condition"},{"name":"_type","valueCode":"Patient"}]}""";
        Assert.Equal(["Patient/rita", "Condition/c1"], Own(await _http.Ask("POST", "Patient/rita/$everything", posted).Good()));
        await _http.Ask("GET", "Patient/rita/$everything?start=then").Bad(HttpStatusCode.BadRequest);
        await _http.Ask("GET", "Patient/rita/$everything?_since=then").Bad(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Is_pinned_to_the_commit_of_its_first_page()
    {
        var first = await _http.Ask("GET", "Patient/omar/$everything?_count=1&_type=Patient,Observation,Condition").Good();
        await Put("Condition", "late", """ "subject":{"reference":"Patient/omar"} """);
        var pages = await Pages(first.Link("next")!);
        Assert.Equal(["Observation/o1"], pages.SelectMany(page => Keys(page, "match")));
    }
}
