using System.Diagnostics.CodeAnalysis;

namespace Personalize.Fhir.Primitives;

/// <summary>Type and id of a resource on this server, such as <c>Patient/123</c>.</summary>
public sealed record ResourceKey(string Type, ResourceId Id)
{
    /// <summary>Reads <c>Type/id</c> (nothing before it, an optional <c>/_history/v</c> behind it).</summary>
    public static bool TryParse([NotNullWhen(true)] string? reference, [NotNullWhen(true)] out ResourceKey? key)
    {
        key = null;
        var parts = reference?.Split('/') ?? [];
        var shaped = parts.Length == 2 || (parts.Length == 4 && parts[2] == "_history");
        if (shaped && IsTypeName(parts[0]) && ResourceId.TryParse(parts[1], out var id))
            key = new ResourceKey(parts[0], id);
        return key is not null;
    }

    private static bool IsTypeName(string text) => text.Length > 0 && char.IsAsciiLetterUpper(text[0]) && text.All(char.IsAsciiLetterOrDigit);

    /// <summary>A key that code made itself; throws when the id is none (a bug).</summary>
    public static ResourceKey Of(string type, string id) => new(type, ResourceId.Of(id));

    /// <summary><c>Type/id</c>.</summary>
    public override string ToString() => $"{Type}/{Id}";
}
