using Microsoft.Net.Http.Headers;

namespace Personalize.Server.Http;

/// <summary>Which formats come in and go out: JSON alone. Source: FHIR R4, RESTful API, Content Types and encodings.</summary>
public static class MediaTypes
{
    /// <summary>The media type of FHIR resources in JSON.</summary>
    public const string FhirJson = "application/fhir+json";

    /// <summary>The media type of JSON Patch.</summary>
    public const string JsonPatch = "application/json-patch+json";

    private static readonly string[] _json = [FhirJson, "application/json", "text/json", "application/json+fhir"];

    /// <summary>True when JSON may be answered: <c>_format</c> wins over <c>Accept</c>; neither, or an Accept that cannot be read, means JSON.</summary>
    public static bool Answerable(string? format, string? accept)
    {
        if (!string.IsNullOrEmpty(format))
            return format == "json" || IsJson(format);
        return string.IsNullOrWhiteSpace(accept) || !MediaTypeHeaderValue.TryParseList([accept], out var wanted)
            || wanted.Any(w => w.Quality is not 0 && (w.MatchesAllTypes || Covers(w.MediaType.Value!)) && IsR4(w));
    }

    /// <summary>True for a body of JSON, in UTF-8 and of R4 where it says so.</summary>
    public static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && _json.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase)
        && (type.Charset.Length == 0 || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        && IsR4(type);

    /// <summary>True for a JSON Patch. Source: RFC 6902.</summary>
    public static bool IsJsonPatch(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals(JsonPatch, StringComparison.OrdinalIgnoreCase);

    /// <summary>True for a form.</summary>
    public static bool IsForm(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

    // A browser that opens a link asks for text/html and */*; the latter is enough.
    private static bool Covers(string media) =>
        _json.Contains(media, StringComparer.OrdinalIgnoreCase) || media.Equals("application/*", StringComparison.OrdinalIgnoreCase) || media.Equals("text/*", StringComparison.OrdinalIgnoreCase);

    private static bool IsR4(MediaTypeHeaderValue type) =>
        type.Parameters.FirstOrDefault(p => p.Name.Equals("fhirVersion", StringComparison.OrdinalIgnoreCase)) is not { } version || version.GetUnescapedValue() is { } v && (v == "4.0" || v == "4.0.1");
}
