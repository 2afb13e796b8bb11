using System.Net;
using System.Text.Json.Nodes;

namespace Personalize.Server.Tests.Rest;

public sealed class A_patient_that_the_engine_wrote_to(OpenServer open) : IClassFixture<OpenServer>
{
    private const string Derived = "https://personalize-fhir.org/fhir/StructureDefinition/patient-";
    private readonly HttpClient _http = open.Http;

    [Fact]
    public async Task Is_still_updated_with_the_version_that_was_read_before()
    {
        const string Body = """{"resourceType":"Patient","id":"elder","birthDate":"1940-01-01","gender":"female","communication":[{"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"es"}]},"preferred":true}]}""";
        using var created = await _http.Ask("PUT", "Patient/elder", Body);
        Assert.Equal("W/\"1\"", created.Headers.ETag?.ToString());
        await open.Server.AtRest();
        var derived = Extensions(await (await _http.Ask("GET", "Patient/elder")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.NotEmpty(derived);

        var renamed = Body.Replace("\"gender\":\"female\"", "\"gender\":\"female\",\"name\":[{\"family\":\"Later\"}]", StringComparison.Ordinal);
        using var updated = await _http.Ask("PUT", "Patient/elder", renamed, ("If-Match", "W/\"1\""));
        Assert.Equal(HttpStatusCode.OK, updated.StatusCode);
        var text = await updated.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Later", text, StringComparison.Ordinal);
        Assert.Equal(derived, Extensions(text));

        await _http.Ask("PUT", "Patient/elder", Body, ("If-Match", "W/\"1\"")).Bad(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task Is_found_by_its_segment_and_its_group()
    {
        (await _http.Ask("PUT", "Patient/found", """{"resourceType":"Patient","id":"found","birthDate":"1941-01-01"}""")).EnsureSuccessStatusCode();
        await open.Server.AtRest();
        var patient = JsonNode.Parse(await (await _http.Ask("GET", "Patient/found")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        var segment = patient["extension"]!.AsArray().First(e => (string?)e!["url"] == Derived + "segment")!["extension"]!.AsArray().First(e => (string?)e!["url"] == "code")!["valueCoding"]!["code"]!.GetValue<string>();
        Assert.Contains("found", (await _http.Ask("GET", $"Patient?segment={segment}").Good()).Ids());
        Assert.Contains($"members-{segment}", (await _http.Ask("GET", "Group?member=Patient/found").Good()).Ids());
        await _http.Ask("GET", $"Group/members-{segment}").Good();
    }

    private static string[] Extensions(string patient) =>
        [.. (JsonNode.Parse(patient)!["extension"]?.AsArray() ?? []).Where(e => ((string?)e!["url"])!.StartsWith(Derived, StringComparison.Ordinal)).Select(e => e!.ToJsonString())];
}
