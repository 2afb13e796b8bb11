using Microsoft.AspNetCore.Http.HttpResults;

namespace Personalize.App.Parts;

/// <summary>What a page can say instead of what was asked for.</summary>
public enum Problem
{
    /// <summary>The app was opened by itself, not out of a chart.</summary>
    NotLaunched,
    /// <summary>The EHR that launches is not registered.</summary>
    UnknownEhr,
    /// <summary>The EHR does not answer, or not as SMART asks.</summary>
    EhrSilent,
    /// <summary>The EHR does not allow it, or what it sent does not hold.</summary>
    EhrRefused,
    /// <summary>The launch names no patient.</summary>
    NoPatient,
    /// <summary>Too many launches are under way.</summary>
    Busy,
    /// <summary>The browser keeps no cookie in this frame; a new window helps.</summary>
    NoCookie,
    /// <summary>The browser sent no cookie with a launch's page.</summary>
    NoCookieHere,
    /// <summary>The launch has ended, or belongs to another browser.</summary>
    Relaunch,
    /// <summary>A form came from another site, or without its token.</summary>
    ForeignForm,
    /// <summary>There is no such page.</summary>
    NoPage,
    /// <summary>A fault of ours.</summary>
    Fault,
}

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
