using System.Net;
using System.Text.Json;

namespace Personalize.Server.Tests.Smart;

public sealed class The_server_says_of_itself(SharedHost shared) : IClassFixture<SharedHost>
{
    [Fact]
    public async Task What_works_here_to_everybody_s_pages()
    {
        var host = shared.Host;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fhir/.well-known/smart-configuration");
        request.Headers.Add("Origin", "https://anywhere.example.org");
        request.Headers.Add("Accept", "text/html");
        using var answer = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        var said = await SmartClient.Json(answer);
        Assert.Equal(host.Address.AbsoluteUri, said.GetProperty("issuer").GetString());
        Assert.Equal(["S256"], Texts(said, "code_challenge_methods_supported"));
        Assert.Equal(["code"], Texts(said, "response_types_supported"));
        Assert.Contains("authorization_code", Texts(said, "grant_types_supported"));
        Assert.Contains("launch-ehr", Texts(said, "capabilities"));
        Assert.DoesNotContain("context-ehr-encounter", Texts(said, "capabilities"));
        foreach (var endpoint in new[] { "jwks_uri", "authorization_endpoint", "token_endpoint", "introspection_endpoint", "revocation_endpoint" })
            Assert.StartsWith(host.Address.AbsoluteUri + "auth/", said.GetProperty(endpoint).GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_in_the_configuration_of_OpenID_Connect()
    {
        var host = shared.Host;
        var smart = JsonDocument.Parse(await host.Http.GetStringAsync("/fhir/.well-known/smart-configuration", TestContext.Current.CancellationToken)).RootElement;
        var openId = JsonDocument.Parse(await host.Http.GetStringAsync("/.well-known/openid-configuration", TestContext.Current.CancellationToken)).RootElement;
        foreach (var name in new[] { "issuer", "jwks_uri", "authorization_endpoint", "token_endpoint", "introspection_endpoint", "revocation_endpoint" })
            Assert.Equal(smart.GetProperty(name).GetString(), openId.GetProperty(name).GetString());
        Assert.Equal(["S256"], Texts(openId, "code_challenge_methods_supported"));
        Assert.Equal(Texts(smart, "grant_types_supported").Order(), Texts(openId, "grant_types_supported").Order());
        Assert.Equal(Texts(smart, "token_endpoint_auth_methods_supported").Order(), Texts(openId, "token_endpoint_auth_methods_supported").Order());
        Assert.Contains("RS256", Texts(openId, "id_token_signing_alg_values_supported"));
        var keys = JsonDocument.Parse(await host.Http.GetStringAsync("/auth/jwks", TestContext.Current.CancellationToken)).RootElement.GetProperty("keys");
        Assert.Equal("RSA", keys[0].GetProperty("kty").GetString());
        Assert.False(keys[0].TryGetProperty("d", out _));
    }

    [Fact]
    public async Task Every_scope_that_it_lists_can_be_had()
    {
        var host = shared.Host;
        var said = JsonDocument.Parse(await host.Http.GetStringAsync("/fhir/.well-known/smart-configuration", TestContext.Current.CancellationToken)).RootElement;
        var client = await new SmartClient(host).SignIn();
        var all = string.Join(' ', Texts(said, "scopes_supported"));
        Assert.Equal(all, (await client.Token(all, await host.NewLaunch(client.Cookie, "anna"))).GetProperty("scope").GetString());
    }

    [Theory]
    [InlineData("/fhir/Patient", SmartHost.ClinicOrigin, true)]
    [InlineData("/auth/token", SmartHost.ClinicOrigin, true)]
    [InlineData("/fhir/Patient", "https://anywhere.example.org", false)]
    [InlineData("/auth/token", "https://anywhere.example.org", false)]
    [InlineData("/auth/authorize", SmartHost.ClinicOrigin, false)]
    public async Task Before_anybody_asks_for_a_token_which_pages_may_call(string path, string origin, bool allowed)
    {
        var host = shared.Host;
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,if-match,prefer");
        using var answer = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(allowed, answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var origins) && origins.Single() == origin);
        if (allowed)
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    [Fact]
    public async Task To_a_registered_page_also_what_its_answers_bear()
    {
        var host = shared.Host;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fhir/Patient");
        request.Headers.Add("Origin", SmartHost.ClinicOrigin);
        using var answer = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(SmartHost.ClinicOrigin, answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("WWW-Authenticate", answer.Headers.GetValues("Access-Control-Expose-Headers").Single(), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    private static IEnumerable<string> Texts(JsonElement json, string name) => json.GetProperty(name).EnumerateArray().Select(e => e.GetString()!);
}
