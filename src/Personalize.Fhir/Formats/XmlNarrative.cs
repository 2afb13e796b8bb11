using System.Net;
using System.Text.RegularExpressions;
using System.Xml;

namespace Personalize.Fhir.Formats;

/// <summary>A narrative of JSON as it stands in XML.</summary>
internal static partial class XmlNarrative
{
    /// <summary>The same text with its namespace, and with characters for HTML's named entities, which XML does not know; null when it is not one well-formed <c>div</c>.</summary>
    public static string? Of(string text)
    {
        var plain = Entity().Replace(text.Trim(), entity => WebUtility.HtmlDecode(entity.Value));
        if (!plain.StartsWith("<div", StringComparison.Ordinal))
            return null;
        if (!Namespace().IsMatch(plain))
            plain = $"<div xmlns=\"{XmlNames.Xhtml}\"{plain[4..]}";
        return IsWellFormed(plain) ? plain : null;
    }

    private static bool IsWellFormed(string text)
    {
        using var characters = new StringReader(text);
        using var reader = XmlReader.Create(characters, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        try
        {
            reader.MoveToContent();
            var isDiv = reader is { LocalName: "div", NamespaceURI: XmlNames.Xhtml };
            while (reader.Read())
                continue;
            return isDiv;
        }
        catch (XmlException)
        {
            return false;
        }
    }

    // XML's own five stay.
    [GeneratedRegex("&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]{1,31};", RegexOptions.CultureInvariant)]
    private static partial Regex Entity();

    [GeneratedRegex("^<div\\s[^>]*xmlns\\s*=", RegexOptions.CultureInvariant)]
    private static partial Regex Namespace();
}
