using System.Text;
using System.Text.Encodings.Web;

namespace Personalize.Server.Smart;

/// <summary>The look of the pages under <c>/auth</c>, and what guards their forms.</summary>
internal static class AuthPage
{
    /// <summary>A page. The body is HTML; every other text is encoded here.</summary>
    public static IResult Of(string practice, string title, string body) => Results.Content(
        $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{Encode(title)} - {Encode(practice)}</title>
        <link rel="stylesheet" href="/_content/Personalize.App/lib/bootstrap/bootstrap.min.css"></head>
        <body><main class="container py-4"><h1 class="h3">{Encode(practice)}</h1>{body}</main></body></html>
        """,
        "text/html",
        Encoding.UTF8);

    /// <summary>A text as HTML.</summary>
    public static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    /// <summary>Where a client's request waits, when that is here: a form leads nowhere else.</summary>
    public static string? Waiting(string? back) => back?.StartsWith(SmartAddresses.AuthorizePath + "?", StringComparison.Ordinal) == true ? back : null;

    /// <summary>The hidden field that keeps where a client's request waits.</summary>
    public static string WaitingField(string? back) => Waiting(back) is { } known ? $"<input type=\"hidden\" name=\"return\" value=\"{Encode(known)}\">" : "";

    /// <summary>True when a browser says that the form is another site's. A program that is no browser says nothing.</summary>
    public static bool IsForeign(HttpRequest request, SmartAddresses addresses)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        // These pages send no referrer, and browsers then send the origin "null" even to their own server.
        if (site.Length > 0)
            return site is not ("same-origin" or "none");
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && origin != $"{request.Scheme}://{request.Host}" && origin != addresses.Root.GetLeftPart(UriPartial.Authority);
    }

    /// <summary>The answer to a form: the browser goes on with GET.</summary>
    public static IResult GoOn(HttpResponse response, string address)
    {
        response.Headers.Location = address;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }
}
