using System.Security.Claims;
using OpenIddict.Abstractions;
using Personalize.Fhir.Primitives;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Personalize.Server.Smart;

/// <summary>What a token says of a grant beside its scopes.</summary>
internal static class SmartClaims
{
    /// <summary>The id of the patient of the launch.</summary>
    public const string Patient = "patient";
    /// <summary>The signed-in person's FHIR resource.</summary>
    public const string FhirUser = "fhirUser";
    /// <summary>The session at the practice in which the grant was given.</summary>
    public const string Session = "practice_session";

    private static readonly TimeSpan _onlineIdle = TimeSpan.FromHours(8);
    private static readonly TimeSpan _offlineIdle = TimeSpan.FromDays(90);

    /// <summary>The grant that a person gives to a client.</summary>
    /// <param name="session">Who is signed in.</param>
    /// <param name="scopes">What is granted.</param>
    /// <param name="patient">The patient of the launch, if any.</param>
    /// <param name="addresses">Where this server is.</param>
    public static ClaimsPrincipal Grant(PracticeSession session, IEnumerable<string> scopes, ResourceId? patient, SmartAddresses addresses)
    {
        var identity = new ClaimsIdentity("SMART", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, session.User.Id)
            .SetClaim(FhirUser, $"{addresses.Fhir}/Practitioner/{session.User.Id}")
            .SetClaim(Session, session.Id)
            .SetClaim(Patient, patient?.ToString())
            .SetScopes(scopes)
            .SetResources(addresses.Fhir);
        identity.SetDestinations(DestinationsOf);
        var principal = new ClaimsPrincipal(identity);
        return principal.SetRefreshTokenLifetime(principal.HasScope(Scopes.OfflineScope) ? _offlineIdle : _onlineIdle);
    }

    /// <summary>True when the refresh token of this grant ends with the session.</summary>
    public static bool EndsWithSession(ClaimsPrincipal principal) => principal.HasScope(Scopes.OnlineScope) && !principal.HasScope(Scopes.OfflineScope);

    // A name or other text that is not ASCII never goes into an id_token: a widespread client library cannot read it there.
    private static IEnumerable<string> DestinationsOf(Claim claim) => claim.Type switch
    {
        FhirUser when claim.Subject!.HasScope(FhirUser) => [Destinations.AccessToken, Destinations.IdentityToken],
        FhirUser or Patient => [Destinations.AccessToken],
        _ => [],
    };
}
