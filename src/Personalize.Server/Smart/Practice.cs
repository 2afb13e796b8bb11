using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Personalize.App;
using Personalize.Fhir.Primitives;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Personalize.Server.Smart;

/// <summary>The practice as the practice page sees it: who works there, who is signed in, and launches from a chart.</summary>
internal sealed class Practice(LaunchSettings settings, SmartAddresses addresses, TimeProvider time) : IPractice
{
    /// <summary>The name of the cookie's authentication scheme.</summary>
    public const string Scheme = "practice";

    /// <summary>What the practice page may do in the clinician's name.</summary>
    private const string PageScope = "user/*.rs";

    private static readonly TimeSpan _tokenLife = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan _tokenSpare = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset Until)> _tokens = new();

    /// <inheritdoc/>
    public string Name => settings.PracticeName;

    /// <inheritdoc/>
    public Uri FhirBase { get; } = new(addresses.Fhir);

    /// <inheritdoc/>
    public IReadOnlyList<PracticeUser> Users { get; } = MadeClinicians.Of(settings);

    /// <inheritdoc/>
    public PracticeUser? Current(HttpContext context) => Session(context)?.User;

    /// <summary>The session of a request, or null. It stands in the cookie and was found open when the request came in.</summary>
    public PracticeSession? Session(HttpContext context)
    {
        var identity = context.User.Identities.FirstOrDefault(i => i.AuthenticationType == Scheme);
        return identity?.FindFirst(SmartClaims.Session)?.Value is { } id && UserOf(identity.FindFirst(Claims.Subject)?.Value) is { } user
            ? new PracticeSession(id, user) : null;
    }

    /// <inheritdoc/>
    public async Task SignIn(HttpContext context, string userId)
    {
        var user = UserOf(userId) ?? throw new BadHttpRequestException("There is no such clinician at this practice.");
        await Close(context);
        var session = await context.RequestServices.GetRequiredService<Sessions>().Open(user.Id, context.RequestAborted);
        var identity = new ClaimsIdentity([new Claim(Claims.Subject, user.Id), new Claim(SmartClaims.Session, session)], Scheme);
        context.User = new ClaimsPrincipal(identity);
        await context.SignInAsync(Scheme, context.User, new AuthenticationProperties { ExpiresUtc = time.GetUtcNow() + Sessions.Life });
    }

    /// <inheritdoc/>
    public async Task SignOut(HttpContext context)
    {
        await Close(context);
        context.User = new ClaimsPrincipal();
        await context.SignOutAsync(Scheme);
    }

    /// <inheritdoc/>
    public async ValueTask<string> AccessToken(HttpContext context, CancellationToken cancellation)
    {
        if (settings.Authorization == AuthorizationMode.None || Session(context) is not { } session)
            return "";
        var now = time.GetUtcNow();
        if (_tokens.TryGetValue(session.Id, out var held) && held.Until - now > _tokenSpare)
            return held.Token;
        foreach (var old in _tokens.Where(t => t.Value.Until <= now))
            _tokens.TryRemove(old);
        var token = await context.RequestServices.GetRequiredService<PageTokens>().Make(SmartClaims.Grant(session, [PageScope], null, addresses), _tokenLife, cancellation);
        _tokens[session.Id] = (token, now + _tokenLife);
        return token;
    }

    /// <inheritdoc/>
    public async ValueTask<string> NewLaunch(HttpContext context, string patientId, CancellationToken cancellation)
    {
        var session = Session(context) ?? throw new BadHttpRequestException("Nobody is signed in at the practice.", StatusCodes.Status403Forbidden);
        if (!ResourceId.TryParse(patientId, out var patient))
            throw new BadHttpRequestException("This is not the id of a patient.");
        return await context.RequestServices.GetRequiredService<Launches>().Make(session.Id, patient, cancellation);
    }

    private async Task Close(HttpContext context)
    {
        if (Session(context) is not { } session)
            return;
        _tokens.TryRemove(session.Id, out _);
        await context.RequestServices.GetRequiredService<Sessions>().Close(session.Id, context.RequestAborted);
    }

    private PracticeUser? UserOf(string? id) => Users.FirstOrDefault(user => user.Id == id);
}
