using Personalize.App.Fhir;
using Personalize.App.Texts;

namespace Personalize.App.Clinician;

/// <summary>What a page says when the patient cannot be read.</summary>
internal static class Troubles
{
    public static Problem Problem(Trouble trouble) => trouble switch
    {
        Trouble.Ended => Texts.Problem.Relaunch,
        Trouble.Denied or Trouble.Missing => Texts.Problem.EhrRefused,
        _ => Texts.Problem.EhrSilent,
    };

    public static int Status(Trouble trouble) => trouble switch
    {
        Trouble.Ended => StatusCodes.Status401Unauthorized,
        Trouble.Denied or Trouble.Missing => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status502BadGateway,
    };
}
