namespace Personalize.Server.Http;

/// <summary>Lets pages of this machine, and no others, speak to a FHIR API that asks for no token.</summary>
public static class LocalOrigins
{
    private const string Allowed = "authorization, content-type, content-encoding, accept, if-match, if-none-match, if-modified-since, if-none-exist, prefer, x-request-id";
    private const string Exposed = "ETag, Location, Content-Location, Last-Modified, Retry-After, WWW-Authenticate, X-Request-Id";

    /// <summary>Adds the headers to everything under <c>/fhir</c> and answers <c>OPTIONS</c> there.</summary>
    public static void Use(IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (!context.Request.Path.StartsWithSegments("/fhir"))
            return next(context);
        AddHeaders(context);
        // A question of a browser is answered here; any other OPTIONS by the API itself.
        if (!HttpMethods.IsOptions(context.Request.Method) || context.Request.Headers.AccessControlRequestMethod.Count == 0)
            return next(context);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    });

    private static void AddHeaders(HttpContext context)
    {
        var headers = context.Response.Headers;
        var origin = context.Request.Headers.Origin.ToString();
        headers.Vary = "Origin";
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || !uri.IsLoopback)
            return;
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlAllowHeaders = Allowed;
        headers.AccessControlAllowMethods = "GET, HEAD, POST, PUT, PATCH, DELETE";
        headers.AccessControlExposeHeaders = Exposed;
        headers.AccessControlMaxAge = "600";
    }
}
