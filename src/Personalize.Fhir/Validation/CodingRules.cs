using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;

namespace Personalize.Fhir.Validation;

/// <summary>Codings: that a system whose codes are all known has the code, and that the system is known at all.</summary>
internal sealed class CodingRules(Findings findings, ValidationContext context)
{
    private const int Longest = 128;

    public void Check(Element coding)
    {
        if (coding.Child("system") is not { HasValue: true } system || coding.Child("code") is not { HasValue: true } code)
            return;
        var sets = context.Path.ValueSets;
        Span<char> systemText = stackalloc char[Longest];
        Span<char> codeText = stackalloc char[Longest];
        var url = Text(system, systemText);
        if (sets.Defines(url, Text(code, codeText)) == false)
            findings.Error(Findings.CodeInvalid, "The code system has no such code.", coding);
        else if (context.Warnings && !sets.KnowsSystem(url.ToString()))
            findings.Once(url.ToString(), Findings.NotFound, "The code system is not known here: its codes are not checked.", coding);
    }

    /// <summary>The text of a primitive; short ones take no memory.</summary>
    private static ReadOnlySpan<char> Text(Element element, Span<char> room)
    {
        var raw = element.Tree.Raw(element.Node);
        return element.Tree[element.Node].Has(JsonMarks.Escaped) || raw.Length > room.Length ? element.Text : room[..Encoding.UTF8.GetChars(raw, room)];
    }
}
