using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Personalize.App.Launch;

/// <summary>Who the user is, as the EHR signs it.</summary>
/// <remarks>Source: SMART App Launch 2.2, scopes for requesting identity data; OpenID Connect Core 3.1.3.7.</remarks>
internal static class IdToken
{
    private static readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private static readonly string[] _algorithms =
        [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384];

    /// <summary>The <c>fhirUser</c> of a token whose signature, issuer, audience, times and nonce hold, as <c>Type/id</c>;
    /// "" when it names none on that FHIR base; null when the token does not hold.</summary>
    public static async Task<string?> User(string token, string keys, string issuer, string clientId, string nonce, string fhirBase)
    {
        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = issuer,
            ValidAudience = clientId,
            IssuerSigningKeys = new JsonWebKeySet(keys).GetSigningKeys(),
            // A token without "kid" is tried against each of the issuer's keys.
            TryAllIssuerSigningKeys = true,
            ValidAlgorithms = _algorithms,
            ClockSkew = TimeSpan.FromSeconds(60),
            RequireSignedTokens = true,
            RequireExpirationTime = true,
        });
        if (!result.IsValid || !string.Equals(Claim(result, "nonce"), nonce, StringComparison.Ordinal))
            return null;
        return Local(Claim(result, "fhirUser"), fhirBase);
    }

    private static string? Claim(TokenValidationResult result, string name) =>
        result.Claims.TryGetValue(name, out var value) ? value as string : null;

    private static string Local(string? fhirUser, string fhirBase)
    {
        var root = fhirBase.TrimEnd('/') + "/";
        var local = fhirUser?.StartsWith(root, StringComparison.Ordinal) == true ? fhirUser[root.Length..] : fhirUser;
        return local?.Split('/') is [{ Length: > 0 }, { Length: > 0 }] ? local : "";
    }
}
