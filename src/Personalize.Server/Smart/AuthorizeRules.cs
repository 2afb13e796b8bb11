using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Personalize.Server.Smart;

/// <summary>Why a request is refused.</summary>
/// <param name="Error">A code of RFC 6749, such as <c>invalid_scope</c>.</param>
/// <param name="Text">One plain sentence for the developer of the client.</param>
internal sealed record Refusal(string Error, string Text);

/// <summary>What SMART asks of an authorization request beyond OAuth 2.</summary>
/// <remarks>Source: SMART App Launch 2.2, "Obtain authorization code".</remarks>
internal static class AuthorizeRules
{
    /// <summary>Puts the rules behind OpenIddict's own check of client and redirect URI.</summary>
    public static void Add(OpenIddictServerBuilder server, SmartAddresses addresses, ClientBook clients)
    {
        server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler
            .UseInlineHandler(context =>
            {
                if (Judge(context.Request, addresses, clients.Find(context.ClientId)) is { } refusal)
                    context.Reject(refusal.Error, refusal.Text);
                return default;
            })
            .SetOrder(OpenIddictServerHandlers.Authentication.ValidateClientRedirectUri.Descriptor.Order + 500));
        server.AddEventHandler<ApplyAuthorizationResponseContext>(handler => handler
            .UseScopedHandler<RefusalToClient>()
            .SetOrder(OpenIddictServerHandlers.Authentication.InferResponseMode.Descriptor.Order + 500));
    }

    /// <summary>The first rule that a request breaks, or null.</summary>
    public static Refusal? Judge(OpenIddictRequest request, SmartAddresses addresses, RegisteredClient? client)
    {
        if (client is null)
            return new Refusal(Errors.UnauthorizedClient, "The client is not registered here.");
        if (string.IsNullOrEmpty(request.State))
            return new Refusal(Errors.InvalidRequest, "The parameter state is missing.");
        if (!addresses.IsFhir((string?)request.GetParameter("aud")))
            return new Refusal(Errors.InvalidRequest, "The parameter aud is not the address of this FHIR server.");
        if (!Scopes.Parse(request.Scope).TryGet(out var scopes, out _))
            return new Refusal(Errors.InvalidScope, "A scope is not offered here.");
        return Judge(scopes, client) ?? JudgeLaunch(scopes, (string?)request.GetParameter("launch"));
    }

    private static Refusal? Judge(Scopes scopes, RegisteredClient client)
    {
        if (scopes.IsEmpty)
            return new Refusal(Errors.InvalidScope, "The parameter scope is missing.");
        return client.Allowed.Cover(scopes) ? null : new Refusal(Errors.InvalidScope, "The client is not registered for all of these scopes.");
    }

    // A launch handle without the scope would be a launch that the client did not mean; a patient/ scope without a launch would be about nobody.
    private static Refusal? JudgeLaunch(Scopes scopes, string? launch) => (scopes.Launch, string.IsNullOrEmpty(launch)) switch
    {
        (true, true) => new Refusal(Errors.InvalidRequest, "The scope launch needs the parameter launch."),
        (false, false) => new Refusal(Errors.InvalidRequest, "The parameter launch needs the scope launch."),
        (false, true) when scopes.NeedsPatient && !scopes.PicksPatient => new Refusal(Errors.InvalidScope, "A patient/ scope needs a launch from the patient's chart, or the scope launch/patient."),
        _ => null,
    };

    /// <summary>A refusal goes to the client when client and redirect URI are good, and stays here when not. OpenIddict keeps all of them here.</summary>
    /// <remarks>Source: RFC 6749, 4.1.2.1.</remarks>
    public sealed class RefusalToClient(IOpenIddictApplicationManager applications) : IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
    {
        /// <inheritdoc/>
        public async ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
        {
            if (string.IsNullOrEmpty(context.Error) || context.RedirectUri is not null || context.Request is not { ClientId: { Length: > 0 } id, RedirectUri: { Length: > 0 } uri })
                return;
            if (await applications.FindByClientIdAsync(id, context.CancellationToken) is not { } client
                || !await applications.ValidateRedirectUriAsync(client, uri, context.CancellationToken))
                return;
            context.RedirectUri = uri;
            context.ResponseMode = ResponseModes.Query;
        }
    }
}
