using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Personalize.App.Launch;

/// <summary>A token response with its launch context.</summary>
/// <remarks>Source: SMART App Launch 2.2, launch context arrives with the access token.</remarks>
internal sealed record TokenResponse(
    [property: JsonPropertyName("access_token")] string? AccessToken,
    [property: JsonPropertyName("token_type")] string? TokenType,
    [property: JsonPropertyName("expires_in")] int? ExpiresIn,
    [property: JsonPropertyName("refresh_token")] string? RefreshToken,
    [property: JsonPropertyName("id_token")] string? IdToken,
    [property: JsonPropertyName("patient")] string? Patient,
    [property: JsonPropertyName("need_patient_banner")] bool? NeedPatientBanner);

/// <summary>Exchanges codes and refresh tokens, as a client that proves itself with HTTP Basic.</summary>
internal sealed class TokenEndpoint(HttpClient http)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>Changes a code for tokens; null when the EHR does not give them.</summary>
    public Task<TokenResponse?> Exchange(Ehr ehr, string endpoint, string code, string verifier, string redirect, CancellationToken cancellation) =>
        Ask(ehr, endpoint, new() { ["grant_type"] = "authorization_code", ["code"] = code, ["code_verifier"] = verifier, ["redirect_uri"] = redirect }, cancellation);

    /// <summary>Changes a refresh token for new tokens; null when the EHR does not give them.</summary>
    public Task<TokenResponse?> Refresh(Ehr ehr, string endpoint, string refreshToken, CancellationToken cancellation) =>
        Ask(ehr, endpoint, new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken }, cancellation);

    private async Task<TokenResponse?> Ask(Ehr ehr, string endpoint, Dictionary<string, string> form, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_patience);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        if (string.IsNullOrEmpty(ehr.ClientSecret))
            form["client_id"] = ehr.ClientId;
        else
            request.Headers.Authorization = Basic(ehr.ClientId, ehr.ClientSecret);
        request.Content = new FormUrlEncodedContent(form);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        try
        {
            using var response = await http.SendAsync(request, patience.Token);
            var tokens = response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<TokenResponse>(patience.Token) : null;
            return tokens is { AccessToken.Length: > 0 } && string.Equals(tokens.TokenType, "bearer", StringComparison.OrdinalIgnoreCase) ? tokens : null;
        }
        catch (Exception trouble) when (trouble is HttpRequestException or JsonException || (trouble is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    // RFC 6749 2.3.1: both halves are form-encoded before they are joined.
    private static AuthenticationHeaderValue Basic(string id, string secret) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}")));
}
