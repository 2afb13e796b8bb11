using Personalize.Engine.Record;
using Personalize.Fhir.Elements;

namespace Personalize.Engine.Content;

/// <summary>Reads a segment's Group.</summary>
internal static class SegmentReading
{
    private const string Place = "extension('segment-definition')";

    /// <summary>The extension that makes a Group a segment definition, or null.</summary>
    public static Element? Definition(Element group) =>
        group.Extensions(Canonicals.SegmentDefinition).Cast<Element?>().FirstOrDefault();

    public static SegmentDefinition? Read(ContentReader reader)
    {
        var about = Definition(reader.Root);
        var expression = reader.RequiredExpression(about?.ExtensionValue("expression"), Place + ".extension('expression').value");
        return expression is null ? null : new SegmentDefinition(
            CodeOf(reader), reader.RequiredAt("name"), reader.RequiredIn(about, "url", Place), reader.RequiredIn(about, "version", Place),
            reader.RequiredIn(about, "kind", Place), about?.ExtensionText("purpose"), about?.ExtensionText("owner"), about?.ExtensionText("source"), expression);
    }

    private static string CodeOf(ContentReader reader)
    {
        var codings = reader.Root.At("code")?.Children("coding") ?? [];
        var code = codings.Where(coding => coding.TextAt("system") == Canonicals.SegmentSystem).Select(coding => coding.TextAt("code")).FirstOrDefault();
        return reader.Required(code, "code.coding");
    }
}
