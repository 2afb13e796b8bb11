using Personalize.Fhir.Elements;

namespace Personalize.Fhir.Validation;

/// <summary>Codings: that a system whose codes are all known has the code, and that the system is known at all.</summary>
internal sealed class CodingRules(Findings findings, ValidationContext context)
{
    public void Check(Element coding)
    {
        if (coding.Child("system")?.Text is not { } system || coding.Child("code")?.Text is not { } code)
            return;
        var sets = context.Path.ValueSets;
        if (sets.Defines(system, code) == false)
            findings.Error(Findings.CodeInvalid, "The code system has no such code.", coding);
        else if (context.Warnings && !sets.KnowsSystem(system))
            findings.Once(system, Findings.NotFound, "The code system is not known here: its codes are not checked.", coding);
    }
}
