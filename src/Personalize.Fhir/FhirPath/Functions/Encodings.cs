using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Personalize.Fhir.FhirPath.Functions;

/// <summary>Source: FHIRPath 2.1, additional string functions. What is not well formed is empty; an unknown format too.</summary>
internal static class Encodings
{
    public static PathValue? Encode(string text, string format)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return format switch
        {
            "hex" => PathValue.Of(Convert.ToHexStringLower(bytes)),
            "base64" => PathValue.Of(Convert.ToBase64String(bytes)),
            "urlbase64" => PathValue.Of(Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_')),
            _ => null,
        };
    }

    public static PathValue? Decode(string text, string format)
    {
        try
        {
            return format switch
            {
                "hex" => PathValue.Of(Encoding.UTF8.GetString(Convert.FromHexString(text))),
                "base64" => PathValue.Of(Encoding.UTF8.GetString(Convert.FromBase64String(text))),
                "urlbase64" => PathValue.Of(Encoding.UTF8.GetString(Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/')))),
                _ => null,
            };
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public static PathValue? Escape(string text, string format) => format switch
    {
        "html" => PathValue.Of(WebUtility.HtmlEncode(text)),
        "json" => EscapeJson(text),
        _ => null,
    };

    // Half a surrogate pair has no UTF-8.
    private static PathValue? EscapeJson(string text)
    {
        var whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        return PathValue.Of(JsonEncodedText.Encode(whole, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString());
    }

    public static PathValue? Unescape(string text, string format) => format switch
    {
        "html" => PathValue.Of(WebUtility.HtmlDecode(text)),
        "json" => UnescapeJson(text),
        _ => null,
    };

    private static PathValue? UnescapeJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse($"\"{text}\"");
            return PathValue.Of(document.RootElement.GetString()!);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
