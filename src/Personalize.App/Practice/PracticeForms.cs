using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Personalize.App.Practice;

/// <summary>What the forms of the practice page do.</summary>
internal static class PracticeForms
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var forms = routes.MapGroup("/practice");
        forms.MapPost("sign-in", SignIn);
        forms.MapPost("sign-out", SignOut);
        forms.MapPost("open", Open);
    }

    private static async Task<RedirectHttpResult> SignIn(HttpContext context, IPractice practice, [FromForm] string? user)
    {
        if (practice.Users.Any(u => u.Id == user))
            await practice.SignIn(context, user!);
        return TypedResults.LocalRedirect("/practice");
    }

    private static async Task<RedirectHttpResult> SignOut(HttpContext context, IPractice practice, [FromForm] string? leave)
    {
        if (leave is not null)
            await practice.SignOut(context);
        return TypedResults.LocalRedirect("/practice");
    }

    // One or two charts; each chart page makes its own launch.
    private static RedirectHttpResult Open([FromForm] string? patient, [FromForm] string? second) =>
        TypedResults.LocalRedirect((IsId(patient), IsId(second)) switch
        {
            (true, true) => $"/practice/charts/{patient}/{second}",
            (true, false) => $"/practice/chart/{patient}",
            _ => "/practice",
        });

    // FHIR R4, id.
    private static bool IsId(string? text) => text is { Length: > 0 and <= 64 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.');
}
