using Personalize.Fhir.Elements;
using Personalize.Server.Http;

namespace Personalize.Server.Verbs;

/// <summary>Makes requests of resources.</summary>
internal static class Requests
{
    /// <summary>PUT where the resource has an id, else POST.</summary>
    public static (string Method, string Path, ReadOnlyMemory<byte> Body) Of(Resource resource) =>
        resource.Id is { } id ? ("PUT", $"{resource.Type}/{id}", resource.Bytes) : ("POST", resource.Type, resource.Bytes);

    /// <summary>A Bundle that puts or posts each.</summary>
    public static ReadOnlyMemory<byte> Bundle(string type, IEnumerable<(Resource Resource, string? FullUrl)> entries)
    {
        var json = new JsonPieces().Raw($"{{\"resourceType\":\"Bundle\",\"type\":\"{type}\",\"entry\":[");
        var between = "";
        foreach (var (resource, fullUrl) in entries)
        {
            var (method, path, body) = Of(resource);
            json.Raw(between).Raw("{");
            if (fullUrl is not null)
                json.Raw("\"fullUrl\":").Quoted(fullUrl).Raw(",");
            json.Raw("\"resource\":").Stored(body).Raw(",\"request\":{\"method\":").Quoted(method).Raw(",\"url\":").Quoted(path).Raw("}}");
            between = ",";
        }
        return Joined(json.Raw("]}").Body());
    }

    private static byte[] Joined(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        var all = new byte[pieces.Sum(p => p.Length)];
        var at = 0;
        foreach (var piece in pieces)
        {
            piece.Span.CopyTo(all.AsSpan(at));
            at += piece.Length;
        }
        return all;
    }
}
