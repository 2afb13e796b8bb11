using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Personalize.App.Launch;

/// <summary>What the app needs of an EHR's <c>.well-known/smart-configuration</c>.</summary>
/// <remarks>Source: SMART App Launch 2.2, conformance.</remarks>
internal sealed record SmartConfiguration(
    [property: JsonPropertyName("authorization_endpoint")] string AuthorizationEndpoint,
    [property: JsonPropertyName("token_endpoint")] string TokenEndpoint,
    [property: JsonPropertyName("issuer")] string? Issuer,
    [property: JsonPropertyName("jwks_uri")] string? JwksUri,
    [property: JsonPropertyName("code_challenge_methods_supported")] IReadOnlyList<string>? ChallengeMethods);

/// <summary>Reads the endpoints of registered EHRs and remembers them for a short while.</summary>
internal sealed class Discovery(HttpClient http, TimeProvider time)
{
    private static readonly TimeSpan _fresh = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(8);
    private readonly ConcurrentDictionary<string, (SmartConfiguration Found, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    /// <summary>The configuration of a registered EHR; null when it cannot be had, lacks an endpoint, or does not take S256.</summary>
    public async Task<SmartConfiguration?> Of(Ehr ehr, CancellationToken cancellation)
    {
        if (_known.TryGetValue(ehr.Issuer, out var known) && known.Until > time.GetUtcNow())
            return known.Found;
        var root = new Uri(ehr.Issuer.TrimEnd('/') + "/");
        var found = await Fetch<SmartConfiguration>(new Uri(root, ".well-known/smart-configuration"), cancellation);
        if (found is not { AuthorizationEndpoint: not null, TokenEndpoint: not null } || found.ChallengeMethods?.Contains("S256") != true)
            return null;
        var resolved = found with
        {
            AuthorizationEndpoint = new Uri(root, found.AuthorizationEndpoint).AbsoluteUri,
            TokenEndpoint = new Uri(root, found.TokenEndpoint).AbsoluteUri,
            JwksUri = found.JwksUri is null ? null : new Uri(root, found.JwksUri).AbsoluteUri,
        };
        _known[ehr.Issuer] = (resolved, time.GetUtcNow() + _fresh);
        return resolved;
    }

    /// <summary>The keys that an EHR signs with, as JSON; null when they cannot be had.</summary>
    public async Task<string?> Keys(SmartConfiguration configuration, CancellationToken cancellation) =>
        configuration.JwksUri is { } address ? (await Fetch<JsonElement?>(new Uri(address), cancellation))?.GetRawText() : null;

    private async Task<T?> Fetch<T>(Uri address, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_patience);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        try
        {
            using var response = await http.SendAsync(request, patience.Token);
            return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<T>(patience.Token) : default;
        }
        catch (Exception trouble) when (trouble is HttpRequestException or JsonException || (trouble is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return default;
        }
    }
}
