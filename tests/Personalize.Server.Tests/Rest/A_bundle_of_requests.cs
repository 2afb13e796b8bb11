using System.Net;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Personalize.Server.Tests.Rest;

public sealed class A_bundle_of_requests(OpenServer open) : IClassFixture<OpenServer>
{
    private readonly HttpClient _http = open.Http;

    private static string Bundle(string type, params string[] entries) => $$"""{"resourceType":"Bundle","type":"{{type}}","entry":[{{string.Join(',', entries)}}]}""";

    private static string Entry(string method, string url, string? resource = null, string more = "", string? fullUrl = null) =>
        "{" + (fullUrl is null ? "" : $"\"fullUrl\":\"{fullUrl}\",") + (resource is null ? "" : $"\"resource\":{resource},") + $$"""
        "request":{"method":"{{method}}","url":"{{url}}"{{more}} } }
        """;

    private static string[] Statuses(JsonElement bundle) => [.. bundle.Entries().Select(e => e.GetProperty("response").GetProperty("status").GetString()![..3])];

    [Fact]
    public async Task Tells_what_it_wrote_when_something_that_it_reads_is_damaged()
    {
        await using var server = await RunningServer.Start();
        await server.Http.Ask("PUT", "Basic/damaged", """{"resourceType":"Basic","id":"damaged","code":{"text":"x"} }""").Good(HttpStatusCode.Created);
        await using (var file = new SqliteConnection($"Data Source={Path.Combine(server.Data, "store.db")};Pooling=False"))
        {
            await file.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = file.CreateCommand();
            command.CommandText = "UPDATE res SET json=x'87FFFF' WHERE n=(SELECT n FROM ids WHERE id='damaged')";
            Assert.Equal(1, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        }
        foreach (var type in (string[])["batch", "transaction"])
        {
            var answer = await server.Http.Ask("POST", "", $$"""
                {"resourceType":"Bundle","type":"{{type}}","entry":[
                  {"request":{"method":"POST","url":"Basic"},"resource":{"resourceType":"Basic","code":{"text":"kept"} } },
                  {"request":{"method":"GET","url":"Basic/damaged"} }]}
                """).Good();
            Assert.Equal(["201", "500"], answer.Entries().Select(entry => entry.GetProperty("response").GetProperty("status").GetString()![..3]));
        }
    }

    [Fact]
    public async Task Is_done_as_a_whole_with_its_links_resolved()
    {
        var response = await _http.Ask("POST", "", Bundle("transaction",
            Entry("POST", "Observation", """{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"urn:uuid:8c7b1bd5-9d5d-4c0f-9c56-0d9c2f4b8d01"}}"""),
            Entry("GET", "Patient?identifier=urn:t|whole"),
            Entry("POST", "Patient", """{"resourceType":"Patient","identifier":[{"system":"urn:t","value":"whole"}]}""", fullUrl: "urn:uuid:8c7b1bd5-9d5d-4c0f-9c56-0d9c2f4b8d01"))).Good();
        Assert.Equal("transaction-response", response.GetProperty("type").GetString());
        Assert.Equal(["201", "200", "201"], Statuses(response));
        var places = response.Entries().Select(e => e.GetProperty("response").TryGetProperty("location", out var l) ? l.GetString()! : "").ToArray();
        var patient = places[2][..places[2].IndexOf("/_history", StringComparison.Ordinal)];
        var observation = await _http.Ask("GET", places[0]).Good();
        Assert.Equal(patient, observation.GetProperty("subject").GetProperty("reference").GetString());
        var asked = response.Entries().ElementAt(1).GetProperty("resource");
        Assert.Equal(patient["Patient/".Length..], Assert.Single(asked.Ids()));
    }

    [Fact]
    public async Task Answers_operations_that_are_posted_in_a_batch()
    {
        var response = await _http.Ask("POST", "", Bundle("batch",
            Entry("POST", "Patient/$validate", """{"resourceType":"Patient","gender":"f"}"""),
            Entry("POST", "$fhirpath", """{"resourceType":"Parameters","parameter":[{"name":"expression","valueString":"1 + 1"}]}"""),
            Entry("POST", "ValueSet/$expand", """{"resourceType":"Parameters","parameter":[{"name":"url","valueUri":"http://hl7.org/fhir/ValueSet/administrative-gender"}]}"""),
            Entry("POST", "ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/administrative-gender&count=1"),
            Entry("POST", "ValueSet/$nothing"))).Good();
        Assert.Equal(["200", "200", "200", "200", "404"], Statuses(response));
        var answers = response.Entries().Select(e => e.TryGetProperty("resource", out var resource) ? resource.GetProperty("resourceType").GetString() : null);
        Assert.Equal(["OperationOutcome", "Parameters", "ValueSet", "ValueSet", null], answers);
    }

    [Fact]
    public async Task Answers_operations_of_a_transaction_after_what_it_writes_and_with_its_links()
    {
        const string FullUrl = "urn:uuid:8c7b1bd5-9d5d-4c0f-9c56-0d9c2f4b8d77";
        const string Path = $$"""{"resourceType":"Parameters","parameter":[{"name":"expression","valueString":"subject.reference"},{"name":"resource","resource":{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"{{FullUrl}}"} } }]}""";
        var response = await _http.Ask("POST", "", Bundle("transaction",
            Entry("POST", "ValueSet/$expand?url=urn:of-this-transaction"),
            Entry("POST", "$fhirpath", Path),
            Entry("POST", "Patient", """{"resourceType":"Patient"}""", fullUrl: FullUrl),
            Entry("PUT", "ValueSet/oft", """{"resourceType":"ValueSet","id":"oft","url":"urn:of-this-transaction","status":"active","compose":{"include":[{"system":"urn:x","concept":[{"code":"1"}]}]}}"""))).Good();
        Assert.Equal(["200", "200", "201", "201"], Statuses(response));
        var entries = response.Entries().ToArray();
        Assert.Equal("1", entries[0].GetProperty("resource").GetProperty("expansion").GetProperty("contains")[0].GetProperty("code").GetString());
        var created = entries[2].GetProperty("response").GetProperty("location").GetString()!;
        Assert.Contains(created[..created.IndexOf("/_history", StringComparison.Ordinal)], entries[1].GetProperty("resource").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_HEAD_without_the_resource()
    {
        await _http.Ask("PUT", "Patient/head", """{"resourceType":"Patient","id":"head"}""").Good(HttpStatusCode.Created);
        var response = await _http.Ask("POST", "", Bundle("batch", Entry("HEAD", "Patient/head"), Entry("GET", "Patient/head"))).Good();
        Assert.Equal(["200", "200"], Statuses(response));
        Assert.Equal([false, true], response.Entries().Select(e => e.TryGetProperty("resource", out _)));
    }

    [Fact]
    public async Task Does_not_repeat_what_the_client_has()
    {
        await _http.Ask("PUT", "Practitioner/had", """{"resourceType":"Practitioner","id":"had"}""").Good(HttpStatusCode.Created);
        var response = await _http.Ask("POST", "", Bundle("batch", Entry("GET", "Practitioner/had", more: ""","ifNoneMatch":"W/\"1\"" """),
            Entry("GET", "Practitioner/had", more: ""","ifModifiedSince":"2999-01-01T00:00:00Z" """), Entry("GET", "Practitioner/had", more: ""","ifModifiedSince":"1999-01-01T00:00:00Z" """))).Good();
        Assert.Equal(["304", "304", "200"], Statuses(response));
        Assert.Equal([false, false, true], response.Entries().Select(e => e.TryGetProperty("resource", out _)));
    }

    [Fact]
    public async Task Leaves_nothing_when_one_entry_fails()
    {
        await open.Server.AtRest();
        var before = open.Store.T;
        var issue = await _http.Ask("POST", "", Bundle("transaction",
            Entry("PUT", "Patient/half", """{"resourceType":"Patient","id":"half"}"""),
            Entry("PUT", "Patient/half2", """{"resourceType":"Patient","id":"half2","gender":"unheard-of"}"""))).Bad(HttpStatusCode.UnprocessableEntity);
        Assert.StartsWith("Bundle.entry[1]", issue.GetProperty("expression")[0].GetString(), StringComparison.Ordinal);
        await _http.Ask("GET", "Patient/half").Bad(HttpStatusCode.NotFound);
        Assert.Equal(before, open.Store.T);
    }

    [Fact]
    public async Task Finds_what_it_refers_to_by_search()
    {
        (await _http.Ask("PUT", "Practitioner/byname", """{"resourceType":"Practitioner","id":"byname","identifier":[{"system":"urn:npi","value":"7"}]}""")).EnsureSuccessStatusCode();
        static string Encounter(string reference) => $$"""{"resourceType":"Encounter","status":"finished","class":{"code":"AMB"},"participant":[{"individual":{"reference":"{{reference}}"} }]}""";
        var response = await _http.Ask("POST", "", Bundle("transaction", Entry("POST", "Encounter", Encounter("Practitioner?identifier=urn:npi|7")))).Good();
        var encounter = await _http.Ask("GET", response.Entries().Single().GetProperty("response").GetProperty("location").GetString()!).Good();
        Assert.Equal("Practitioner/byname", encounter.GetProperty("participant")[0].GetProperty("individual").GetProperty("reference").GetString());

        using var failed = await _http.Ask("POST", "", Bundle("transaction", Entry("GET", "metadata"), Entry("POST", "Encounter", Encounter("Practitioner?identifier=urn:npi|none"))));
        Assert.InRange((int)failed.StatusCode, 400, 499);
        Assert.Contains("Bundle.entry[1]", (await failed.Json()).GetProperty("issue")[0].GetProperty("expression")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Creates_what_is_missing_and_takes_what_is_there()
    {
        var bundle = Bundle("transaction", Entry("POST", "Organization", """{"resourceType":"Organization","identifier":[{"system":"urn:o","value":"1"}],"name":"O"}""", ""","ifNoneExist":"identifier=urn:o|1" """, "urn:uuid:8c7b1bd5-9d5d-4c0f-9c56-0d9c2f4b8d02"),
            Entry("POST", "Location", """{"resourceType":"Location","managingOrganization":{"reference":"urn:uuid:8c7b1bd5-9d5d-4c0f-9c56-0d9c2f4b8d02"}}"""));
        Assert.Equal(["201", "201"], Statuses(await _http.Ask("POST", "", bundle).Good()));
        var second = await _http.Ask("POST", "", bundle).Good();
        Assert.Equal(["200", "201"], Statuses(second));
        var organizations = await _http.Ask("GET", "Organization?identifier=urn:o|1").Good();
        var location = await _http.Ask("GET", second.Entries().ElementAt(1).GetProperty("response").GetProperty("location").GetString()!).Good();
        Assert.Equal($"Organization/{Assert.Single(organizations.Ids())}", location.GetProperty("managingOrganization").GetProperty("reference").GetString());
    }

    [Fact]
    public async Task Answers_a_batch_entry_by_entry_in_the_order_of_the_requests()
    {
        var response = await _http.Ask("POST", "", Bundle("batch",
            Entry("GET", "Patient/nobody-here"),
            Entry("PUT", "Patient/batched", """{"resourceType":"Patient","id":"batched"}"""),
            Entry("PUT", "Patient/batched2", """{"resourceType":"Patient","id":"batched2","nonsense":1}"""),
            Entry("DELETE", "Patient/nobody-here"),
            Entry("GET", "Patient/batched"),
            Entry("PATCH", "Patient/batched"),
            Entry("GET", "Nonsense/x"))).Good();
        Assert.Equal("batch-response", response.GetProperty("type").GetString());
        Assert.Equal(["404", "201", "400", "204", "200"], Statuses(response)[..5]);
        Assert.All(Statuses(response)[5..], status => Assert.StartsWith("4", status, StringComparison.Ordinal));
        Assert.All(response.Entries().Where(e => e.GetProperty("response").GetProperty("status").GetString()![0] == '4'),
            e => Assert.Equal("OperationOutcome", e.GetProperty("response").GetProperty("outcome").GetProperty("resourceType").GetString()));
        Assert.Equal("batched", response.Entries().ElementAt(4).GetProperty("resource").GetProperty("id").GetString());
    }

    [Fact]
    public async Task Repeats_what_was_written_only_when_asked()
    {
        var bundle = Bundle("transaction", Entry("PUT", "Patient/repeated", """{"resourceType":"Patient","id":"repeated"}"""));
        Assert.False((await _http.Ask("POST", "", bundle).Good()).Entries().Single().TryGetProperty("resource", out _));
        Assert.Equal("repeated", (await _http.Ask("POST", "", bundle, ("Prefer", "return=representation")).Good()).Ids().Single());
        Assert.True((await _http.Ask("POST", "", bundle, ("Prefer", "return=OperationOutcome")).Good()).Entries().Single().GetProperty("response").TryGetProperty("outcome", out _));
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient"}""")]
    [InlineData("""{"resourceType":"Bundle","type":"searchset"}""")]
    [InlineData("""{"resourceType":"Bundle"}""")]
    [InlineData("""{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Patient"}}]}""")]
    [InlineData("""{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Group"}}]}""")]
    [InlineData("""{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"POST","url":"Patient"}}]}""")]
    [InlineData("""{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Patient","id":"a"},"request":{"method":"PUT","url":"Patient/b"}}]}""")]
    [InlineData("""{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Patient","id":"a"},"request":{"method":"PUT","url":"Patient/a"}},{"request":{"method":"DELETE","url":"Patient/a"}}]}""")]
    [InlineData("")]
    public async Task Is_refused_when_it_cannot_be_done(string body)
    {
        await open.Server.AtRest();
        var before = open.Store.T;
        using var response = await _http.Ask("POST", "", body);
        Assert.InRange((int)response.StatusCode, 400, 499);
        Assert.Equal("OperationOutcome", (await response.Json()).GetProperty("resourceType").GetString());
        Assert.Equal(before, open.Store.T);
    }
}
