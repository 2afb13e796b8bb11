using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Personalize.App.Texts;

/// <summary>The language of a page: the one that was chosen, else the first of the browser's that there is, else English.</summary>
/// <param name="accessor">The request.</param>
public sealed class PageLanguage(IHttpContextAccessor accessor)
{
    private const string Cookie = "__Host-language";
    private static readonly Words[] _all = [English.Words, Spanish.Words];

    /// <summary>The page's words.</summary>
    public Words Words { get; } = accessor.HttpContext is { } context ? Choose(context.Request) : English.Words;

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/app/language", Switch);

    private static Words Choose(HttpRequest request) =>
        ByTag(request.Cookies[Cookie]) ?? request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(l => l.Quality ?? 1)
            .Select(l => ByTag(l.Value.Value?.Split('-')[0])).FirstOrDefault(w => w is not null) ?? English.Words;

    private static Words? ByTag(string? tag) => Array.Find(_all, w => string.Equals(w.Tag, tag, StringComparison.OrdinalIgnoreCase));

    private static IResult Switch(HttpContext context, [FromForm] string? to, [FromForm] string? back)
    {
        if (ByTag(to) is { } words)
        {
            var options = new CookieOptions { HttpOnly = true, Secure = true, SameSite = SameSiteMode.None, Path = "/", MaxAge = TimeSpan.FromDays(365), IsEssential = true };
            options.Extensions.Add("Partitioned");
            context.Response.Cookies.Append(Cookie, words.Tag, options);
        }
        return Results.LocalRedirect(IsOurs(back) ? back! : "/practice");
    }

    // Only a path of the pages themselves: never another site.
    private static bool IsOurs(string? back) =>
        back is not null && (back.StartsWith("/app/", StringComparison.Ordinal) || back.StartsWith("/practice", StringComparison.Ordinal))
        && !back.Contains("//", StringComparison.Ordinal) && !back.Contains('\\');
}
