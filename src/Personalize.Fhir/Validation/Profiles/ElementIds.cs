using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Validation.Profiles;

/// <summary>The ids of a profile's elements, which name their slices. Source: FHIR R4, ElementDefinition, Element ids.</summary>
internal static class ElementIds
{
    /// <summary>The id in its full form: a differential may write <c>valueQuantity</c> for <c>value[x]:valueQuantity</c>.</summary>
    public static string Of(JsonItem element)
    {
        var id = element["id"].Text ?? element["path"].Text + (element["sliceName"].Text is { } slice ? ":" + slice : "");
        var segments = id.Split('.');
        if (FhirSchema.R4.Type(segments[0]) is not { } type)
            return id;
        for (var at = 1; at < segments.Length && type is not null; at++)
            (segments[at], type) = Full(segments[at], type);
        return string.Join('.', segments);
    }

    /// <summary><c>value</c> for <c>value[x]:valueQuantity</c>.</summary>
    public static string ShortName(string segment)
    {
        var name = segment.Split(':')[0];
        return name.EndsWith("[x]", StringComparison.Ordinal) ? name[..^3] : name;
    }

    /// <summary>The type that the name of a slice of a choice says: Quantity for <c>value[x]:valueQuantity</c>; null when it says none.</summary>
    public static FhirType? ChoiceOf(string id)
    {
        var segment = id[(id.LastIndexOf('.') + 1)..];
        var colon = segment.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : ChoiceOf(ShortName(segment), segment[(colon + 1)..]);
    }

    /// <summary>The same, of its parts.</summary>
    public static FhirType? ChoiceOf(string name, string slice)
    {
        var type = slice.StartsWith(name, StringComparison.Ordinal) ? slice[name.Length..] : "";
        return type.Length == 0 ? null : FhirSchema.R4.Type(type) ?? FhirSchema.R4.Type(char.ToLowerInvariant(type[0]) + type[1..]);
    }

    private static (string Segment, FhirType? Type) Full(string segment, FhirType type)
    {
        var name = ShortName(segment);
        if (type.Element(name) is { } known)
            return (segment, known.Types is [var only] ? only : ChoiceOf(segment));
        var property = type.Elements.Where(e => e.IsChoice).SelectMany(e => e.Properties).FirstOrDefault(p => p.Name == name);
        return property is null ? (segment, null) : ($"{property.Element.Name}[x]:{name}", property.Type);
    }
}
