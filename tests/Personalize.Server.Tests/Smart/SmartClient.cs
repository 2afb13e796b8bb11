using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Personalize.Server.Tests.Smart;

/// <summary>A client application with the browser of somebody who uses it.</summary>
public sealed class SmartClient(SmartHost host, string id = "demo-client", string redirectUri = "http://127.0.0.1/callback", string? secret = null)
{
    public const string Verifier = "a-code-verifier-of-at-least-43-characters-0123456789";

    /// <summary>The browser's cookie header.</summary>
    public string Cookie { get; set; } = "";

    public async Task<SmartClient> SignIn(string clinician = "dr-amara-okafor")
    {
        using var answer = await Post("/auth/sign-in", [new("clinician", clinician)], authenticate: false);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("__Host-practice=", StringComparison.Ordinal)).Split(';')[0];
        return this;
    }

    /// <summary>The parameters of a good request; a test changes one.</summary>
    public Dictionary<string, string?> Request(string scope, string? launch = null) => new()
    {
        ["response_type"] = "code",
        ["client_id"] = id,
        ["redirect_uri"] = redirectUri,
        ["scope"] = scope,
        ["state"] = "abcdefghijklmnopqrstuvwxyz",
        ["aud"] = host.Fhir,
        ["code_challenge"] = Base64Url(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))),
        ["code_challenge_method"] = "S256",
        ["launch"] = launch,
    };

    public Task<HttpResponseMessage> Authorize(Dictionary<string, string?> request) =>
        Follow(QueryHelpers.AddQueryString("/auth/authorize", request.Where(p => p.Value is not null)));

    /// <summary>Opens an address of the server in the browser; a redirect is not followed.</summary>
    public async Task<HttpResponseMessage> Follow(string address)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, address);
        AddCookie(message);
        return await host.Http.SendAsync(message, TestContext.Current.CancellationToken);
    }

    /// <summary>The HTML of a page.</summary>
    public async Task<string> Page(string address)
    {
        using var answer = await Follow(address);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>What came back to the client in the redirect.</summary>
    public async Task<Dictionary<string, string>> Answer(Dictionary<string, string?> request)
    {
        using var answer = await Authorize(request);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.StartsWith(request["redirect_uri"]! + "?", answer.Headers.Location!.AbsoluteUri, StringComparison.Ordinal);
        return QueryHelpers.ParseQuery(answer.Headers.Location!.Query).ToDictionary(p => p.Key, p => p.Value.ToString());
    }

    public async Task<string> Code(string scope, string? launch = null) => (await Answer(Request(scope, launch)))["code"];

    public Task<HttpResponseMessage> Exchange(string code, string? verifier = Verifier, string? uri = null) => Post("/auth/token",
        [new("grant_type", "authorization_code"), new("code", code), new("redirect_uri", uri ?? redirectUri), .. verifier is null ? [] : new[] { new KeyValuePair<string, string>("code_verifier", verifier) }]);

    public Task<HttpResponseMessage> Refresh(string token, string? scope = null) => Post("/auth/token",
        [new("grant_type", "refresh_token"), new("refresh_token", token), .. scope is null ? [] : new[] { new KeyValuePair<string, string>("scope", scope) }]);

    public Task<HttpResponseMessage> Introspect(string token) => Post("/auth/introspect", [new("token", token)]);

    public Task<HttpResponseMessage> Revoke(string token) => Post("/auth/revoke", [new("token", token)]);

    /// <summary>The whole way: the token response for these scopes.</summary>
    public async Task<JsonElement> Token(string scope, string? launch = null)
    {
        using var answer = await Exchange(await Code(scope, launch));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await Json(answer);
    }

    public Task<HttpResponseMessage> Fhir(string path, string? token) => Fhir(HttpMethod.Get, path, token, null);

    public async Task<HttpResponseMessage> Fhir(HttpMethod method, string path, string? token, string? body)
    {
        using var message = new HttpRequestMessage(method, "/fhir/" + path);
        if (token is not null)
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
            message.Content = new StringContent(body, Encoding.UTF8, "application/fhir+json");
        return await host.Http.SendAsync(message, TestContext.Current.CancellationToken);
    }

    public async Task<HttpStatusCode> Reads(string path, string? token)
    {
        using var answer = await Fhir(path, token);
        return answer.StatusCode;
    }

    public async Task<HttpResponseMessage> Post(string path, IEnumerable<KeyValuePair<string, string>> form, bool authenticate = true)
    {
        var fields = form.ToList();
        using var message = new HttpRequestMessage(HttpMethod.Post, path);
        if (authenticate && secret is not null)
            message.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{id}:{secret}")));
        else if (authenticate)
            fields.Add(new("client_id", id));
        if (!authenticate)
            AddCookie(message);
        message.Content = new FormUrlEncodedContent(fields);
        return await host.Http.SendAsync(message, TestContext.Current.CancellationToken);
    }

    public static async Task<JsonElement> Json(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(text.StartsWith('{'), $"{answer.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Status and error code of a refusal.</summary>
    public static async Task<(HttpStatusCode, string?)> Refusal(Task<HttpResponseMessage> answer)
    {
        using var response = await answer;
        return (response.StatusCode, (await Json(response)).GetProperty("error").GetString());
    }

    private void AddCookie(HttpRequestMessage message)
    {
        if (Cookie.Length > 0)
            message.Headers.Add("Cookie", Cookie);
    }

    private static string Base64Url(byte[] bytes) => WebEncoders.Base64UrlEncode(bytes);
}
