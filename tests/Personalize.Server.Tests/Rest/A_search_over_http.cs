using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Personalize.Server.Tests.Rest;

public sealed class A_search_over_http(OpenServer open) : IClassFixture<OpenServer>, IAsyncLifetime
{
    private readonly HttpClient _http = open.Http;

    public async ValueTask InitializeAsync()
    {
        foreach (var (id, family, birth) in new[] { ("ana", "Alvarez", "1980-01-01"), ("bo", "Alvarado", "1990-01-01"), ("cy", "Brown", "2000-01-01"), ("di", "Alvarez", "2010-01-01"), ("ed", "Alvin", "2020-01-01") })
            (await _http.Ask("PUT", $"Patient/{id}", $$"""{"resourceType":"Patient","id":"{{id}}","name":[{"family":"{{family}}"}],"birthDate":"{{birth}}"}""")).EnsureSuccessStatusCode();
        (await _http.Ask("PUT", "Observation/o1", """{"resourceType":"Observation","id":"o1","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"4548-4"}]},"subject":{"reference":"Patient/ana"}}""")).EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Finds_and_says_what_it_searched()
    {
        var found = await _http.Ask("GET", "Patient?family=alva&birthdate=ge1985&_sort=birthdate").Good();
        Assert.Equal(["bo", "di"], found.Ids());
        Assert.Equal("searchset", found.GetProperty("type").GetString());
        Assert.Equal($"{_http.BaseAddress}Patient?family=alva&birthdate=ge1985&_sort=birthdate&_count=50", found.Link("self"));
        Assert.All(found.Entries(), e => Assert.Equal("match", e.GetProperty("search").GetProperty("mode").GetString()));
        Assert.Equal($"{_http.BaseAddress}Patient/bo", found.Entries().First().GetProperty("fullUrl").GetString());
    }

    [Theory]
    [InlineData("Observation?subject={0}Patient/ana")]
    [InlineData("Observation?subject=Patient/nobody,{0}Patient/ana")]
    [InlineData("Observation?subject:Patient={0}Patient/ana")]
    [InlineData("Patient?_has:Observation:patient:subject={0}Patient/ana")]
    public async Task Takes_the_whole_address_of_a_resource_here_for_a_reference(string search)
    {
        foreach (var scheme in (string[])["http:", "https:"])
            Assert.NotEmpty((await _http.Ask("GET", string.Format(System.Globalization.CultureInfo.InvariantCulture, search, _http.BaseAddress!.ToString().Replace("http:", scheme, StringComparison.Ordinal))).Good()).Ids());
    }

    [Fact]
    public async Task Goes_on_over_pages_of_a_form_as_long_as_may_be()
    {
        var ids = string.Join(',', Enumerable.Range(0, 480).Select(n => $"{n:0000}{new string('x', 60)}"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "Patient/_search?_count=1") { Content = new FormUrlEncodedContent([new("_id", "ana,bo,cy," + ids)]) };
        var first = await _http.SendAsync(request, TestContext.Current.CancellationToken).Good();
        var second = await _http.Ask("GET", first.Link("next")!).Good();
        Assert.NotEqual(Assert.Single(first.Ids()), Assert.Single(second.Ids()));
    }

    [Fact]
    public async Task Knows_references_by_the_addresses_of_the_server()
    {
        var port = Loopback.FreePort();
        await using var server = await RunningServer.Start(s => s with { Urls = $"http://127.0.0.1:{port}", KnownAs = ["https://fhir.practice.example/r4"] });
        await server.Http.Ask("PUT", "Patient/ana", """{"resourceType":"Patient","id":"ana"}""").Good(HttpStatusCode.Created);
        foreach (var (id, address) in new[] { ("a", $"http://127.0.0.1:{port}/fhir"), ("b", "https://fhir.practice.example/r4"), ("c", "https://elsewhere.example/fhir") })
            await server.Http.Ask("PUT", $"Basic/{id}", $$"""{"resourceType":"Basic","id":"{{id}}","code":{"text":"x"},"subject":{"reference":"{{address}}/Patient/ana"} }""").Good(HttpStatusCode.Created);
        foreach (var subject in (string[])["Patient/ana", $"http://127.0.0.1:{port}/fhir/Patient/ana", "https://fhir.practice.example/r4/Patient/ana"])
            Assert.Equal(["a", "b"], (await server.Http.Ask("GET", $"Basic?subject={subject}").Good()).Ids());
        Assert.Equal(["c"], (await server.Http.Ask("GET", "Basic?subject=https://elsewhere.example/fhir/Patient/ana").Good()).Ids());
        Assert.Equal(["a", "ana", "b"], (await server.Http.Ask("GET", "Patient/ana/*?_type=Basic,Patient").Good()).Ids().Order(StringComparer.Ordinal));
        await server.Http.Ask("PUT", "Basic?subject=https://fhir.practice.example/r4/Patient/ana&_id=a", """{"resourceType":"Basic","id":"a","code":{"text":"y"} }""").Good();
    }

    [Fact]
    public async Task Finds_by_the_address_of_the_caller_what_was_stored_by_it()
    {
        // The settings do not know the port.
        var here = _http.BaseAddress!;
        (await _http.Ask("PUT", "Basic/by-address", $$"""{"resourceType":"Basic","id":"by-address","code":{"text":"x"},"subject":{"reference":"{{here}}Patient/ana"} }""")).EnsureSuccessStatusCode();
        (await _http.Ask("PUT", "Basic/by-id", """{"resourceType":"Basic","id":"by-id","code":{"text":"x"},"subject":{"reference":"Patient/ana"} }""")).EnsureSuccessStatusCode();
        Assert.Equal(["by-address", "by-id"], (await _http.Ask("GET", $"Basic?_id=by-id,by-address&subject={here}Patient/ana").Good()).Ids().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Goes_over_several_types_at_once()
    {
        var found = await _http.Ask("GET", "?_type=Patient,Observation&_id=ana,bo,weight,height").Good();
        Assert.Contains("ana", found.Ids());
        Assert.All(found.Entries(), e => Assert.Contains(e.GetProperty("resource").GetProperty("resourceType").GetString(), (string[])["Patient", "Observation"]));
        var all = await _http.Ask("GET", "?_lastUpdated=gt2000&_sort=-_lastUpdated&_summary=count").Good();
        var (count, url) = (0, (string?)"?_lastUpdated=gt2000&_sort=-_lastUpdated&_count=3");
        while (url is not null)
        {
            var page = await _http.Ask("GET", url).Good();
            count += page.Ids().Length;
            url = page.Link("next");
        }
        Assert.Equal(all.GetProperty("total").GetInt32(), count);
        using var form = new HttpRequestMessage(HttpMethod.Post, "_search") { Content = new FormUrlEncodedContent([new("_type", "Patient"), new("family", "alva")]) };
        Assert.Contains("bo", (await _http.SendAsync(form, TestContext.Current.CancellationToken).Good()).Ids());
        foreach (var refused in (string[])["?_type=Patient,Observation&family=alva", "?_type=Nonsense", "?_type=Patient,Observation&_sort=date", "?_type=Patient&_since=2000", "?nonsense=1"])
            await _http.Ask("GET", refused).Bad(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Leads_back_as_it_leads_on()
    {
        var first = await _http.Ask("GET", "Patient?_sort=-birthdate&_count=1").Good();
        var second = await _http.Ask("GET", first.Link("next")!).Good();
        var third = await _http.Ask("GET", second.Link("next")!).Good();
        Assert.Null(first.Link("previous"));
        var back = await _http.Ask("GET", third.Link("previous")!).Good();
        Assert.Equal(second.Ids(), back.Ids());
        var start = await _http.Ask("GET", back.Link("previous")!).Good();
        Assert.Equal(first.Ids(), start.Ids());
        Assert.Null(start.Link("previous"));
        Assert.Equal(second.Ids(), (await _http.Ask("GET", start.Link("next")!).Good()).Ids());
    }

    [Fact]
    public async Task Says_in_its_link_how_many_matches_a_page_has()
    {
        Assert.EndsWith("Patient?family=alva&_count=1000", (await _http.Ask("GET", "Patient?family=alva&_count=5000").Good()).Link("self"), StringComparison.Ordinal);
        Assert.EndsWith("Patient?_count=7&family=alva", (await _http.Ask("GET", "Patient?_count=7&family=alva").Good()).Link("self"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_kept_by_nobody_on_the_way()
    {
        using var answer = await _http.Ask("GET", "Patient/ana");
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task Is_the_same_as_a_form()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "Patient/_search?_sort=birthdate") { Content = new FormUrlEncodedContent([new("family", "alva"), new("birthdate", "ge1985")]) };
        Assert.Equal(["bo", "di"], (await _http.SendAsync(request, TestContext.Current.CancellationToken).Good()).Ids());
        await _http.Ask("POST", "Patient/_search", "{}").Bad(HttpStatusCode.UnsupportedMediaType);
        await _http.Ask("GET", "Patient/_search?family=x").Bad(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Brings_what_it_includes()
    {
        var found = await _http.Ask("GET", "Observation?code=http://loinc.org|4548-4&_include=Observation:subject").Good();
        Assert.Equal([("o1", "match"), ("ana", "include")], found.Entries().Select(e => (e.GetProperty("resource").GetProperty("id").GetString()!, e.GetProperty("search").GetProperty("mode").GetString()!)));
    }

    [Fact]
    public async Task Finds_by_value_set_and_by_hierarchy()
    {
        const string Act = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
        foreach (var (id, code) in new[] { ("imp", "IMP"), ("acute", "ACUTE"), ("amb", "AMB") })
            (await _http.Ask("PUT", $"Encounter/{id}", $$"""{"resourceType":"Encounter","id":"{{id}}","identifier":[{"value":"terms"}],"status":"finished","class":{"system":"{{Act}}","code":"{{code}}"} }""")).EnsureSuccessStatusCode();
        Assert.Equal(["acute", "imp"], (await _http.Ask("GET", $"Encounter?identifier=terms&class:below={Act}|IMP").Good()).Ids().Order());
        Assert.Equal(["acute", "imp"], (await _http.Ask("GET", $"Encounter?identifier=terms&class:above={Act}|ACUTE").Good()).Ids().Order());
        Assert.Equal(3, (await _http.Ask("GET", "Encounter?identifier=terms&class:in=http://terminology.hl7.org/ValueSet/v3-ActEncounterCode").Good()).Ids().Length);
        Assert.Empty((await _http.Ask("GET", "Encounter?identifier=terms&class:not-in=http://terminology.hl7.org/ValueSet/v3-ActEncounterCode").Good()).Ids());
        await _http.Ask("GET", "Patient?segment:in=https://personalize-fhir.org/fhir/ValueSet/segment").Good();
    }

    [Theory]
    [InlineData("Condition?code:in=http://hl7.org/fhir/ValueSet/condition-code", "not-supported")]
    [InlineData("Condition?code:below=http://snomed.info/sct|1", "not-supported")]
    [InlineData("Patient?gender:in=urn:nothing", "not-found")]
    [InlineData("Patient?gender:not-in=urn:nothing", "not-found")]
    [InlineData("Patient?gender:below=male", "invalid")]
    [InlineData("Patient?gender:above=http://hl7.org/fhir/administrative-gender|m", "not-found")]
    [InlineData("Patient?_id:in=urn:nothing", "invalid")]
    public async Task Does_not_guess_what_a_value_set_means(string search, string code) =>
        Assert.Equal(code, (await _http.Ask("GET", search).Bad(HttpStatusCode.BadRequest)).GetProperty("code").GetString());

    [Fact]
    public async Task Refuses_unknown_parameters_unless_told_to_be_lenient()
    {
        await _http.Ask("GET", "Patient?famly=alva").Bad(HttpStatusCode.BadRequest);
        await _http.Ask("GET", "Patient?family:nonsense=alva").Bad(HttpStatusCode.BadRequest);
        await _http.Ask("GET", "Patient?birthdate=yesterday").Bad(HttpStatusCode.BadRequest);
        await _http.Ask("GET", "Patient?_elements=nonsense").Bad(HttpStatusCode.BadRequest);
        var lenient = await _http.Ask("GET", "Patient?famly=alva&family=brown&_elements=nonsense", (byte[]?)null, ("Prefer", "handling=lenient")).Good();
        Assert.Equal(["cy"], lenient.Ids());
        Assert.Equal($"{_http.BaseAddress}Patient?family=brown&_count=50", lenient.Link("self"));
    }

    [Theory]
    [InlineData("Patient?name=", "x")]
    [InlineData("Patient?name:contains=", "x")]
    [InlineData("Patient?_id=", "ana")]
    [InlineData("Patient?birthdate=", "ge1985")]
    [InlineData("Patient?_lastUpdated=", "ne2020")]
    [InlineData("Patient?general-practitioner=", "Practitioner/x")]
    [InlineData("Patient?identifier=", "s|v")]
    [InlineData("Patient?identifier:not=", "v")]
    [InlineData("Observation?value-quantity=", "5.4||mg")]
    [InlineData("Observation?value-quantity=", "ap5.4")]
    [InlineData("ValueSet?url=", "http://x")]
    [InlineData("Observation?subject:Patient.name=", "x")]
    [InlineData("Patient?_has:Observation:patient:code=", "x")]
    [InlineData("RiskAssessment?probability=", "ne0.5")]
    public async Task Takes_many_alternatives_and_refuses_too_many(string search, string value)
    {
        await _http.Ask("GET", search + string.Join(',', Enumerable.Repeat(value, 400))).Good();
        var many = new[] { new KeyValuePair<string, string>(Uri.UnescapeDataString(search[(search.IndexOf('?', StringComparison.Ordinal) + 1)..^1]), string.Join(',', Enumerable.Repeat(value, 30_000))) };
        using var form = new HttpRequestMessage(HttpMethod.Post, search[..search.IndexOf('?', StringComparison.Ordinal)] + "/_search") { Content = new FormUrlEncodedContent(many) };
        Assert.Equal("too-costly", (await _http.SendAsync(form, TestContext.Current.CancellationToken).Bad(HttpStatusCode.BadRequest)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("Patient", "name=x", 400)]
    [InlineData("Patient", "birthdate=ge1980", 400)]
    [InlineData("Patient", "_has:Observation:patient:code=x", 200)]
    [InlineData("Observation", "subject.name=x", 40)]
    [InlineData("Patient", "name:missing=true", 400)]
    [InlineData("Patient", "gender:not=x", 400)]
    [InlineData("Patient", "_include=Patient:organization", 400)]
    [InlineData("Patient", "_sort=name,-birthdate,gender,_id,_lastUpdated,family,given,phone,email,address", 1)]
    public async Task Takes_many_parameters_and_refuses_too_many(string type, string parameter, int most)
    {
        Task<HttpResponseMessage> Ask(int times) => _http.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, $"{type}/_search") { Content = new StringContent(string.Join('&', Enumerable.Repeat(parameter, times)), new MediaTypeHeaderValue("application/x-www-form-urlencoded")) }, TestContext.Current.CancellationToken);
        await Ask(most).Good();
        Assert.Equal("too-costly", (await Ask(2000).Bad(HttpStatusCode.BadRequest)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Counts()
    {
        var count = await _http.Ask("GET", "Patient?family=al&_summary=count").Good();
        Assert.Equal(4, count.GetProperty("total").GetInt32());
        Assert.Empty(count.Entries());
    }

    [Fact]
    public async Task Goes_on_by_links_that_show_nothing_and_stay_on_their_commit()
    {
        var page = await _http.Ask("GET", "Patient?family=al&_count=2&_sort=birthdate").Good();
        Assert.Equal(["ana", "bo"], page.Ids());
        var next = page.Link("next")!;
        Assert.DoesNotContain("family", next, StringComparison.Ordinal);
        Assert.DoesNotContain("family", Encoding.UTF8.GetString(Convert.FromBase64String(next[(next.IndexOf("_page=", StringComparison.Ordinal) + 6)..].Replace('-', '+').Replace('_', '/').PadRight((next.Length - next.IndexOf("_page=", StringComparison.Ordinal) - 6 + 3) / 4 * 4, '='))), StringComparison.Ordinal);
        (await _http.Ask("PUT", "Patient/later", """{"resourceType":"Patient","id":"later","name":[{"family":"Alma"}],"birthDate":"2015-01-01"}""")).EnsureSuccessStatusCode();
        var second = await _http.Ask("GET", next).Good();
        await _http.Ask("DELETE", "Patient/later");
        Assert.Equal(["di", "ed"], second.Ids());
        Assert.Null(second.Link("next"));
        Assert.DoesNotContain("family", second.Link("self")!, StringComparison.Ordinal);
        Assert.Equal(["ana", "bo"], (await _http.Ask("GET", second.Link("first")!).Good()).Ids());
    }

    [Fact]
    public async Task Refuses_links_that_it_did_not_make()
    {
        var next = (await _http.Ask("GET", "Patient?_count=1").Good()).Link("next")!;
        await _http.Ask("GET", next + "A").Bad(HttpStatusCode.BadRequest);
        await _http.Ask("GET", "Patient?_page=nonsense").Bad(HttpStatusCode.BadRequest);
        await _http.Ask("GET", "Patient?_page=").Bad(HttpStatusCode.BadRequest);
        await _http.Ask("GET", next.Replace("/Patient?", "/Observation?", StringComparison.Ordinal)).Bad(HttpStatusCode.BadRequest);
        await _http.Ask("GET", next + "&family=x").Bad(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Has_links_that_live_for_an_hour()
    {
        var clock = new MovingClock();
        await using var server = await RunningServer.Start(time: clock);
        for (var i = 0; i < 3; i++)
            (await server.Http.Ask("POST", "Patient", """{"resourceType":"Patient"}""")).EnsureSuccessStatusCode();
        var next = (await server.Http.Ask("GET", "Patient?_count=1").Good()).Link("next")!;
        clock.Advance(TimeSpan.FromMinutes(59));
        await server.Http.Ask("GET", next).Good();
        clock.Advance(TimeSpan.FromMinutes(2));
        await server.Http.Ask("GET", next).Bad(HttpStatusCode.Gone);
    }
}
