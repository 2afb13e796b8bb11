using System.Globalization;
using System.Net;
using System.Text;

namespace Personalize.Server.Tests.Rest;

public sealed class Resources_over_http(OpenServer open) : IClassFixture<OpenServer>
{
    private readonly HttpClient _http = open.Http;

    [Fact]
    public async Task Are_created_with_an_id_a_version_and_a_location()
    {
        using var response = await _http.Ask("POST", "Patient", """{"resourceType":"Patient","id":"mine","gender":"female"}""");
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var patient = await response.Json();
        var id = patient.GetProperty("id").GetString();
        Assert.NotEqual("mine", id);
        Assert.Equal($"{_http.BaseAddress}Patient/{id}/_history/1", response.Headers.Location?.ToString());
        Assert.Equal("W/\"1\"", response.Headers.ETag?.ToString());
        Assert.NotNull(response.Content.Headers.LastModified);
        Assert.Equal("1", patient.GetProperty("meta").GetProperty("versionId").GetString());
    }

    [Fact]
    public async Task Come_back_byte_for_byte_but_for_id_and_meta()
    {
        const string Body = """{"resourceType":"Observation", "id":"exact","status":"final", "code":{"text":"caf\u00e9"},"valueQuantity":{"value":1.50,  "unit":"x"}}""";
        (await _http.Ask("PUT", "Observation/exact", Body)).EnsureSuccessStatusCode();
        var stored = await (await _http.Ask("GET", "Observation/exact")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("""
            "status":"final", "code":{"text":"caf\u00e9"},"valueQuantity":{"value":1.50,  "unit":"x"}}
            """, stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_are_not_there_are_404_and_deleted_ones_410()
    {
        Assert.Equal("not-found", (await _http.Ask("GET", "Patient/nobody").Bad(HttpStatusCode.NotFound)).GetProperty("code").GetString());
        await _http.Ask("PUT", "Person/gone", """{"resourceType":"Person","id":"gone"}""").Good(HttpStatusCode.Created);
        Assert.Equal(HttpStatusCode.NoContent, (await _http.Ask("DELETE", "Person/gone")).StatusCode);
        Assert.Equal("deleted", (await _http.Ask("GET", "Person/gone").Bad(HttpStatusCode.Gone)).GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await _http.Ask("DELETE", "Person/gone")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await _http.Ask("DELETE", "Patient/never-was")).StatusCode);
        var revived = await _http.Ask("PUT", "Person/gone", """{"resourceType":"Person","id":"gone"}""", ("If-None-Match", "*")).Good(HttpStatusCode.Created);
        Assert.Equal("3", revived.GetProperty("meta").GetProperty("versionId").GetString());
        await _http.Ask("GET", "Person/gone").Good();
    }

    [Fact]
    public async Task Are_not_sent_again_to_a_client_that_has_them()
    {
        await _http.Ask("PUT", "Practitioner/known", """{"resourceType":"Practitioner","id":"known"}""").Good(HttpStatusCode.Created);
        using var known = await _http.Ask("GET", "Practitioner/known", (byte[]?)null, ("If-None-Match", "W/\"1\""));
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        using var since = await _http.Ask("GET", "Practitioner/known", (byte[]?)null, ("If-Modified-Since", DateTimeOffset.UtcNow.AddMinutes(1).ToString("R", CultureInfo.InvariantCulture)));
        Assert.Equal(HttpStatusCode.NotModified, since.StatusCode);
        using var other = await _http.Ask("GET", "Practitioner/known", (byte[]?)null, ("If-None-Match", "W/\"7\""));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Are_updated_under_their_own_id_only()
    {
        await _http.Ask("PUT", "Patient/same", """{"resourceType":"Patient","id":"same","active":true}""").Good(HttpStatusCode.Created);
        await _http.Ask("PUT", "Patient/same", """{"resourceType":"Patient","id":"same","active":false}""").Good();
        Assert.Equal("Patient.id", (await _http.Ask("PUT", "Patient/same", """{"resourceType":"Patient","id":"other"}""").Bad(HttpStatusCode.BadRequest)).GetProperty("expression")[0].GetString());
        await _http.Ask("PUT", "Patient/same", """{"resourceType":"Patient"}""").Bad(HttpStatusCode.BadRequest);
        await _http.Ask("PUT", "Patient/same", """{"resourceType":"Group","id":"same","type":"person","actual":true}""").Bad(HttpStatusCode.BadRequest);
        await _http.Ask("PUT", "Patient/with_underscore", """{"resourceType":"Patient","id":"with_underscore"}""").Bad(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Keep_their_version_when_nothing_changes()
    {
        await _http.Ask("PUT", "Practitioner/still", """{"resourceType":"Practitioner","id":"still","active":true}""").Good(HttpStatusCode.Created);
        using var again = await _http.Ask("PUT", "Practitioner/still", """{"resourceType":"Practitioner","id":"still","active":true}""");
        Assert.Equal("W/\"1\"", again.Headers.ETag?.ToString());
    }

    [Fact]
    public async Task Are_updated_only_from_the_version_that_was_named()
    {
        await _http.Ask("PUT", "Practitioner/raced", """{"resourceType":"Practitioner","id":"raced","active":true}""").Good(HttpStatusCode.Created);
        using var first = await _http.Ask("PUT", "Practitioner/raced", """{"resourceType":"Practitioner","id":"raced","gender":"male"}""", ("If-Match", "W/\"1\""));
        Assert.Equal("W/\"2\"", first.Headers.ETag?.ToString());
        await _http.Ask("PUT", "Practitioner/raced", """{"resourceType":"Practitioner","id":"raced","gender":"female"}""", ("If-Match", "W/\"1\"")).Bad(HttpStatusCode.PreconditionFailed);
        await _http.Ask("DELETE", "Practitioner/raced", (byte[]?)null, ("If-Match", "W/\"1\"")).Bad(HttpStatusCode.PreconditionFailed);
        await _http.Ask("PUT", "Practitioner/raced", """{"resourceType":"Practitioner","id":"raced"}""", ("If-Match", "2")).Bad(HttpStatusCode.BadRequest);
        await _http.Ask("PUT", "Practitioner/raced", """{"resourceType":"Practitioner","id":"raced"}""", ("If-None-Match", "*")).Bad(HttpStatusCode.PreconditionFailed);
        await _http.Ask("PUT", "Practitioner/raced", """{"resourceType":"Practitioner","id":"raced"}""", ("If-None-Match", "W/\"2\"")).Bad(HttpStatusCode.BadRequest);
        Assert.Equal("male", (await _http.Ask("GET", "Practitioner/raced").Good()).GetProperty("gender").GetString());
    }

    [Fact]
    public async Task Are_created_once_when_told_so()
    {
        const string Body = """{"resourceType":"Patient","identifier":[{"system":"urn:s","value":"once"}]}""";
        var first = await _http.Ask("POST", "Patient", Body, ("If-None-Exist", "identifier=urn:s|once")).Good(HttpStatusCode.Created);
        var second = await _http.Ask("POST", "Patient", Body, ("If-None-Exist", "identifier=urn:s|once")).Good();
        Assert.Equal(first.GetProperty("id").GetString(), second.GetProperty("id").GetString());
        await _http.Ask("POST", "Patient", Body).Good(HttpStatusCode.Created);
        await _http.Ask("POST", "Patient", Body, ("If-None-Exist", "identifier=urn:s|once")).Bad(HttpStatusCode.PreconditionFailed);
        await _http.Ask("POST", "Patient", Body, ("If-None-Exist", "nonsense=1")).Bad(HttpStatusCode.BadRequest);
        await _http.Ask("POST", "Patient", Body, ("If-None-Exist", "")).Bad(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Are_answered_at_once_also_to_who_would_have_an_answer_later_unless_that_is_an_error_to_him()
    {
        await _http.Ask("GET", "Patient?_count=1", (byte[]?)null, ("Prefer", "respond-async")).Good();
        await _http.Ask("GET", "Patient?_count=1", (byte[]?)null, ("Prefer", "respond-async, handling=lenient")).Good();
        Assert.Equal("not-supported", (await _http.Ask("GET", "Patient?_count=1", (byte[]?)null, ("Prefer", "respond-async, handling=strict")).Bad(HttpStatusCode.BadRequest)).GetProperty("code").GetString());
        await _http.Ask("GET", "Patient?_count=1", (byte[]?)null, ("Prefer", "handling=strict")).Good();
    }

    [Theory]
    [InlineData("minimal", 0)]
    [InlineData("representation", 1)]
    [InlineData("OperationOutcome", 2)]
    public async Task Are_answered_as_preferred(string form, int expected)
    {
        using var response = await _http.Ask("POST", "Patient", """{"resourceType":"Patient"}""", ("Prefer", $"return={form}"));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(expected, text.Length == 0 ? 0 : text.Contains("OperationOutcome", StringComparison.Ordinal) ? 2 : 1);
    }

    [Fact]
    public async Task Have_versions_and_a_history()
    {
        foreach (var gender in (string[])["male", "female", "other"])
            (await _http.Ask("PUT", "Person/past", $$"""{"resourceType":"Person","id":"past","gender":"{{gender}}"}""")).EnsureSuccessStatusCode();
        await _http.Ask("DELETE", "Person/past");
        Assert.Equal("female", (await _http.Ask("GET", "Person/past/_history/2").Good()).GetProperty("gender").GetString());
        await _http.Ask("GET", "Person/past/_history/4").Bad(HttpStatusCode.Gone);
        await _http.Ask("GET", "Person/past/_history/9").Bad(HttpStatusCode.NotFound);
        var history = await _http.Ask("GET", "Person/past/_history").Good();
        Assert.Equal(["DELETE", "PUT", "PUT", "PUT"], history.Entries().Select(e => e.GetProperty("request").GetProperty("method").GetString()));
        Assert.Equal(["W/\"4\"", "W/\"3\"", "W/\"2\"", "W/\"1\""], history.Entries().Select(e => e.GetProperty("response").GetProperty("etag").GetString()));
        Assert.Equal(4, (await _http.Ask("GET", "Person/_history").Good()).Entries().Count(e => e.GetProperty("fullUrl").GetString()!.EndsWith("/past", StringComparison.Ordinal)));
        await _http.Ask("GET", "Person/never/_history").Bad(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Have_a_history_that_is_paged_and_narrowed()
    {
        for (var i = 0; i < 5; i++)
            (await _http.Ask("PUT", "Basic/paged", $$"""{"resourceType":"Basic","id":"paged","code":{"text":"{{i}}"} }""")).EnsureSuccessStatusCode();
        var page = await _http.Ask("GET", "Basic/paged/_history?_count=2").Good();
        var versions = new List<string>();
        for (string? next; ; page = await _http.Ask("GET", next).Good())
        {
            versions.AddRange(page.Entries().Select(e => e.GetProperty("resource").GetProperty("meta").GetProperty("versionId").GetString()!));
            if ((next = page.Link("next")) is null)
                break;
        }
        Assert.Equal(["5", "4", "3", "2", "1"], versions);
        Assert.Empty((await _http.Ask("GET", $"Basic/_history?_since={Uri.EscapeDataString(DateTimeOffset.UtcNow.AddHours(1).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture))}").Good()).Entries());
        await _http.Ask("GET", "Basic/_history?_since=yesterday").Bad(HttpStatusCode.BadRequest);
        await _http.Ask("GET", "Basic/_history?name=x").Bad(HttpStatusCode.BadRequest);
        Assert.NotEmpty((await _http.Ask("GET", "_history?_count=3").Good()).Entries());
    }

    [Fact]
    public async Task Have_a_history_of_what_was_current_at_a_time()
    {
        var clock = new FixedClock(new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero));
        await using var server = await RunningServer.Start(time: clock);
        foreach (var (day, text) in new[] { (1, "one"), (3, "two"), (5, "three") })
        {
            clock.Now = new(2026, 3, day, 10, 0, 0, TimeSpan.Zero);
            (await server.Http.Ask("PUT", "Basic/at", $$"""{"resourceType":"Basic","id":"at","code":{"text":"{{text}}"} }""")).EnsureSuccessStatusCode();
        }
        clock.Now = new(2026, 3, 7, 10, 0, 0, TimeSpan.Zero);
        await server.Http.Ask("DELETE", "Basic/at");
        foreach (var path in (string[])["Basic/at/_history", "Basic/_history", "_history"])
        {
            async Task<string[]> At(string time) => [.. (await server.Http.Ask("GET", $"{path}?_at={time}").Good()).Entries()
                .Where(e => e.GetProperty("request").GetProperty("url").GetString()!.StartsWith("Basic", StringComparison.Ordinal)).Select(e => e.GetProperty("response").GetProperty("etag").GetString()!)];
            Assert.Equal(["W/\"1\""], await At("2026-03-02"));
            Assert.Equal(["W/\"2\"", "W/\"1\""], await At("2026-03-03"));
            Assert.Equal(["W/\"2\""], await At("2026-03-03T10:00:00Z"));
            Assert.Equal(["W/\"4\""], await At("2026-03-08"));
            Assert.Empty(await At("2026-02"));
            Assert.Equal(["W/\"4\"", "W/\"3\"", "W/\"2\"", "W/\"1\""], await At("2026-03"));
        }
        await server.Http.Ask("GET", "Basic/_history?_at=then").Bad(HttpStatusCode.BadRequest);
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    [Fact]
    public async Task Say_what_may_be_asked_when_asked_for_it()
    {
        using var options = await _http.Ask("OPTIONS", "Patient/x");
        Assert.Equal(HttpStatusCode.NoContent, options.StatusCode);
        Assert.Contains("PATCH", options.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("PATCH", "Patient", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PUT", "Patient", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "Patient", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "Patient/x", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "Nonsense/x", HttpStatusCode.NotFound)]
    [InlineData("GET", "patient/x", HttpStatusCode.NotFound)]
    [InlineData("GET", "DomainResource/x", HttpStatusCode.NotFound)]
    [InlineData("GET", "Patient/x/y/z", HttpStatusCode.NotFound)]
    [InlineData("GET", "Patient/x/$nonsense", HttpStatusCode.NotFound)]
    [InlineData("GET", "Patient/a_b", HttpStatusCode.BadRequest)]
    public async Task Answer_what_is_not_offered_with_an_outcome(string method, string path, HttpStatusCode status) =>
        await _http.Ask(method, path, method is "POST" or "PUT" or "PATCH" ? """{"resourceType":"Patient"}""" : null).Bad(status);

    [Fact]
    public async Task Are_json_or_xml_and_nothing_else()
    {
        await _http.Ask("GET", "Patient", (byte[]?)null, ("Accept", "text/turtle")).Bad(HttpStatusCode.NotAcceptable);
        await _http.Ask("GET", "Patient?_format=ttl").Bad(HttpStatusCode.NotAcceptable);
        await _http.Ask("POST", "Patient", "<Patient/>", ("Content-Type", "text/turtle")).Bad(HttpStatusCode.UnsupportedMediaType);
        await _http.Ask("POST", "Patient", "{}", ("Content-Encoding", "compress")).Bad(HttpStatusCode.UnsupportedMediaType);
        await _http.Ask("POST", "Patient", "{}", ("Content-Type", "application/json; charset=utf-16")).Bad(HttpStatusCode.UnsupportedMediaType);
        await _http.Ask("POST", "Patient", """{"resourceType":"Patient"}""", ("Content-Type", "application/json; charset=UTF-8")).Good(HttpStatusCode.Created);
        await _http.Ask("GET", "Patient", (byte[]?)null, ("Accept", "application/fhir+json; fhirVersion=3.0")).Bad(HttpStatusCode.NotAcceptable);
        await _http.Ask("GET", "Patient", (byte[]?)null, ("Accept", "application/fhir+json; fhirVersion=4.0")).Good();
        await _http.Ask("POST", "Patient", """{"resourceType":"Patient"}""", ("Content-Type", "application/fhir+json; fhirVersion=5.0")).Bad(HttpStatusCode.UnsupportedMediaType);
        await _http.Ask("POST", "Patient", """{"resourceType":"Patient"}""", ("Content-Type", "application/fhir+json; fhirVersion=4.0.1")).Good(HttpStatusCode.Created);
        await _http.Ask("GET", "Patient?_format=text/json", (byte[]?)null, ("Accept", "text/turtle")).Good();
        await _http.Ask("GET", "Patient?_format=application/fhir%2Bjson", (byte[]?)null, ("Accept", "application/xml")).Good();
        await _http.Ask("GET", "Patient", (byte[]?)null, ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")).Good();
        await _http.Ask("GET", "Patient", (byte[]?)null, ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")).Good();
    }

    [Fact]
    public async Task Are_read_by_pages_of_this_machine_alone_where_no_token_is_asked()
    {
        using var near = await _http.Ask("OPTIONS", "Patient", (byte[]?)null, ("Origin", "http://localhost:3000"), ("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "if-match"));
        Assert.Equal("http://localhost:3000", near.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("if-match", near.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.Ordinal);
        using var read = await _http.Ask("GET", "Patient", (byte[]?)null, ("Origin", "http://localhost:3000"));
        Assert.All((string[])["ETag", "Location", "Content-Location", "Last-Modified"], name => Assert.Contains(name, read.Headers.GetValues("Access-Control-Expose-Headers").Single(), StringComparison.Ordinal));
        using var far = await _http.Ask("GET", "Patient", (byte[]?)null, ("Origin", "https://example.org"));
        Assert.False(far.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Echo_the_request_id_and_have_no_body_for_head()
    {
        await _http.Ask("PUT", "Patient/headed", """{"resourceType":"Patient","id":"headed"}""");
        using var head = await _http.Ask("HEAD", "Patient/headed", (byte[]?)null, ("X-Request-Id", "abc-1"));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal("abc-1", head.Headers.GetValues("X-Request-Id").Single());
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.True(head.Content.Headers.ContentLength > 20);
    }

    [Theory]
    [InlineData("127.0.0.0/8", "https://fhir.example.org/ehr/fhir/")]
    [InlineData("::1", null)]
    [InlineData("10.0.0.7", null)]
    public async Task Lie_where_a_known_proxy_says(string proxy, string? expected)
    {
        await using var behind = await RunningServer.Start(s => s with { Proxies = [proxy] });
        foreach (var server in (HttpClient[])[behind.Http, _http])
        {
            using var created = await server.Ask("POST", "Basic", """{"resourceType":"Basic","code":{"text":"x"}}""",
                ("X-Forwarded-For", "192.0.2.9"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "fhir.example.org"), ("X-Forwarded-Prefix", "/ehr"));
            var here = server == _http ? null : expected;
            Assert.StartsWith(here ?? server.BaseAddress!.ToString(), created.Headers.Location!.ToString(), StringComparison.Ordinal);
        }
        Assert.NotNull(new LaunchSettings { Proxies = ["anybody"] }.Checked().Failure);
    }

    [Fact]
    public async Task That_are_too_large_are_413()
    {
        await using var small = await RunningServer.Start(s => s with { MaxBody = "4KB" });
        var large = """{"resourceType":"Patient","name":[{"text":"X"}]}""".Replace("X", new string('x', 5000), StringComparison.Ordinal);
        Assert.Equal("too-long", (await small.Http.Ask("POST", "Patient", large).Bad(HttpStatusCode.RequestEntityTooLarge)).GetProperty("code").GetString());
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "Patient") { Content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(large))) };
        chunked.Headers.TransferEncodingChunked = true;
        chunked.Content.Headers.ContentType = new("application/fhir+json");
        await small.Http.SendAsync(chunked, TestContext.Current.CancellationToken).Bad(HttpStatusCode.RequestEntityTooLarge);
        await small.Http.Ask("POST", "Patient", """{"resourceType":"Patient"}""").Good(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Are_described_by_a_truthful_capability_statement()
    {
        var statement = await _http.Ask("GET", "metadata").Good();
        Assert.Equal("4.0.1", statement.GetProperty("fhirVersion").GetString());
        Assert.Equal(_http.BaseAddress!.ToString().TrimEnd('/'), statement.GetProperty("implementation").GetProperty("url").GetString());
        await _http.Ask("POST", "CapabilityStatement", statement.GetRawText()).Good(HttpStatusCode.Created); // it is valid by our own measure
        var rest = statement.GetProperty("rest")[0];
        var patient = rest.GetProperty("resource").EnumerateArray().Single(r => r.GetProperty("type").GetString() == "Patient");
        foreach (var parameter in patient.GetProperty("searchParam").EnumerateArray().Select(p => (p.GetProperty("name").GetString()!, p.GetProperty("type").GetString()!)))
            (await _http.Ask("GET", $"Patient?{parameter.Item1}={Sample(parameter.Item2)}")).EnsureSuccessStatusCode();
        Assert.Contains("birthdate", patient.GetProperty("searchParam").EnumerateArray().Select(p => p.GetProperty("name").GetString()));
        Assert.Equal(["transaction", "batch", "history-system", "search-system"], rest.GetProperty("interaction").EnumerateArray().Select(i => i.GetProperty("code").GetString()));
        Assert.Equal(["http://hl7.org/fhir/CompartmentDefinition/patient"], rest.GetProperty("compartment").EnumerateArray().Select(c => c.GetString()));
        Assert.True(patient.GetProperty("conditionalUpdate").GetBoolean());
        Assert.Equal(("single", "full-support"), (patient.GetProperty("conditionalDelete").GetString(), patient.GetProperty("conditionalRead").GetString()));
        var operations = patient.GetProperty("operation").EnumerateArray().Select(o => o.GetProperty("name").GetString()).ToList();
        Assert.All((string[])["everything", "meta", "meta-add", "meta-delete", "validate"], name => Assert.Single(operations, name));
        foreach (var include in patient.GetProperty("searchInclude").EnumerateArray())
            (await _http.Ask("GET", $"Patient?_id=x&_include={include.GetString()}")).EnsureSuccessStatusCode();
        foreach (var include in patient.GetProperty("searchRevInclude").EnumerateArray())
            (await _http.Ask("GET", $"Patient?_id=x&_revinclude={include.GetString()}")).EnsureSuccessStatusCode();
        await _http.Ask("POST", "metadata", "{}").Bad(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Are_described_in_the_mode_that_is_asked_for()
    {
        foreach (var mode in (string[])["full", "normative"])
            Assert.Equal("CapabilityStatement", (await _http.Ask("GET", $"metadata?mode={mode}").Good()).GetProperty("resourceType").GetString());
        var terminology = await _http.Ask("GET", "metadata?mode=terminology").Good();
        Assert.Equal("TerminologyCapabilities", terminology.GetProperty("resourceType").GetString());
        await _http.Ask("POST", "TerminologyCapabilities", terminology.GetRawText()).Good(HttpStatusCode.Created);
        await _http.Ask("GET", "metadata?mode=nonsense").Bad(HttpStatusCode.BadRequest);
    }

    private static string Sample(string type) => type switch { "date" => "2020-01-01", "number" or "quantity" => "1", "reference" => "Patient/1", _ => "x" };
}
