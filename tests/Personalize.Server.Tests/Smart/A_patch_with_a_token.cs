using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Personalize.Server.Flow;

namespace Personalize.Server.Tests.Smart;

/// <summary>A patch reads and writes: a token needs the right to both, for what the patch is of.</summary>
public sealed class A_patch_with_a_token(SharedHost shared) : IClassFixture<SharedHost>, IAsyncLifetime
{
    private SmartClient? _client;

    private SmartClient Client => _client!;

    public async ValueTask InitializeAsync()
    {
        _client = await new SmartClient(shared.Host).SignIn();
        var all = await Token("user/*.cruds", null);
        foreach (var id in (string[])["carl", "dora"])
            using (var put = await Client.Fhir(HttpMethod.Put, $"Patient/{id}", all, $$"""{"resourceType":"Patient","id":"{{id}}","birthDate":"1940-05-05","active":true}"""))
                Assert.True(put.IsSuccessStatusCode);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("user/*.rs", null, "carl", HttpStatusCode.Forbidden)]
    [InlineData("user/Patient.cu", null, "carl", HttpStatusCode.Forbidden)]
    [InlineData("user/Observation.cruds", null, "carl", HttpStatusCode.Forbidden)]
    [InlineData("launch patient/*.rs", "carl", "carl", HttpStatusCode.Forbidden)]
    [InlineData("launch patient/*.cruds", "carl", "dora", HttpStatusCode.NotFound)]
    [InlineData("launch patient/*.cruds", "carl", "carl", HttpStatusCode.OK)]
    [InlineData("user/Patient.ru", null, "dora", HttpStatusCode.OK)]
    public async Task Is_done_where_its_scopes_reach(string scope, string? launch, string id, HttpStatusCode expected)
    {
        using var answer = await Client.Fhir(HttpMethod.Patch, $"Patient/{id}", await Token(scope, launch), Operation("Patient.active"));
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Answers_no_more_of_what_was_worked_out_than_a_read()
    {
        var (all, narrow) = (await Token("user/*.cruds", null), await Token("user/Patient.ru", null));
        using (var put = await Client.Fhir(HttpMethod.Put, "Condition/dm-dora", all, """{"resourceType":"Condition","id":"dm-dora","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"code":{"coding":[{"system":"http://snomed.info/sct","code":"44054006"}]},"subject":{"reference":"Patient/dora"}}"""))
            Assert.True(put.IsSuccessStatusCode);
        using (var put = await Client.Fhir(HttpMethod.Put, "Observation/a1c-dora", all, $$"""{"resourceType":"Observation","id":"a1c-dora","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"4548-4"}]},"subject":{"reference":"Patient/dora"},"effectiveDateTime":"{{shared.Host.Clock.GetUtcNow().AddDays(-9):yyyy-MM-dd}}","valueQuantity":{"value":9.6,"unit":"%","system":"http://unitsofmeasure.org","code":"%"} }"""))
            Assert.True(put.IsSuccessStatusCode);
        await shared.Host.Services.GetRequiredService<Personalizer>().AtRest(TestContext.Current.CancellationToken);
        foreach (var path in (string[])["Patient.photo", "Patient.birthDate"])
        {
            using var patched = await Client.Fhir(HttpMethod.Patch, "Patient/dora", narrow, Operation(path));
            Assert.Equal(HttpStatusCode.OK, patched.StatusCode);
            Assert.DoesNotContain("diabetes-above-goal", await patched.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        using var kept = await Client.Fhir("Patient/dora", all);
        Assert.Contains("diabetes-above-goal", await kept.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static string Operation(string path) =>
        $$"""{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"delete"},{"name":"path","valueString":"{{path}}"}]}]}""";

    private async Task<string> Token(string scope, string? patient) =>
        (await Client.Token(scope, patient is null ? null : await shared.Host.NewLaunch(Client.Cookie, patient))).GetProperty("access_token").GetString()!;
}
