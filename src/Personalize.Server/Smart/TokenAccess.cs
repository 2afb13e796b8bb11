using System.Net.Http.Headers;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Validation.AspNetCore;
using Personalize.Fhir.Primitives;
using Personalize.Store;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Personalize.Server.Smart;

/// <summary>Tells what a request to <c>/fhir</c> may do: what its access token allows, and nothing else. No cookie counts here.</summary>
public static class TokenAccess
{
    /// <summary>The access of the bearer of the token in the header <c>Authorization</c>. Fails with <see cref="Failure.Unauthenticated"/>
    /// when there is none, or one that is unknown, expired, revoked, or made for another server.</summary>
    /// <remarks>Source: SMART App Launch 2.2, "Access FHIR API"; RFC 6750.</remarks>
    public static async ValueTask<Outcome<Access>> Of(HttpContext context)
    {
        string? header = context.Request.Headers.Authorization;
        if (header is null)
            return Challenge(context, "Bearer", "An access token is needed.");
        if (AuthenticationHeaderValue.TryParse(header, out var value) && value.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            && value.Parameter is { Length: > 0 } token && await Find(context, token) is { } access)
            return access;
        return Challenge(context, "Bearer error=\"invalid_token\"", "The access token is not valid (any more).");
    }

    private static async ValueTask<Access?> Find(HttpContext context, string token)
    {
        var known = context.RequestServices.GetRequiredService<KnownTokens>();
        if (await known.Find(token, context.RequestServices.GetRequiredService<AuthDb>(), context.RequestAborted) is { } held)
            return held;
        var result = await context.AuthenticateAsync(OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme);
        if (result is not { Succeeded: true, Principal: { } principal } || Read(principal) is not { } access)
            return null;
        if (principal.GetTokenId() is { } id && principal.GetExpirationDate() is { } until)
            known.Keep(token, access, id, until);
        return access;
    }

    private static Access? Read(ClaimsPrincipal principal)
    {
        if (principal.GetClaim(Claims.Subject) is not { } subject || !Scopes.Of(principal.GetScopes()).TryGet(out var scopes, out _))
            return null;
        // Without a patient, patient/ scopes reach nothing.
        var patient = ResourceId.TryParse(principal.GetClaim(SmartClaims.Patient), out var id) ? id : null;
        return ScopeAccess.Of($"Practitioner/{subject}", scopes, patient);
    }

    private static Failure.Unauthenticated Challenge(HttpContext context, string challenge, string text)
    {
        context.Response.Headers.WWWAuthenticate = challenge;
        return new Failure.Unauthenticated(text);
    }
}
