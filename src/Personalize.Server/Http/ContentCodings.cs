using System.IO.Compression;
using Microsoft.Net.Http.Headers;

namespace Personalize.Server.Http;

/// <summary>Compression of bodies: gzip and brotli, both ways. Source: RFC 9110, 8.4 and 12.5.3; FHIR R4, RESTful API, 3.1.0.1.15.</summary>
/// <remarks>Compression next to encryption lets somebody guess a secret who can add text of his own to an answer and see its length (BREACH).
/// FHIR's answers hold none that a browser would fetch by itself: a token is sent by the client's own code, cookies count nowhere here, and what is sealed in a link is other text each time.</remarks>
public static class ContentCodings
{
    /// <summary>What is offered, for <c>Accept-Encoding</c> of a 415.</summary>
    public const string Offered = "gzip, br";

    /// <summary>Shorter bodies fit into one packet as they are.</summary>
    public const int LeastBytes = 1_024;

    /// <summary>The coding to answer in: <c>br</c> or <c>gzip</c>, or null for none. What the client prefers counts, then brotli.</summary>
    public static string? Wished(string? acceptEncoding)
    {
        if (string.IsNullOrWhiteSpace(acceptEncoding) || !StringWithQualityHeaderValue.TryParseList([acceptEncoding], out var list))
            return null;
        double Quality(string coding) => (list.FirstOrDefault(w => w.Value.Equals(coding, StringComparison.OrdinalIgnoreCase)) ?? list.FirstOrDefault(w => w.Value == "*")) is { } wished ? wished.Quality ?? 1 : 0;
        var (brotli, gzip) = (Quality("br"), Quality("gzip"));
        if (brotli <= 0 && gzip <= 0)
            return null;
        return brotli >= gzip ? "br" : "gzip";
    }

    /// <summary>A stream that compresses into the body; finish it by disposing.</summary>
    public static Stream Compress(Stream body, string coding) => coding == "br"
        ? new BrotliStream(body, CompressionLevel.Fastest, leaveOpen: true)
        : new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true);

    /// <summary>The body as it was before it was compressed; null for a coding that is not offered.</summary>
    public static Stream? Inflate(Stream body, string? contentEncoding) => contentEncoding?.Trim().ToLowerInvariant() switch
    {
        null or "" or "identity" => body,
        "gzip" or "x-gzip" => new GZipStream(body, CompressionMode.Decompress, leaveOpen: true),
        "br" => new BrotliStream(body, CompressionMode.Decompress, leaveOpen: true),
        _ => null,
    };
}
