using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Personalize.Server.Smart;

/// <summary>What SMART asks of introspection and revocation beyond RFC 7662 and RFC 7009.</summary>
internal static class TokenQueries
{
    /// <summary>Adds the rules.</summary>
    public static void Add(OpenIddictServerBuilder server)
    {
        server.AddEventHandler<HandleIntrospectionRequestContext>(handler => handler
            .UseInlineHandler(TellContext).SetOrder(OpenIddictServerHandlers.Introspection.AttachApplicationClaims.Descriptor.Order + 500));
        server.AddEventHandler<HandleRevocationRequestContext>(handler => handler
            .UseScopedHandler<RevokeFamily>().SetOrder(OpenIddictServerHandlers.Revocation.RevokeToken.Descriptor.Order + 500));
    }

    // Scope and launch context are told to whoever may introspect at all: the client that the token was given to.
    private static ValueTask TellContext(HandleIntrospectionRequestContext context)
    {
        context.Scopes.UnionWith(context.GenericTokenPrincipal.GetScopes());
        foreach (var name in new[] { SmartClaims.Patient, SmartClaims.FhirUser })
            if (context.GenericTokenPrincipal.GetClaim(name) is { } value)
                context.Claims[name] = value;
        return default;
    }

    /// <summary>Revoking a refresh token takes the access tokens of the same grant with it.</summary>
    public sealed class RevokeFamily(IOpenIddictTokenManager tokens) : IOpenIddictServerHandler<HandleRevocationRequestContext>
    {
        /// <inheritdoc/>
        public async ValueTask HandleAsync(HandleRevocationRequestContext context)
        {
            var principal = context.GenericTokenPrincipal;
            if (principal.HasTokenType(TokenTypeIdentifiers.RefreshToken) && principal.GetAuthorizationId() is { } grant)
                await tokens.RevokeByAuthorizationIdAsync(grant, context.CancellationToken);
        }
    }
}
