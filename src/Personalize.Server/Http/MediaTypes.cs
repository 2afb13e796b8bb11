using Microsoft.Net.Http.Headers;

namespace Personalize.Server.Http;

/// <summary>Which formats come in and go out: JSON and XML. Source: FHIR R4, RESTful API, Content Types and encodings.</summary>
public static class MediaTypes
{
    /// <summary>The media type of FHIR resources in JSON.</summary>
    public const string FhirJson = "application/fhir+json";

    /// <summary>The media type of FHIR resources in XML.</summary>
    public const string FhirXml = "application/fhir+xml";

    /// <summary>The media type of JSON Patch.</summary>
    public const string JsonPatch = "application/json-patch+json";

    /// <summary>The media type of XML Patch.</summary>
    public const string XmlPatch = "application/xml-patch+xml";

    private static readonly string[] _json = [FhirJson, "application/json", "text/json", "application/json+fhir"];
    private static readonly string[] _xml = [FhirXml, "application/xml", "text/xml", "application/xml+fhir"];
    private static readonly string[] _any = ["*/*", "application/*", "text/*"];

    /// <summary>The format to answer in; null when none of the wished ones is offered. <c>_format</c> wins over <c>Accept</c>; neither, or an Accept that cannot be read, means JSON.</summary>
    public static WireFormat? Wished(string? format, string? accept)
    {
        if (!string.IsNullOrEmpty(format))
            return Named(format);
        if (string.IsNullOrWhiteSpace(accept) || !MediaTypeHeaderValue.TryParseList([accept], out var list))
            return WireFormat.Json;
        // A browser that opens a link asks for pages, and for XML before anything else: JSON is what it shows best.
        var wished = list.Where(w => w.Quality is not 0 && IsR4(w)).ToList();
        var json = wished.Where(w => IsAmong(_json, w) || IsAmong(_any, w)).ToList();
        var xml = wished.Any(w => w.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase)) ? [] : wished.Where(w => IsAmong(_xml, w)).ToList();
        if (json.Count == 0)
            return xml.Count == 0 ? null : WireFormat.Xml;
        return xml.Count > 0 && xml.Max(Quality) > json.Max(Quality) ? WireFormat.Xml : Between(json, xml);
    }

    /// <summary>True for a body of JSON, in UTF-8 and of R4 where it says so.</summary>
    public static bool IsJson(string? contentType) => Is(_json, contentType);

    /// <summary>True for a body of XML, in UTF-8 and of R4 where it says so.</summary>
    public static bool IsXml(string? contentType) => Is(_xml, contentType);

    /// <summary>True for a JSON Patch. Source: RFC 6902.</summary>
    public static bool IsJsonPatch(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals(JsonPatch, StringComparison.OrdinalIgnoreCase);

    /// <summary>True for an XML Patch. Source: RFC 5261.</summary>
    public static bool IsXmlPatch(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals(XmlPatch, StringComparison.OrdinalIgnoreCase);

    /// <summary>True for a form.</summary>
    public static bool IsForm(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

    // A plus in a query that nobody escaped is a space by now.
    private static WireFormat? Named(string format) => format.Replace(' ', '+') switch
    {
        "json" => WireFormat.Json,
        "xml" => WireFormat.Xml,
        var type when IsJson(type) => WireFormat.Json,
        var type when IsXml(type) => WireFormat.Xml,
        _ => null,
    };

    // XML by its name is wished more than anything at all.
    private static WireFormat Between(List<MediaTypeHeaderValue> json, List<MediaTypeHeaderValue> xml) =>
        xml.Count > 0 && xml.Max(Quality) == json.Max(Quality) && !json.Exists(w => IsAmong(_json, w)) ? WireFormat.Xml : WireFormat.Json;

    private static double Quality(MediaTypeHeaderValue type) => type.Quality ?? 1;

    private static bool Is(string[] names, string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && IsAmong(names, type)
        && (type.Charset.Length == 0 || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        && IsR4(type);

    private static bool IsAmong(string[] names, MediaTypeHeaderValue type) => names.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase);

    private static bool IsR4(MediaTypeHeaderValue type) =>
        type.Parameters.FirstOrDefault(p => p.Name.Equals("fhirVersion", StringComparison.OrdinalIgnoreCase)) is not { } version || version.GetUnescapedValue() is { } v && (v == "4.0" || v == "4.0.1");
}
