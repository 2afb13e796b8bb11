using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Personalize.Server.Tests;

/// <summary>Plain HTTP with FHIR's JSON.</summary>
internal static class FhirHttp
{
    public static Task<HttpResponseMessage> Ask(this HttpClient http, string method, string path, string? json = null, params (string Name, string Value)[] headers) =>
        http.Ask(method, path, json is null ? null : Encoding.UTF8.GetBytes(json), headers);

    public static Task<HttpResponseMessage> Ask(this HttpClient http, string method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/fhir+json");
        }
        foreach (var (name, value) in headers)
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content!.Headers.Remove(name);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        return http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static async Task<JsonElement> Json(this HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).RootElement;

    /// <summary>Sends, and gives the JSON of an answer that must have that status.</summary>
    public static async Task<JsonElement> Good(this Task<HttpResponseMessage> sent, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var response = await sent;
        Assert.Equal((status, await Told(response)), (response.StatusCode, await Told(response)));
        return await response.Json();
    }

    /// <summary>Sends, and gives the first issue of the OperationOutcome of an answer that must have that status.</summary>
    public static async Task<JsonElement> Bad(this Task<HttpResponseMessage> sent, HttpStatusCode status)
    {
        using var response = await sent;
        Assert.Equal((status, await Told(response)), (response.StatusCode, await Told(response)));
        Assert.Equal("application/fhir+json", response.Content.Headers.ContentType?.MediaType);
        var outcome = await response.Json();
        Assert.Equal("OperationOutcome", outcome.GetProperty("resourceType").GetString());
        return outcome.GetProperty("issue")[0];
    }

    public static IEnumerable<JsonElement> Entries(this JsonElement bundle) => bundle.TryGetProperty("entry", out var entries) ? entries.EnumerateArray() : [];

    public static string[] Ids(this JsonElement bundle) => [.. bundle.Entries().Select(e => e.GetProperty("resource").GetProperty("id").GetString()!)];

    public static string? Link(this JsonElement bundle, string relation) =>
        bundle.GetProperty("link").EnumerateArray().Where(l => l.GetProperty("relation").GetString() == relation).Select(l => l.GetProperty("url").GetString()).FirstOrDefault();

    private static async Task<string> Told(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return text[..Math.Min(text.Length, 600)];
    }
}
