using System.Buffers;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Elements;

/// <summary>What the text of a reference says.</summary>
public static class References
{
    private static readonly SearchValues<byte> _idBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-."u8);

    /// <summary>The type that a reference names: of <c>Patient/1</c> or <c>http://a.b/fhir/Patient/1</c> it is Patient; null when it names none.</summary>
    public static string? TypeOf(string? reference) => Key(reference)?.Type;

    /// <summary>Type and id in a relative or absolute reference, also with a version behind them; null when it has another shape.</summary>
    public static ResourceKey? Key(string? reference)
    {
        if (reference is null || reference.StartsWith('#') || reference.StartsWith("urn:", StringComparison.Ordinal) || reference.Contains('?', StringComparison.Ordinal))
            return null;
        var parts = reference.Split('/');
        var history = Array.LastIndexOf(parts, "_history");
        var end = history > 0 ? history : parts.Length;
        return end >= 2 && FhirSchema.R4.Type(parts[end - 2]) is { IsResource: true, IsAbstract: false } && ResourceId.TryParse(parts[end - 1], out var id) ? new(parts[end - 2], id) : null;
    }

    /// <summary>True for what has a scheme: it lies elsewhere.</summary>
    public static bool IsAbsolute(string reference) => reference.Contains("://", StringComparison.Ordinal) || reference.StartsWith("urn:", StringComparison.Ordinal);

    /// <summary>As <see cref="IsAbsolute(string)"/>, on bytes.</summary>
    internal static bool IsAbsolute(ReadOnlySpan<byte> reference) => reference.StartsWith("urn:"u8) || reference.IndexOf("://"u8) >= 0;

    /// <summary>As <see cref="Key(string?)"/>, on bytes: where type and id stand in them.</summary>
    internal static bool TryKey(ReadOnlySpan<byte> reference, out Range type, out Range id)
    {
        (type, id) = (default, default);
        if (reference.StartsWith("urn:"u8))
            return false;
        // What nearly all others are: a type, a slash, an id.
        var first = reference.IndexOf((byte)'/');
        (type, id) = (..Math.Max(first, 0), (first + 1)..);
        if (first > 0 && reference.Length - first - 1 is >= 1 and <= 64 && !reference[(first + 1)..].ContainsAnyExcept(_idBytes) && FhirSchema.R4.ResourceType(reference[..first]) is not null)
            return true;
        return TryOddKey(reference, out type, out id);
    }

    private static bool TryOddKey(ReadOnlySpan<byte> reference, out Range type, out Range id)
    {
        (type, id) = (default, default);
        if (reference.IsEmpty || reference[0] == '#' || reference.Contains((byte)'?'))
            return false;
        var path = reference;
        for (var history = path.LastIndexOf("/_history"u8); history >= 0; history = path[..history].LastIndexOf("/_history"u8))
            if (history + 9 == path.Length || path[history + 9] == '/')
            {
                path = path[..history];
                break;
            }
        var slash = path.LastIndexOf((byte)'/');
        if (slash < 0)
            return false;
        var start = path[..slash].LastIndexOf((byte)'/') + 1;
        (type, id) = (start..slash, (slash + 1)..path.Length);
        return path.Length - slash - 1 is >= 1 and <= 64 && !path[id].ContainsAnyExcept(_idBytes) && FhirSchema.R4.ResourceType(path[type]) is not null;
    }
}
