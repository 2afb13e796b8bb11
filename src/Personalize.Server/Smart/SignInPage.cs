using Microsoft.AspNetCore.Mvc;
using Personalize.App;

namespace Personalize.Server.Smart;

/// <summary>The page on which a made clinician is chosen when a client asks for a code and nobody is signed in.</summary>
internal static class SignInPage
{
    private const string AfterSignIn = "/practice";

    /// <summary>Shows the clinicians.</summary>
    public static IResult Show(Practice practice, [FromQuery(Name = "return")] string? back) => AuthPage.Of(practice.Name, "Sign in", practice.Users.Count == 0
        ? "<p>No way to sign in is set up on this server.</p>"
        : $"<p>An app asks for access. Choose the made clinician as whom you work.</p><form method=\"post\" action=\"{SmartAddresses.SignInPath}\">"
          + AuthPage.WaitingField(back) + string.Concat(practice.Users.Select(Button)) + "</form>");

    /// <summary>Signs one in and goes back to where the client's request waits.</summary>
    public static async Task<IResult> SignIn(HttpContext http, Practice practice, SmartAddresses addresses)
    {
        // Another site's page must not sign anybody in.
        if (AuthPage.IsForeign(http.Request, addresses))
            return Results.Problem("The form was not sent by this server's own page.", statusCode: StatusCodes.Status403Forbidden);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (practice.Users.All(user => user.Id != form["clinician"]))
            return Results.Problem("There is no such clinician at this practice.", statusCode: StatusCodes.Status400BadRequest);
        await practice.SignIn(http, form["clinician"]!);
        return AuthPage.GoOn(http.Response, AuthPage.Waiting(form["return"]) ?? AfterSignIn);
    }

    private static string Button(PracticeUser user) =>
        $"<button class=\"btn btn-outline-primary d-block w-100 mb-2 text-start\" name=\"clinician\" value=\"{AuthPage.Encode(user.Id)}\">{AuthPage.Encode(user.Name)}, {AuthPage.Encode(user.Role)}</button>";
}
