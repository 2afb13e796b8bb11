using Personalize.App.Parts;
using Personalize.App.Texts;

namespace Personalize.App.Launch;

/// <summary>The one door to <c>/app/s/{launch}/...</c>: behind it, the launch named in the address is open and belongs to this browser.</summary>
internal static class LaunchGate
{
    private const string Prefix = "/app/s/";

    /// <summary>The launch that this request runs in; only behind the gate.</summary>
    public static LaunchSession Launch(this HttpContext context) =>
        context.Features.Get<LaunchSession>() ?? throw new InvalidOperationException("This page lies outside the gate.");

    /// <summary>Lets a request through, or answers with a page that says how to go on.</summary>
    public static async Task Pass(HttpContext context, LaunchSessions sessions, RequestDelegate next)
    {
        if (context.Request.Path.Value is not { } path || !path.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            await next(context);
            return;
        }
        var session = sessions.Find(path[Prefix.Length..].Split('/')[0]);
        if (session is not null && UserAgentKey.Matches(context, session.UserAgent))
        {
            context.Features.Set(session);
            await next(context);
            return;
        }
        // A stranger must not learn whether a launch is open: without the right key the answer is the same.
        await Problems.Page(UserAgentKey.Of(context) is null ? Problem.NoCookieHere : Problem.Relaunch).ExecuteAsync(context);
    }
}
