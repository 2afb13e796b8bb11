using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Extensions;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Personalize.Server.Smart;

/// <summary>Gives the code: who is signed in at the practice grants a registered client what it asks for.</summary>
/// <remarks>Source: SMART App Launch 2.2, "Obtain authorization code". Requests arrive here only after OpenIddict and <see cref="AuthorizeRules"/> found them good.</remarks>
internal static class AuthorizeEndpoint
{
    /// <summary>Answers with a redirect: to the client with a code or an error, or to the sign-in page.</summary>
    public static async Task<IResult> Handle(HttpContext http, Practice practice, Launches launches, SmartAddresses addresses, CancellationToken ct)
    {
        var request = http.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("The request did not pass OpenIddict.");
        var launch = (string?)request.GetParameter("launch");
        if (practice.Session(http) is not { } session)
            return WithoutSession(request, launch);
        var picks = launch is null && request.GetScopes().Contains(Scopes.PickScope);
        var handle = picks ? (string?)request.GetParameter(PatientPage.Choice) : launch;
        var patient = handle is null ? null : await launches.Take(handle, session.Id, ct);
        if (picks && patient is null)
            return request.HasPromptValue(PromptValues.None)
                ? Refuse(new Refusal(Errors.InteractionRequired, "A patient must be chosen."))
                : ToPage(SmartAddresses.PatientPath, request);
        if (launch is not null && patient is null)
            return Refuse(new Refusal(Errors.InvalidRequest, "The launch is not known, is used up, or has expired. Open the app from the chart again."));
        // The client asked in good order, is registered for all of it, and the practice registered it: there is nothing left to ask the clinician.
        return Results.SignIn(SmartClaims.Grant(session, request.GetScopes(), patient, addresses), null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private static IResult WithoutSession(OpenIddictRequest request, string? launch)
    {
        // A launch belongs to a session; signing in anew would not bring it back.
        if (launch is not null)
            return Refuse(new Refusal(Errors.AccessDenied, "Nobody is signed in at the practice. Open the app from the chart again."));
        return request.HasPromptValue(PromptValues.None)
            ? Refuse(new Refusal(Errors.LoginRequired, "Nobody is signed in at the practice."))
            : ToPage(SmartAddresses.SignInPath, request);
    }

    // The request waits in the page's address; an earlier choice does not come along.
    private static IResult ToPage(string path, OpenIddictRequest request) =>
        Results.Redirect(path + new QueryBuilder { { "return", SmartAddresses.AuthorizePath + QueryOf(request) } });

    private static string QueryOf(OpenIddictRequest request) =>
        new QueryBuilder(request.GetParameters().Where(p => p.Key != PatientPage.Choice).Select(p => KeyValuePair.Create(p.Key, (string?)p.Value ?? ""))).ToString();

    private static IResult Refuse(Refusal refusal) => Results.Forbid(
        new AuthenticationProperties(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = refusal.Error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = refusal.Text,
        }),
        [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
}
