using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Personalize.Server.Flow;

namespace Personalize.Server.Tests.Smart;

/// <summary>Two people, each with an observation of the same practitioner; a token for one of them.</summary>
public sealed class A_token_reaches(SharedHost shared) : IClassFixture<SharedHost>, IAsyncLifetime
{
    private SmartClient? _client;

    private SmartClient Client => _client!;

    public async ValueTask InitializeAsync()
    {
        _client = await new SmartClient(shared.Host).SignIn();
        var all = await Token("user/*.cruds", null);
        await Put("Practitioner/doc", all, """{"resourceType":"Practitioner","id":"doc","name":[{"family":"Doctor"}]}""");
        foreach (var (id, family) in new[] { ("anna", "Arnold"), ("berta", "Berg") })
        {
            await Put($"Patient/{id}", all, $$"""{"resourceType":"Patient","id":"{{id}}","name":[{"family":"{{family}}"}],"birthDate":"1940-05-05","generalPractitioner":[{"reference":"Practitioner/doc"}]}""");
            await Put($"Observation/of-{id}", all, Observation($"of-{id}", id));
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task With_a_patient_scope_the_record_of_its_patient()
    {
        var token = await Token("launch patient/*.rs", "anna");
        Assert.Equal(HttpStatusCode.OK, await Client.Reads("Patient/anna", token));
        Assert.Equal(HttpStatusCode.OK, await Client.Reads("Observation/of-anna", token));
        Assert.Equal(HttpStatusCode.OK, await Client.Reads("Observation/of-anna/_history", token));
        Assert.Equal(["Observation/of-anna"], await Found("Observation", token));
        Assert.Equal(["Patient/anna"], await Found("Patient", token));
    }

    [Fact]
    public async Task What_was_worked_out_only_when_it_may_read_all_that_this_rests_on()
    {
        var (all, narrow) = (await Token("user/*.cruds", null), await Token("user/Patient.rs", null));
        await Put("Condition/dm", all, """{"resourceType":"Condition","id":"dm","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"code":{"coding":[{"system":"http://snomed.info/sct","code":"44054006"}]},"subject":{"reference":"Patient/berta"}}""");
        await Put("Observation/a1c", all, $$"""{"resourceType":"Observation","id":"a1c","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"4548-4"}]},"subject":{"reference":"Patient/berta"},"effectiveDateTime":"{{shared.Host.Clock.GetUtcNow().AddDays(-9):yyyy-MM-dd}}","valueQuantity":{"value":9.6,"unit":"%","system":"http://unitsofmeasure.org","code":"%"} }""");
        await shared.Host.Services.GetRequiredService<Personalizer>().AtRest(TestContext.Current.CancellationToken);
        Assert.Equal(["Patient/berta"], await Found("Patient?segment=diabetes-above-goal", all));
        Assert.Empty(await Found("Patient?segment=diabetes-above-goal", narrow));
        Assert.Contains("Patient/berta", await Found("Patient?segment=older-adult", narrow));
        using var seen = await Client.Fhir("Patient/berta", all);
        using var hidden = await Client.Fhir("Patient/berta", narrow);
        Assert.Contains("diabetes-above-goal", await seen.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var told = await hidden.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("diabetes-above-goal", told, StringComparison.Ordinal);
        Assert.Contains("older-adult", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Patient/berta")]
    [InlineData("Observation/of-berta")]
    [InlineData("Observation/of-berta/_history")]
    [InlineData("Observation/of-berta/_history/1")]
    [InlineData("Patient/berta/$everything")]
    [InlineData("Patient/berta/$meta")]
    [InlineData("Practitioner/doc")]
    public async Task With_a_patient_scope_nothing_of_anybody_else(string path)
    {
        var token = await Token("launch patient/*.cruds", "anna");
        Assert.Contains(await Client.Reads(path, token), new[] { HttpStatusCode.Forbidden, HttpStatusCode.NotFound });
    }

    [Theory]
    [InlineData("Patient?_id=berta")]
    [InlineData("Observation?subject=Patient/berta")]
    [InlineData("Observation?patient=berta")]
    [InlineData("Observation?subject:Patient.family=Berg")]
    [InlineData("Observation?_lastUpdated=gt2000-01-01&subject=Patient/berta")]
    [InlineData("Patient?general-practitioner=Practitioner/doc&_id=berta")]
    [InlineData("Patient/berta/Observation")]
    [InlineData("Patient/berta/*")]
    public async Task With_a_patient_scope_no_search_for_anybody_else(string search)
    {
        var token = await Token("launch patient/*.rs", "anna");
        using var answer = await Client.Fhir(search, token);
        if (answer.StatusCode != HttpStatusCode.Forbidden)
            Assert.Empty(Keys(await SmartClient.Json(answer)));
    }

    [Theory]
    [InlineData("Observation?_include=Observation:performer", "Observation/of-anna")]
    [InlineData("Patient?_include=Patient:general-practitioner", "Patient/anna")]
    [InlineData("Patient?_revinclude=Observation:subject", "Patient/anna", "Observation/of-anna")]
    public async Task With_a_patient_scope_nothing_more_by_including(string search, params string[] keys) =>
        Assert.Equal(keys.Order(), (await Found(search, await Token("launch patient/*.rs", "anna"))).Order());

    [Fact]
    public async Task With_a_patient_scope_the_whole_record_and_nothing_that_it_refers_to_outside()
    {
        await AtRest();
        var keys = await Found("Patient/anna/$everything", await Token("launch patient/*.rs", "anna"));
        Assert.Contains("Observation/of-anna", keys);
        Assert.DoesNotContain("Practitioner/doc", keys);
        Assert.Equal(["Patient/anna"], await Found("Patient/anna/$everything", await Token("launch patient/Patient.rs", "anna")));
        Assert.Contains("Practitioner/doc", await Found("Patient/anna/$everything", await Token("user/*.rs", null)));
    }

    [Theory]
    [InlineData("PUT", "Observation?_id=of-berta", "launch patient/*.cruds", HttpStatusCode.Forbidden)]
    [InlineData("PUT", "Observation?_id=of-berta", "launch patient/*.rs", HttpStatusCode.Forbidden)]
    [InlineData("DELETE", "Observation?_id=of-berta", "launch patient/*.cruds", HttpStatusCode.NoContent)]
    [InlineData("PATCH", "Observation?_id=of-berta", "launch patient/*.cruds", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "Observation?_id=of-anna", "launch patient/*.rs", HttpStatusCode.Forbidden)]
    [InlineData("DELETE", "Observation?_id=nobody", "launch patient/*.rs", HttpStatusCode.Forbidden)]
    [InlineData("DELETE", "Observation?_id=of-anna", "user/Observation.d", HttpStatusCode.Forbidden)]
    [InlineData("POST", "Observation/of-anna/$meta-add", "launch patient/*.rs", HttpStatusCode.Forbidden)]
    [InlineData("POST", "Observation/of-berta/$meta-add", "launch patient/*.cruds", HttpStatusCode.NotFound)]
    public async Task No_farther_by_a_condition(string method, string path, string scope, HttpStatusCode expected)
    {
        const string Meta = """{"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":{"tag":[{"code":"x"}]}}]}""";
        const string Patch = """{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"delete"},{"name":"path","valueString":"Observation.note"}]}]}""";
        var token = await Token(scope, scope.StartsWith("launch", StringComparison.Ordinal) ? "anna" : null);
        var body = method switch { "PUT" => Observation("of-berta", "berta"), "PATCH" => Patch, "POST" => Meta, _ => null };
        using var answer = await Client.Fhir(new HttpMethod(method), path, token, body);
        Assert.Equal(expected, answer.StatusCode);
        foreach (var id in (string[])["of-anna", "of-berta"])
            Assert.Equal(HttpStatusCode.OK, await Client.Reads($"Observation/{id}", await Token("user/*.rs", null)));
    }

    [Fact]
    public async Task With_a_patient_scope_nothing_more_in_a_history_of_many()
    {
        var token = await Token("launch patient/*.rs", "anna");
        foreach (var path in new[] { "_history", "Observation/_history", "Patient/_history" })
        {
            using var answer = await Client.Fhir(path, token);
            if (answer.StatusCode == HttpStatusCode.OK)
                Assert.DoesNotContain(Keys(await SmartClient.Json(answer)), key => key.EndsWith("berta", StringComparison.Ordinal) || key.EndsWith("doc", StringComparison.Ordinal));
            else
                Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }

    [Fact]
    public async Task With_a_patient_scope_nothing_more_in_a_batch()
    {
        var token = await Token("launch patient/*.rs", "anna");
        using var answer = await Client.Fhir(HttpMethod.Post, "", token, """
            {"resourceType":"Bundle","type":"batch","entry":[
              {"request":{"method":"GET","url":"Observation/of-anna"}},
              {"request":{"method":"GET","url":"Observation/of-berta"}},
              {"request":{"method":"GET","url":"Observation?subject=Patient/berta"}},
              {"request":{"method":"DELETE","url":"Observation/of-anna"}}]}
            """);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var entries = (await SmartClient.Json(answer)).GetProperty("entry").EnumerateArray().ToList();
        Assert.StartsWith("200", Status(entries[0]), StringComparison.Ordinal);
        Assert.Matches("^40[34]", Status(entries[1]));
        Assert.DoesNotContain("of-berta", entries[2].GetRawText(), StringComparison.Ordinal);
        Assert.StartsWith("403", Status(entries[3]), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await Client.Reads("Observation/of-anna", token));
    }

    [Fact]
    public async Task With_a_patient_scope_what_was_worked_out_of_its_patient_alone()
    {
        await AtRest();
        Assert.Contains("Patient/berta", await Found("Patient?segment=older-adult", await Token("user/*.rs", null)));
        Assert.Equal(HttpStatusCode.OK, await Client.Reads("Group/members-older-adult", await Token("user/*.rs", null)));

        var token = await Token("launch patient/*.rs", "anna");
        Assert.Equal(["Patient/anna"], await Found("Patient?segment=older-adult", token));
        Assert.Equal(HttpStatusCode.OK, await Client.Reads("Patient/anna/$why", token));
        foreach (var path in new[] { "Patient/berta/$why", "Group/members-older-adult", "Group/members-older-adult/$members" })
            Assert.Contains(await Client.Reads(path, token), new[] { HttpStatusCode.Forbidden, HttpStatusCode.NotFound });
        Assert.Empty(await Found("Group?member=Patient/berta", token));
    }

    [Fact]
    public async Task With_a_patient_scope_that_writes_only_what_stays_with_the_patient()
    {
        var all = await Token("user/*.rs", null);
        var before = await Found("Observation?subject=Patient/berta", all);
        Assert.Contains("Observation/of-berta", before);
        var token = await Token("launch patient/Observation.cruds", "anna");
        using var own = await Client.Fhir(HttpMethod.Post, "Observation", token, Observation(null, "anna"));
        Assert.Equal(HttpStatusCode.Created, own.StatusCode);
        var id = (await SmartClient.Json(own)).GetProperty("id").GetString();
        using var gone = await Client.Fhir(HttpMethod.Delete, $"Observation/{id}", token, null);
        Assert.True(gone.IsSuccessStatusCode);
        foreach (var (method, path, body) in new[]
        {
            (HttpMethod.Post, "Observation", Observation(null, "berta")),
            (HttpMethod.Put, "Observation/of-anna", Observation("of-anna", "berta")),
            (HttpMethod.Put, "Observation/of-berta", Observation("of-berta", "anna")),
            (HttpMethod.Put, "Patient/anna", """{"resourceType":"Patient","id":"anna"}"""),
            (HttpMethod.Delete, "Observation/of-berta", null),
        })
        {
            using var answer = await Client.Fhir(method, path, token, body);
            Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Forbidden, HttpStatusCode.NotFound });
        }
        Assert.Equal(before, await Found("Observation?subject=Patient/berta", all));
    }

    [Fact]
    public async Task With_a_patient_scope_that_writes_no_part_of_a_transaction_that_goes_further()
    {
        var token = await Token("launch patient/Observation.cruds", "anna");
        using var answer = await Client.Fhir(HttpMethod.Post, "", token, $$$"""
            {"resourceType":"Bundle","type":"transaction","entry":[
              {"resource":{{{Observation("both-a", "anna")}}},"request":{"method":"PUT","url":"Observation/both-a"}},
              {"resource":{{{Observation("both-b", "berta")}}},"request":{"method":"PUT","url":"Observation/both-b"}}]}
            """);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, await Client.Reads("Observation/both-a", await Token("user/*.rs", null)));
    }

    [Fact]
    public async Task What_its_scopes_name_and_says_what_is_missing()
    {
        var token = await Token("user/Observation.r", null);
        Assert.Equal(HttpStatusCode.OK, await Client.Reads("Observation/of-berta", token));
        foreach (var path in new[] { "Patient/anna", "Patient", "Observation", "_history" })
        {
            using var answer = await Client.Fhir(path, token);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Contains("error=\"insufficient_scope\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
            Assert.Equal("OperationOutcome", (await SmartClient.Json(answer)).GetProperty("resourceType").GetString());
        }
    }

    [Fact]
    public async Task No_type_beside_its_scopes_by_including_or_by_chaining()
    {
        var token = await Token("user/Observation.rs", null);
        Assert.All(await Found("Observation?_include=Observation:subject&_include=Observation:performer", token), key => Assert.StartsWith("Observation/", key, StringComparison.Ordinal));
        // Whether somebody of that name is on file must not be told by what is found.
        Assert.Equal(await Answered("Observation?subject:Patient.family=Nobody", token), await Answered("Observation?subject:Patient.family=Berg", token));
    }

    [Fact]
    public async Task A_named_practitioner_beside_the_patient_when_a_scope_says_so()
    {
        var token = await Token("launch patient/*.rs patient/Practitioner.r", "anna");
        Assert.Equal(HttpStatusCode.OK, await Client.Reads("Practitioner/doc", token));
    }

    private Task AtRest() => shared.Host.Services.GetRequiredService<Personalizer>().AtRest(TestContext.Current.CancellationToken);

    private static string Observation(string? id, string patient) =>
        $$$"""{"resourceType":"Observation",{{{(id is null ? "" : $"\"id\":\"{id}\",")}}}"status":"final","code":{"text":"pulse"},"subject":{"reference":"Patient/{{{patient}}}"},"performer":[{"reference":"Practitioner/doc"}]}""";

    private async Task<string> Token(string scope, string? patient) =>
        (await Client.Token(scope, patient is null ? null : await shared.Host.NewLaunch(Client.Cookie, patient))).GetProperty("access_token").GetString()!;

    private async Task Put(string path, string token, string body)
    {
        using var answer = await Client.Fhir(HttpMethod.Put, path, token, body);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
    }

    private async Task<IReadOnlyList<string>> Found(string search, string token)
    {
        using var answer = await Client.Fhir(search, token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return Keys(await SmartClient.Json(answer));
    }

    private async Task<string> Answered(string search, string token)
    {
        using var answer = await Client.Fhir(search, token);
        return answer.StatusCode == HttpStatusCode.OK ? string.Join(' ', Keys(await SmartClient.Json(answer))) : answer.StatusCode.ToString();
    }

    private static List<string> Keys(JsonElement bundle) => !bundle.TryGetProperty("entry", out var entries) ? [] :
        [.. entries.EnumerateArray().Where(e => e.TryGetProperty("resource", out var r) && r.GetProperty("resourceType").GetString() != "OperationOutcome")
            .Select(e => e.GetProperty("resource")).Select(r => $"{r.GetProperty("resourceType").GetString()}/{r.GetProperty("id").GetString()}")];

    private static string Status(JsonElement entry) => entry.GetProperty("response").GetProperty("status").GetString()!;
}
