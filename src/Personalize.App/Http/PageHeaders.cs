using System.Collections.Immutable;

namespace Personalize.App.Http;

/// <summary>What every answer of the pages says to the browser, errors included.</summary>
internal static class PageHeaders
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "frame-src 'self'; form-action 'self'; base-uri 'self'; object-src 'none'; frame-ancestors ";

    /// <summary>The content security policy: nothing inline, nothing from elsewhere, framed by this server and the known EHRs.</summary>
    public static string PolicyFor(ImmutableArray<Ehr> ehrs) =>
        Policy + string.Join(' ', ehrs.SelectMany(e => e.FrameOrigins).Distinct(StringComparer.Ordinal).Prepend("'self'"));

    /// <summary>True for the addresses of pages and of what their forms do.</summary>
    public static bool IsPage(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/app") || context.Request.Path.StartsWithSegments("/practice");

    /// <summary>Sets the headers when the answer starts, over whatever was set before.</summary>
    public static void Set(HttpContext context, string policy) => context.Response.OnStarting(() =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = policy;
        headers.Remove("X-Frame-Options");
        headers["Referrer-Policy"] = "no-referrer";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        return Task.CompletedTask;
    });

    /// <summary>Where a page is to be fetched instead, when it was asked for under another of this machine's own names:
    /// cookies and the app's redirect address hold for one name only. Null when the name is right.</summary>
    public static string? ProperAddress(HttpContext context, Uri address)
    {
        var request = context.Request;
        var asked = new Uri($"{request.Scheme}://{request.Host}");
        return HttpMethods.IsGet(request.Method) && asked.IsLoopback && address.IsLoopback && asked.Port == address.Port && asked.Host != address.Host
            ? new Uri(address, request.PathBase + request.Path + request.QueryString).AbsoluteUri
            : null;
    }

    /// <summary>True when a form came from a page of another site: the cookies alone do not show that.</summary>
    public static bool IsForeignPost(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
            return false;
        var site = context.Request.Headers["Sec-Fetch-Site"].ToString();
        var origin = context.Request.Headers.Origin.ToString();
        var ownOrigin = $"{context.Request.Scheme}://{context.Request.Host}";
        return (site.Length > 0 && site is not ("same-origin" or "none")) || (origin.Length > 0 && origin != "null" && origin != ownOrigin);
    }
}
