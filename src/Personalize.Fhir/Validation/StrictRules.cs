using Personalize.Fhir.Elements;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Validation;

/// <summary>What <see cref="Strictness"/> refuses in the text of primitives.</summary>
internal sealed class StrictRules(Findings findings, Strictness strictness)
{
    private static readonly string[] _examples = ["example.org", "example.com", "example.net"];

    public void Check(Element element)
    {
        if (strictness.NoExampleAddresses && element.Type.Primitive == PrimitiveKind.Url && Uri.TryCreate(element.Text, UriKind.Absolute, out var url) && _examples.Any(e => url.Host == e || url.Host.EndsWith("." + e, StringComparison.Ordinal)))
            findings.Error(Findings.BusinessRule, "An address that is reserved for examples may not stand here.", element);
        if (strictness.NoHtmlInMarkdown && element.Type.Primitive == PrimitiveKind.Markdown && HasTag(element.Text ?? ""))
            findings.Error(Findings.BusinessRule, "Markdown may not hold tags of HTML here.", element);
    }

    private static bool HasTag(string text)
    {
        for (var at = text.IndexOf('<', StringComparison.Ordinal); at >= 0; at = text.IndexOf('<', at + 1))
            if (at + 1 < text.Length && (char.IsAsciiLetter(text[at + 1]) || text[at + 1] == '/'))
                return true;
        return false;
    }
}
