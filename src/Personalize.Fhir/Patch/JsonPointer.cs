using System.Globalization;
using Personalize.Fhir.Json;

namespace Personalize.Fhir.Patch;

/// <summary>A place in a JSON document. Source: RFC 6901.</summary>
internal sealed record JsonPointer(string Text, IReadOnlyList<string> Segments)
{
    /// <summary>True for the whole document.</summary>
    public bool IsRoot => Segments.Count == 0;

    /// <summary>The last segment.</summary>
    public string Last => Segments[^1];

    /// <summary>Reads a pointer; null when it is none.</summary>
    public static JsonPointer? Read(string? text)
    {
        if (text is null || (text.Length > 0 && text[0] != '/'))
            return null;
        for (var at = text.IndexOf('~', StringComparison.Ordinal); at >= 0; at = text.IndexOf('~', at + 1))
            if (at + 1 == text.Length || text[at + 1] is not ('0' or '1'))
                return null;
        return new(text, text.Length == 0 ? [] : [.. text[1..].Split('/').Select(s => s.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))]);
    }

    /// <summary>The row that it names; -1 when there is none.</summary>
    public int Find(JsonTree tree) => Find(tree, Segments.Count);

    /// <summary>The row of the container that its last segment speaks of; -1 when there is none.</summary>
    public int FindParent(JsonTree tree) => Find(tree, Segments.Count - 1);

    /// <summary>True when the other place lies inside this one.</summary>
    public bool Holds(JsonPointer other) => other.Segments.Count > Segments.Count && Segments.SequenceEqual(other.Segments.Take(Segments.Count), StringComparer.Ordinal);

    /// <summary>An array's index: digits without leading zeros; null for anything else.</summary>
    public static int? Index(string segment) =>
        segment.Length is > 0 and < 10 && segment.All(char.IsAsciiDigit) && (segment == "0" || segment[0] != '0') ? int.Parse(segment, CultureInfo.InvariantCulture) : null;

    private int Find(JsonTree tree, int depth)
    {
        var at = 0;
        for (var step = 0; step < depth && at >= 0; step++)
            at = tree[at].Kind switch
            {
                JsonKind.Object => JsonEdit.Member(tree, at, Segments[step]),
                JsonKind.Array when Index(Segments[step]) is { } index => Item(tree, at, index),
                _ => -1,
            };
        return at;
    }

    private static int Item(JsonTree tree, int array, int index)
    {
        var at = array + 1;
        for (; index > 0 && at < tree[array].Next; index--)
            at = tree[at].Next;
        return at < tree[array].Next ? at : -1;
    }
}
