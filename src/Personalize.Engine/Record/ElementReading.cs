using Personalize.Fhir.Elements;

namespace Personalize.Engine.Record;

/// <summary>Short ways to read elements of a resource.</summary>
internal static class ElementReading
{
    /// <summary>The element at the end of a path of first children, or null.</summary>
    public static Element? At(this Element element, params ReadOnlySpan<string> path)
    {
        Element? at = element;
        foreach (var name in path)
            at = at?.Child(name);
        return at;
    }

    /// <summary>The text of the primitive at the end of a path of first children, or null.</summary>
    public static string? TextAt(this Element element, params ReadOnlySpan<string> path) => element.At(path)?.Text;

    /// <summary>The extensions of that URL.</summary>
    public static IEnumerable<Element> Extensions(this Element element, string url) =>
        element.Children("extension").Where(extension => extension.TextAt("url") == url);

    /// <summary>The value of the first extension of that URL, or null.</summary>
    public static Element? ExtensionValue(this Element element, string url)
    {
        foreach (var extension in element.Extensions(url))
            return extension.Child("value");
        return null;
    }

    /// <summary>The text of the value of the first extension of that URL, or null.</summary>
    public static string? ExtensionText(this Element element, string url) => element.ExtensionValue(url)?.Text;

    /// <summary>True when a concept has a coding of that system and code.</summary>
    public static bool HasCoding(this Element concept, string system, string code) =>
        concept.Children("coding").Any(coding => coding.TextAt("system") == system && coding.TextAt("code") == code);

    /// <summary>A concept in words: its text, else the display or the code of its first coding; null for an empty one.</summary>
    public static string? Words(this Element concept) =>
        concept.TextAt("text") ?? concept.TextAt("coding", "display") ?? concept.TextAt("coding", "code");
}
