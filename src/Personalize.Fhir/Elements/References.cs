using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Elements;

/// <summary>What the text of a reference says.</summary>
public static class References
{
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
        return end >= 2 && FhirSchema.R4.Type(parts[end - 2]) is { IsResource: true } && ResourceId.TryParse(parts[end - 1], out var id) ? new(parts[end - 2], id) : null;
    }

    /// <summary>True for what has a scheme: it lies elsewhere.</summary>
    public static bool IsAbsolute(string reference) => reference.Contains("://", StringComparison.Ordinal) || reference.StartsWith("urn:", StringComparison.Ordinal);
}
