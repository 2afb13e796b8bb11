using System.Net;
using System.Text.RegularExpressions;

namespace Personalize.App.Tests.Ehr;

/// <summary>A client that keeps cookies as a browser does (Secure ones on localhost too) and sends forms as they stand in a page.</summary>
public sealed partial class Browserlike(string root) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(root) };

    public Dictionary<string, string> Cookies { get; } = [];

    public bool TakesCookies { get; set; } = true;

    public string Language { get; set; } = "en";

    public async Task<HttpResponseMessage> Send(HttpMethod method, string address, IEnumerable<KeyValuePair<string, string>>? form = null, string? origin = null)
    {
        var request = new HttpRequestMessage(method, address);
        request.Headers.TryAddWithoutValidation("Accept-Language", Language);
        if (Cookies.Count > 0)
            request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", Cookies.Select(c => $"{c.Key}={c.Value}")));
        if (origin is not null)
            request.Headers.TryAddWithoutValidation("Origin", origin);
        if (form is not null)
            request.Content = new FormUrlEncodedContent(form);
        var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        if (TakesCookies && response.Headers.TryGetValues("Set-Cookie", out var cookies))
            foreach (var pair in cookies.Select(c => c.Split(';')[0].Split('=', 2)))
                Cookies[pair[0]] = pair[1];
        return response;
    }

    /// <summary>Gets an address and follows redirects; the last address is the request's of the answer.</summary>
    public async Task<HttpResponseMessage> Follow(string address)
    {
        var response = await Send(HttpMethod.Get, address);
        for (var hops = 0; hops < 10 && (int)response.StatusCode is >= 300 and < 400; hops++)
            response = await Send(HttpMethod.Get, response.Headers.Location!.OriginalString);
        return response;
    }

    public async Task<Page> Open(string address)
    {
        var response = await Follow(address);
        return new Page(response.RequestMessage!.RequestUri!.AbsolutePath, (int)response.StatusCode, WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>Launches the app for a patient.</summary>
    public Task<Page> Launch(string patient) => Open($"/app/launch?iss={Uri.EscapeDataString(root + "/fhir")}&launch=launch-{patient}");

    /// <summary>Sends a form with the page's token, and opens the page that it leads to.</summary>
    public async Task<Page> Post(Page page, string address, params (string Name, string Value)[] fields)
    {
        var response = await Send(HttpMethod.Post, address, fields.Select(f => KeyValuePair.Create(f.Name, f.Value)).Append(KeyValuePair.Create("__RequestVerificationToken", page.Token)), root);
        return response.StatusCode == HttpStatusCode.SeeOther
            ? await Open(response.Headers.Location!.OriginalString)
            : new Page(address, (int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex TokenField();

    /// <summary>A page as it came, with its text decoded.</summary>
    public sealed record Page(string Path, int Status, string Html)
    {
        public string Token => TokenField().Match(Html).Groups[1].Value;
    }
}
