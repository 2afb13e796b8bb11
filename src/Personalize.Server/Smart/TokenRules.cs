using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Personalize.Server.Smart;

/// <summary>What SMART asks of the token endpoint beyond OAuth 2.</summary>
/// <remarks>Source: SMART App Launch 2.2, "Obtain access token" and "Refresh access token".</remarks>
internal static class TokenRules
{
    /// <summary>Adds the rules.</summary>
    public static void Add(OpenIddictServerBuilder server)
    {
        server.AddEventHandler<ExtractTokenRequestContext>(handler => handler
            .UseScopedHandler<PublicRefresh>().SetOrder(int.MaxValue - 100_000));
        server.AddEventHandler<ValidateTokenRequestContext>(handler => handler
            .UseInlineHandler(NeverMore).SetOrder(OpenIddictServerHandlers.Exchange.ValidateGrantedScopes.Descriptor.Order - 500));
        server.AddEventHandler<HandleTokenRequestContext>(handler => handler
            .UseScopedHandler<OnlineRefresh>().SetOrder(OpenIddictServerHandlers.Exchange.AttachPrincipal.Descriptor.Order + 500));
        server.AddEventHandler<ProcessSignInContext>(handler => handler
            .UseInlineHandler(OnlineToken).SetOrder(OpenIddictServerHandlers.EvaluateGeneratedTokens.Descriptor.Order + 500));
        server.AddEventHandler<ProcessSignInContext>(handler => handler
            .UseInlineHandler(LaunchContext).SetOrder(OpenIddictServerHandlers.EvaluateGeneratedTokens.Descriptor.Order + 600));
    }

    // OpenIddict gives a refresh token for offline_access alone.
    private static ValueTask OnlineToken(ProcessSignInContext context)
    {
        if (context.EndpointType == OpenIddictServerEndpointType.Token && SmartClaims.EndsWithSession(context.Principal!))
            context.GenerateRefreshToken = context.IncludeRefreshToken = true;
        return default;
    }

    private static ValueTask LaunchContext(ProcessSignInContext context)
    {
        if (context.EndpointType != OpenIddictServerEndpointType.Token)
            return default;
        context.Parameters["scope"] = string.Join(' ', Granted(context));
        if (context.Principal!.GetClaim(SmartClaims.Patient) is { } patient)
        {
            context.Parameters[SmartClaims.Patient] = patient;
            // The practice page shows the chart's name in its own heading only; the app shows who the patient is.
            context.Parameters["need_patient_banner"] = true;
        }
        return default;
    }

    // OpenIddict refuses this too, but as invalid_grant, which makes a client throw its refresh token away.
    private static ValueTask NeverMore(ValidateTokenRequestContext context)
    {
        if (context.Request.IsRefreshTokenGrantType() && context.RefreshTokenPrincipal is { } granted && context.Request.GetScopes().Except(granted.GetScopes()).Any())
            context.Reject(Errors.InvalidScope, "A refresh cannot ask for more than was granted.");
        return default;
    }

    // A refresh may ask for less, never for more.
    private static IEnumerable<string> Granted(ProcessSignInContext context)
    {
        var granted = context.Principal!.GetScopes();
        var asked = context.Request.IsRefreshTokenGrantType() ? context.Request.GetScopes() : [];
        return asked.IsEmpty ? granted : granted.Intersect(asked);
    }

    /// <summary>A public client may refresh without saying who it is: its refresh token says so.</summary>
    public sealed class PublicRefresh(IOpenIddictTokenManager tokens, IOpenIddictApplicationManager applications) : IOpenIddictServerHandler<ExtractTokenRequestContext>
    {
        /// <inheritdoc/>
        public async ValueTask HandleAsync(ExtractTokenRequestContext context)
        {
            if (context.Request is not { ClientId: null or "", RefreshToken: { Length: > 0 } refresh } request || !request.IsRefreshTokenGrantType())
                return;
            if (await tokens.FindByReferenceIdAsync(refresh, context.CancellationToken) is { } token
                && await tokens.GetApplicationIdAsync(token, context.CancellationToken) is { } id
                && await applications.FindByIdAsync(id, context.CancellationToken) is { } application
                && await applications.HasClientTypeAsync(application, ClientTypes.Public, context.CancellationToken))
                request.ClientId = await applications.GetClientIdAsync(application, context.CancellationToken);
        }
    }

    /// <summary>A refresh token for <c>online_access</c> ends when the person signs out or the session runs out.</summary>
    public sealed class OnlineRefresh(Sessions sessions) : IOpenIddictServerHandler<HandleTokenRequestContext>
    {
        /// <inheritdoc/>
        public async ValueTask HandleAsync(HandleTokenRequestContext context)
        {
            if (!context.Request.IsRefreshTokenGrantType() || context.Principal is not { } principal || !SmartClaims.EndsWithSession(principal))
                return;
            if (principal.GetClaim(SmartClaims.Session) is not { } session || !await sessions.IsOpen(session, context.CancellationToken))
                context.Reject(Errors.InvalidGrant, "The session at the practice has ended. Open the app from the chart again.");
        }
    }
}
