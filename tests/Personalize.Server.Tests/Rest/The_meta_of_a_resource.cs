using System.Net;
using System.Text.Json;

namespace Personalize.Server.Tests.Rest;

public sealed class The_meta_of_a_resource(OpenServer open) : IClassFixture<OpenServer>
{
    private readonly HttpClient _http = open.Http;

    private static string Posted(string meta) => $$"""{"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":{{meta}} }]}""";

    private static JsonElement Meta(JsonElement parameters)
    {
        Assert.Equal("return", parameters.GetProperty("parameter")[0].GetProperty("name").GetString());
        return parameters.GetProperty("parameter")[0].GetProperty("valueMeta");
    }

    private static string[] Codes(JsonElement meta, string list) => meta.TryGetProperty(list, out var labels) ? [.. labels.EnumerateArray().Select(label => label.GetProperty("code").GetString()!)] : [];

    [Fact]
    public async Task Is_read_added_to_and_taken_from()
    {
        await _http.Ask("PUT", "Practitioner/m", """{"resourceType":"Practitioner","id":"m","meta":{"tag":[{"system":"urn:t","code":"a"}]}, "active":true}""").Good(HttpStatusCode.Created);
        Assert.Equal(["a"], Codes(Meta(await _http.Ask("GET", "Practitioner/m/$meta").Good()), "tag"));
        var added = Meta(await _http.Ask("POST", "Practitioner/m/$meta-add", Posted("""{"profile":["http://example.org/p"],"tag":[{"system":"urn:t","code":"a"},{"system":"urn:t","code":"b"}],"security":[{"system":"urn:s","code":"R"}]}""")).Good());
        Assert.Equal(["a", "b"], Codes(added, "tag"));
        Assert.Equal(["R"], Codes(added, "security"));
        Assert.Equal("2", added.GetProperty("versionId").GetString());
        Assert.Equal(["m"], (await _http.Ask("GET", "Practitioner?_tag=urn:t|b").Good()).Ids());
        var left = Meta(await _http.Ask("POST", "Practitioner/m/$meta-delete", Posted("""{"profile":["http://example.org/p"],"tag":[{"system":"urn:t","code":"a"},{"system":"urn:t","code":"never"}]}""")).Good());
        Assert.Equal(["b"], Codes(left, "tag"));
        Assert.False(left.TryGetProperty("profile", out _));
        var text = await (await _http.Ask("GET", "Practitioner/m")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.EndsWith(", \"active\":true}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_told_of_all_together()
    {
        await _http.Ask("PUT", "Schedule/s1", """{"resourceType":"Schedule","id":"s1","meta":{"profile":["http://example.org/schedule|2"],"tag":[{"system":"urn:all","code":"a"},{"code":"bare"}]},"actor":[{"display":"x"}]}""").Good(HttpStatusCode.Created);
        await _http.Ask("PUT", "Schedule/s2", """{"resourceType":"Schedule","id":"s2","meta":{"tag":[{"system":"urn:all","code":"a","display":"A"}],"security":[{"system":"urn:all","code":"S"}]},"actor":[{"display":"x"}]}""").Good(HttpStatusCode.Created);
        await _http.Ask("PUT", "Slot/s3", """{"resourceType":"Slot","id":"s3","meta":{"tag":[{"system":"urn:all","code":"gone"}]},"schedule":{"reference":"Schedule/s1"},"status":"free","start":"2026-01-01T00:00:00Z","end":"2026-01-01T01:00:00Z"}""").Good(HttpStatusCode.Created);
        Assert.Equal(["gone"], Codes(Meta(await _http.Ask("GET", "Slot/$meta").Good()), "tag"));
        (await _http.Ask("DELETE", "Slot/s3")).EnsureSuccessStatusCode();
        var ofType = Meta(await _http.Ask("GET", "Schedule/$meta").Good());
        Assert.Equal(["a", "bare"], Codes(ofType, "tag").Order(StringComparer.Ordinal));
        Assert.Equal(["S"], Codes(ofType, "security"));
        Assert.Equal(["http://example.org/schedule|2"], ofType.GetProperty("profile").EnumerateArray().Select(p => p.GetString()));
        Assert.False(ofType.TryGetProperty("versionId", out _));
        var whole = Meta(await _http.Ask("POST", "$meta", """{"resourceType":"Parameters"}""").Good());
        Assert.Superset((HashSet<string>)["a", "bare"], Codes(whole, "tag").ToHashSet());
        Assert.DoesNotContain("gone", Codes(whole, "tag"));
        Assert.False((await _http.Ask("GET", "Slot/$meta").Good()).TryGetProperty("parameter", out _));
    }

    [Fact]
    public async Task Keeps_its_version_when_nothing_is_added()
    {
        await _http.Ask("PUT", "Practitioner/same", """{"resourceType":"Practitioner","id":"same","meta":{"tag":[{"system":"urn:t","code":"a"}]}}""").Good(HttpStatusCode.Created);
        Assert.Equal("1", Meta(await _http.Ask("POST", "Practitioner/same/$meta-add", Posted("""{"tag":[{"system":"urn:t","code":"a"}]}""")).Good()).GetProperty("versionId").GetString());
    }

    [Fact]
    public async Task Is_refused_where_it_makes_no_sense()
    {
        await _http.Ask("GET", "Practitioner/never/$meta").Bad(HttpStatusCode.NotFound);
        await _http.Ask("POST", "Practitioner/never/$meta-add", Posted("{\"tag\":[{\"code\":\"a\"}]}")).Bad(HttpStatusCode.NotFound);
        await _http.Ask("PUT", "Practitioner/strict", """{"resourceType":"Practitioner","id":"strict"}""").Good(HttpStatusCode.Created);
        await _http.Ask("POST", "Practitioner/strict/$meta-add", """{"resourceType":"Parameters"}""").Bad(HttpStatusCode.BadRequest);
        await _http.Ask("POST", "Practitioner/strict/$meta-add", Posted("{\"tag\":[{\"code\":\"a\"}]}"), ("If-Match", "W/\"7\"")).Bad(HttpStatusCode.PreconditionFailed);
        await _http.Ask("GET", "Practitioner/strict/$meta-add").Bad(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Of_many_at_once_loses_none()
    {
        await _http.Ask("PUT", "Person/tagged", """{"resourceType":"Person","id":"tagged"}""").Good(HttpStatusCode.Created);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(n => _http.Ask("POST", "Person/tagged/$meta-add", Posted($$"""{"tag":[{"system":"urn:t","code":"{{n}}"}]}""")).Good()));
        Assert.Equal(["0", "1", "2", "3"], Codes(Meta(await _http.Ask("GET", "Person/tagged/$meta").Good()), "tag").Order());
    }

    [Fact]
    public async Task Is_changed_in_a_batch_but_not_in_a_transaction()
    {
        await _http.Ask("PUT", "Person/bundled", """{"resourceType":"Person","id":"bundled"}""").Good(HttpStatusCode.Created);
        string Bundle(string type) => $$"""{"resourceType":"Bundle","type":"{{type}}","entry":[{"resource":{{Posted("{\"tag\":[{\"code\":\"a\"}]}")}},"request":{"method":"POST","url":"Person/bundled/$meta-add"} }]}""";
        await _http.Ask("POST", "", Bundle("transaction")).Bad(HttpStatusCode.BadRequest);
        Assert.Empty(Codes(Meta(await _http.Ask("GET", "Person/bundled/$meta").Good()), "tag"));
        await _http.Ask("POST", "", Bundle("batch")).Good();
        Assert.Equal(["a"], Codes(Meta(await _http.Ask("GET", "Person/bundled/$meta").Good()), "tag"));
    }
}
