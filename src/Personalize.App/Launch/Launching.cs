using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using Personalize.App.Fhir;
using Personalize.App.Parts;
using Personalize.App.Texts;

namespace Personalize.App.Launch;

/// <summary>The EHR launch: out of a chart to the EHR's authorization and back into a session of that chart's patient.</summary>
/// <remarks>Source: SMART App Launch 2.2, sections "launch app: EHR launch" and "obtain authorization code"; RFC 7636; RFC 9207.</remarks>
internal sealed class Launching(AppOptions options, HttpClient http, TimeProvider time, LaunchSessions sessions, IDataProtectionProvider protection)
{
    private const string CallbackPath = "/app/callback";
    // What the pages read (a suggestion's reasons may rest on any type), and what their forms write.
    private const string Scopes = "launch openid fhirUser online_access patient/*.rs patient/Patient.u patient/Task.u patient/Observation.c";

    private readonly Discovery _discovery = new(http, time);
    private readonly TokenEndpoint _tokens = new(http);
    private readonly PendingLaunches _pending = new(time);
    private readonly IDataProtector _protector = protection.CreateProtector("Personalize.App.LaunchTokens");

    private string Redirect => new Uri(options.Address, CallbackPath).AbsoluteUri;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/app/launch", Begin);
        routes.MapGet(CallbackPath, Finish);
    }

    private async Task<IResult> Begin(HttpContext context, string? iss, string? launch, string? again)
    {
        if (string.IsNullOrEmpty(iss) || string.IsNullOrEmpty(launch))
            return Problems.Page(Problem.NotLaunched);
        if (options.Ehrs.FirstOrDefault(e => string.Equals(e.Issuer, iss, StringComparison.Ordinal)) is not { } ehr)
            return Problems.Page(Problem.UnknownEhr);
        if (UserAgentKey.Of(context) is null)
            return GiveKey(context, ehr, launch, again is not null);
        if (await _discovery.Of(ehr, context.RequestAborted) is not { } found)
            return Problems.Page(Problem.EhrSilent);
        var (verifier, nonce) = (UserAgentKey.NewSecret(48), UserAgentKey.NewSecret(32));
        var state = _pending.Add(ehr, verifier, nonce, UserAgentKey.Hash(UserAgentKey.Of(context)!));
        return state is null ? Problems.Page(Problem.Busy) : Results.Redirect(AuthorizeAddress(ehr, found, launch, state, verifier, nonce));
    }

    // One round to see whether the cookie comes back. Only then is the launch used up, so that a new window can still take it.
    private static IResult GiveKey(HttpContext context, Ehr ehr, string launch, bool again)
    {
        var here = new QueryBuilder { { "iss", ehr.Issuer }, { "launch", launch } };
        if (again)
            return Problems.Page(Problem.NoCookie, "/app/launch" + here.ToQueryString());
        UserAgentKey.Give(context);
        here.Add("again", "1");
        return Results.Redirect("/app/launch" + here.ToQueryString());
    }

    private string AuthorizeAddress(Ehr ehr, SmartConfiguration found, string launch, string state, string verifier, string nonce)
    {
        var query = new QueryBuilder
        {
            { "response_type", "code" },
            { "client_id", ehr.ClientId },
            { "redirect_uri", Redirect },
            { "scope", Scopes },
            { "state", state },
            { "aud", ehr.Issuer },
            { "launch", launch },
            { "nonce", nonce },
            { "code_challenge", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))) },
            { "code_challenge_method", "S256" },
        };
        var separator = found.AuthorizationEndpoint.Contains('?') ? "&" : "?";
        return found.AuthorizationEndpoint + separator + query.ToQueryString().Value![1..];
    }

    private async Task<IResult> Finish(HttpContext context, string? state, string? code, string? error, string? iss)
    {
        if (string.IsNullOrEmpty(state) || _pending.Take(state) is not { } pending)
            return Problems.Page(Problem.Relaunch);
        if (!UserAgentKey.Matches(context, pending.UserAgent))
            return Problems.Page(Problem.Relaunch);
        if (error is not null || string.IsNullOrEmpty(code))
            return Problems.Page(Problem.EhrRefused);
        var found = await _discovery.Of(pending.Ehr, context.RequestAborted);
        if (found is null || (iss is not null && found.Issuer is not null && !string.Equals(iss, found.Issuer, StringComparison.Ordinal)))
            return Problems.Page(Problem.EhrRefused);
        return await Open(pending, found, code, context.RequestAborted);
    }

    private async Task<IResult> Open(PendingLaunch pending, SmartConfiguration found, string code, CancellationToken cancellation)
    {
        var tokens = await _tokens.Exchange(pending.Ehr, found.TokenEndpoint, code, pending.Verifier, Redirect, cancellation);
        if (tokens is null)
            return Problems.Page(Problem.EhrRefused);
        if (string.IsNullOrEmpty(tokens.Patient))
            return Problems.Page(Problem.NoPatient);
        if (await User(pending, found, tokens, cancellation) is not { } user)
            return Problems.Page(Problem.EhrRefused);
        var session = Session(pending, found, tokens, user);
        sessions.Open(session);
        return Results.Redirect($"/app/s/{session.Id}/");
    }

    private LaunchSession Session(PendingLaunch pending, SmartConfiguration found, TokenResponse tokens, string user)
    {
        var held = new LaunchTokens(tokens, _protector, time,
            refreshToken => _tokens.Refresh(pending.Ehr, found.TokenEndpoint, refreshToken, CancellationToken.None));
        return new LaunchSession
        {
            Id = UserAgentKey.NewSecret(24),
            UserAgent = pending.UserAgent,
            Patient = tokens.Patient!,
            User = user,
            ShowsBanner = tokens.NeedPatientBanner ?? true,
            FhirBase = pending.Ehr.Issuer,
            Tokens = held,
            Client = new FhirClient(http, new Uri(pending.Ehr.Issuer), held),
        };
    }

    // "" when the EHR does not say who the user is; null when what it says does not hold.
    private async Task<string?> User(PendingLaunch pending, SmartConfiguration found, TokenResponse tokens, CancellationToken cancellation)
    {
        if (tokens.IdToken is not { } idToken)
            return "";
        var keys = await _discovery.Keys(found, cancellation);
        return keys is null || found.Issuer is null
            ? null
            : await IdToken.User(idToken, keys, found.Issuer, pending.Ehr.ClientId, pending.Nonce, pending.Ehr.Issuer);
    }
}
