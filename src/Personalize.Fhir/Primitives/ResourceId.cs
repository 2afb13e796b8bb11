using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Personalize.Fhir.Primitives;

/// <summary>The logical id of a resource: 1 to 64 characters out of A-Z, a-z, 0-9, '-' and '.'.</summary>
/// <remarks>Source: FHIR R4, Data Types, <c>id</c>. Whoever holds one need not check it again.</remarks>
public sealed record ResourceId
{
    private const int MaxLength = 64;
    private static readonly SearchValues<char> _allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.");

    private readonly string _text;

    private ResourceId(string text) => _text = text;

    /// <summary>Reads an id; false when the text is empty, too long, or holds a character that FHIR forbids.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ResourceId? id)
    {
        id = text is { Length: > 0 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(_allowed) ? new ResourceId(text) : null;
        return id is not null;
    }

    /// <summary>An id that code made itself; throws when it is none (a bug).</summary>
    public static ResourceId Of(string text) => TryParse(text, out var id) ? id : throw new ArgumentException("Not a FHIR id.", nameof(text));

    /// <summary>The id as text.</summary>
    public override string ToString() => _text;
}
