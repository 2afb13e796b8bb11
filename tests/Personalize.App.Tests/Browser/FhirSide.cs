using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Playwright;

namespace Personalize.App.Tests.Browser;

/// <summary>Looks at what the pages wrote, as any FHIR client would: with a token of its own, over HTTP.</summary>
internal sealed class FhirSide : IDisposable
{
    private const string Redirect = "http://localhost:1/callback";
    private readonly HttpClient _http;

    private FhirSide(HttpClient http) => _http = http;

    /// <summary>Gets a token as the demonstration's client for whoever is signed in in that window.</summary>
    public static async Task<FhirSide> Of(RealServer server, IBrowserContext window)
    {
        var verifier = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(48));
        var authorize = QueryHelpers.AddQueryString(server.Root + "/auth/authorize", new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = "demo-client",
            ["redirect_uri"] = Redirect,
            ["scope"] = "user/*.rs",
            ["state"] = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32)),
            ["aud"] = server.Root + "/fhir",
            ["code_challenge"] = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))),
            ["code_challenge_method"] = "S256",
        });
        var answer = await window.APIRequest.GetAsync(authorize, new() { MaxRedirects = 0 });
        var code = QueryHelpers.ParseQuery(new Uri(answer.Headers["location"]).Query)["code"].ToString();
        var http = new HttpClient { BaseAddress = new Uri(server.Root + "/fhir/") };
        using var token = await http.PostAsync(new Uri(server.Root + "/auth/token"), new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = "demo-client",
            ["code"] = code,
            ["redirect_uri"] = Redirect,
            ["code_verifier"] = verifier,
        }), TestContext.Current.CancellationToken);
        var body = JsonNode.Parse(await token.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)body["access_token"]!);
        return new FhirSide(http);
    }

    public async Task<JsonNode> Get(string address) =>
        JsonNode.Parse(await _http.GetStringAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken))!;

    /// <summary>Asks until the answer is as wanted, for at most ten seconds.</summary>
    public async Task<bool> Comes(string address, Func<JsonNode, bool> wanted)
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            if (wanted(await Get(address)))
                return true;
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
        return false;
    }

    public void Dispose() => _http.Dispose();
}
