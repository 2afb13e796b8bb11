using Microsoft.AspNetCore.Http.HttpResults;
using Personalize.App.Texts;

namespace Personalize.App.Parts;

/// <summary>Pages that say what went wrong and how to go on.</summary>
internal static class Problems
{
    /// <summary>The page for a problem, with its status. <paramref name="address"/> is where a new window may go.</summary>
    public static IResult Page(Problem problem, string? address = null) => new RazorComponentResult<ProblemPage>(new { Problem = problem, Address = address })
    {
        StatusCode = Status(problem),
        PreventStreamingRendering = true,
    };

    /// <summary>The problem that an answer without a body stands for; null when it is none.</summary>
    public static Problem? ForStatus(int status) => status switch
    {
        400 => Problem.ForeignForm,
        404 or 405 => Problem.NoPage,
        _ => null,
    };

    private static int Status(Problem problem) => problem switch
    {
        Problem.NotLaunched or Problem.UnknownEhr or Problem.NoPatient or Problem.ForeignForm => StatusCodes.Status400BadRequest,
        Problem.NoCookie or Problem.NoCookieHere or Problem.Relaunch => StatusCodes.Status401Unauthorized,
        Problem.EhrRefused => StatusCodes.Status403Forbidden,
        Problem.NoPage => StatusCodes.Status404NotFound,
        Problem.EhrSilent => StatusCodes.Status502BadGateway,
        Problem.Busy => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };
}
