using System.Security.Claims;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Personalize.Server.Smart;

/// <summary>Makes access tokens for the practice page, which is part of the EHR and no client of it. They lie in the same table and end the same way as all others.</summary>
internal sealed class PageTokens(IOpenIddictServerFactory factory, IOpenIddictServerDispatcher dispatcher, SmartAddresses addresses, TimeProvider time)
{
    /// <summary>A token for this grant that ends by itself.</summary>
    public async Task<string> Make(ClaimsPrincipal grant, TimeSpan life, CancellationToken ct)
    {
        var transaction = await factory.CreateTransactionAsync();
        transaction.CancellationToken = ct;
        transaction.BaseUri = addresses.Root;
        var context = new GenerateTokenContext(transaction)
        {
            CreateTokenEntry = true,
            IsReferenceToken = true,
            PersistTokenPayload = true,
            Principal = Prepared(grant, time.GetUtcNow(), life),
            TokenFormat = TokenFormats.Private.JsonWebToken,
            TokenType = TokenTypeIdentifiers.AccessToken,
        };
        await dispatcher.DispatchAsync(context);
        return context.Token ?? throw new InvalidOperationException("No token was made.");
    }

    private ClaimsPrincipal Prepared(ClaimsPrincipal grant, DateTimeOffset now, TimeSpan life)
    {
        var principal = grant.Clone(claim => claim.Type is Claims.Subject or SmartClaims.FhirUser or Claims.Private.Scope);
        foreach (var claim in principal.Claims)
            claim.Properties.Remove(Properties.Destinations);
        return principal
            .SetCreationDate(now)
            .SetExpirationDate(now + life)
            .SetClaim(Claims.Private.Issuer, addresses.Issuer)
            .SetAudiences(addresses.Fhir);
    }
}
