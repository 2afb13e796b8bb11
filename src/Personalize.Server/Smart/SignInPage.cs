using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc;

namespace Personalize.Server.Smart;

/// <summary>The page on which a made clinician is chosen when a client asks for a code and nobody is signed in.</summary>
internal static class SignInPage
{
    private const string AfterSignIn = "/practice";

    /// <summary>Shows the clinicians.</summary>
    public static IResult Show(Practice practice, [FromQuery(Name = "return")] string? back) =>
        Results.Content(Page(practice, LocalReturn(back)), "text/html", Encoding.UTF8);

    /// <summary>Signs one in and goes back to where the client's request waits.</summary>
    public static async Task<IResult> SignIn(HttpContext http, Practice practice, SmartAddresses addresses)
    {
        if (IsForeign(http.Request, addresses))
            return Results.Problem("The form was not sent by this server's own page.", statusCode: StatusCodes.Status403Forbidden);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (practice.Users.All(user => user.Id != form["clinician"]))
            return Results.Problem("There is no such clinician at this practice.", statusCode: StatusCodes.Status400BadRequest);
        await practice.SignIn(http, form["clinician"]!);
        // 303: the browser goes on with GET.
        http.Response.Headers.Location = LocalReturn(form["return"]) ?? AfterSignIn;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    // Only the waiting request may be returned to: the page leads nowhere else.
    private static string? LocalReturn(string? back) => back?.StartsWith(SmartAddresses.AuthorizePath + "?", StringComparison.Ordinal) == true ? back : null;

    // Another site's page must not sign anybody in. A program that is no browser sends neither header.
    private static bool IsForeign(HttpRequest request, SmartAddresses addresses)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        var own = $"{request.Scheme}://{request.Host}";
        return site is not ("" or "same-origin" or "none") || (origin.Length > 0 && origin != own && origin != addresses.Root.GetLeftPart(UriPartial.Authority));
    }

    private static string Page(Practice practice, string? back)
    {
        var html = HtmlEncoder.Default;
        var buttons = string.Concat(practice.Users.Select(user =>
            $"<button class=\"btn btn-outline-primary d-block w-100 mb-2 text-start\" name=\"clinician\" value=\"{html.Encode(user.Id)}\">{html.Encode(user.Name)}, {html.Encode(user.Role)}</button>"));
        var body = practice.Users.Count == 0
            ? "<p>No way to sign in is set up on this server.</p>"
            : $"<p>An app asks for access. Choose the made clinician as whom you work.</p><form method=\"post\" action=\"{SmartAddresses.SignInPath}\">"
              + (back is null ? "" : $"<input type=\"hidden\" name=\"return\" value=\"{html.Encode(back)}\">") + buttons + "</form>";
        return $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Sign in - {html.Encode(practice.Name)}</title>
            <link rel="stylesheet" href="/_content/Personalize.App/lib/bootstrap/bootstrap.min.css"></head>
            <body><main class="container py-4"><h1 class="h3">{html.Encode(practice.Name)}</h1>{body}</main></body></html>
            """;
    }
}
