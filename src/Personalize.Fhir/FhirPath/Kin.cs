using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.FhirPath;

/// <summary>The children of one name in elements of one type. Where no primitive among them has a twin, the rows of the table are read as they lie, without an enumeration: most of an evaluation's time is spent here.</summary>
/// <param name="type">The parents' type.</param>
/// <param name="definition">What the type says of the name; null when it has no such element.</param>
/// <param name="isSelf">True when the name is the type's own or an ancestor's.</param>
internal sealed class Kin(FhirType type, ElementDef? definition, bool isSelf)
{
    private readonly ushort[] _names = definition is null || type.Kind == FhirTypeKind.Primitive || definition.Types.Any(t => t.IsResource) ? [] : [.. definition.Properties.Select(p => p.Id)];

    // Only primitives have twins: what stands beside them does not concern others.
    private readonly bool _mayHaveTwins = definition?.Types.Any(t => t.Kind == FhirTypeKind.Primitive) == true;

    // A choice's names by their numbers, from the least one on; empty for one name alone.
    private readonly bool[] _marks = Marks(definition);
    private readonly int _first = definition?.Properties.Min(p => p.Id) ?? 0;

    public FhirType Type => type;

    public bool IsSelf => isSelf;

    private static bool[] Marks(ElementDef? definition)
    {
        if (definition is null || definition.Properties.Count < 2)
            return [];
        var (first, last) = (definition.Properties.Min(p => p.Id), definition.Properties.Max(p => p.Id));
        return [.. Enumerable.Range(first, last - first + 1).Select(id => definition.Properties.Any(p => p.Id == id))];
    }

    /// <summary>Pushes the children of an element.</summary>
    public void Push(Frame frame, Element parent)
    {
        if (definition is null)
            return;
        if (!IsPlain(parent, out var at))
        {
            foreach (var child in parent.Children(definition))
                frame.Push(child);
            return;
        }
        var tokens = parent.Tree.Tokens;
        for (; at >= 0; at = Further(tokens, at, parent.Node))
        {
            var kind = type.Property(tokens[at].Name)!.Type;
            if (tokens[at].Kind != JsonKind.Array)
                Push(frame, parent.Tree, tokens, at, kind);
            else
                PushItems(frame, parent.Tree, tokens, at, kind);
        }
    }

    private void PushItems(Frame frame, JsonTree tree, ReadOnlySpan<JsonToken> tokens, int array, FhirType kind)
    {
        for (var item = array + 1; item < tokens[array].Next; item = tokens[item].Next)
            Push(frame, tree, tokens, item, kind);
    }

    private void Push(Frame frame, JsonTree tree, ReadOnlySpan<JsonToken> tokens, int at, FhirType kind)
    {
        if (tokens[at].Kind != JsonKind.Null)
            frame.Push(new PathValue(new Element(tree, at, -1, kind, definition)));
    }

    /// <summary>How many children an element has, at most so many.</summary>
    public int Count(Element parent, int enough)
    {
        if (definition is null)
            return 0;
        var count = 0;
        if (IsPlain(parent, out var at))
        {
            var tokens = parent.Tree.Tokens;
            for (; at >= 0 && count < enough; at = Further(tokens, at, parent.Node))
                count += Occurrences(tokens, at);
            return Math.Min(count, enough);
        }
        foreach (var _ in parent.Children(definition))
        {
            if (++count >= enough)
                break;
        }
        return count;
    }

    /// <summary>Whether the child is that text; null when there is none. <paramref name="isPlain"/> is false when this cannot be said by comparing bytes.</summary>
    public bool? IsText(Element parent, ReadOnlySpan<byte> utf8, out bool isPlain)
    {
        isPlain = IsPlain(parent, out var at) && IsOne;
        if (!isPlain || at < 0)
            return null;
        ref readonly var token = ref parent.Tree[at];
        isPlain = token.Kind == JsonKind.String && !token.Has(JsonMarks.Escaped) && SystemValues.KindOf(type.Property(token.Name)!.Type) == SystemKind.Text;
        return isPlain ? parent.Tree.Raw(at).SequenceEqual(utf8) : null;
    }

    /// <summary>Whether the child has a value: false when there is none; null when this must be looked at one by one.</summary>
    public bool? HasValue(Element parent)
    {
        if (!IsOne || !IsPlain(parent, out var at))
            return null;
        return at < 0 ? false : type.Property(parent.Tree[at].Name)!.Type.Kind == FhirTypeKind.Primitive && parent.Tree[at].Kind is JsonKind.String or JsonKind.Number or JsonKind.True or JsonKind.False ? true : null;
    }

    /// <summary>How many children of any name an element has.</summary>
    public static int CountAll(Element parent)
    {
        if (parent.Type.Kind == FhirTypeKind.Primitive || parent.Node < 0 || parent.Tree[parent.Node] is not { Kind: JsonKind.Object } container)
            return CountOneByOne(parent);
        var tokens = parent.Tree.Tokens;
        var count = 0;
        for (var at = parent.Node + 1; at < container.Next; at = tokens[at].Next)
        {
            if (tokens[at].Name == JsonNames.Unknown || parent.Type.Property(tokens[at].Name) is null)
                continue;
            var value = tokens[at].Has(JsonMarks.Twin) ? Sibling(tokens, at, parent.Node) : -1;
            // An array and its twin fill each other's gaps.
            if (value >= 0 && tokens[value].Kind == JsonKind.Array)
                return CountOneByOne(parent);
            count += value >= 0 ? 0 : Occurrences(tokens, at);
        }
        return count;
    }

    // The value beside a twin.
    private static int Sibling(ReadOnlySpan<JsonToken> tokens, int half, int container)
    {
        for (var at = container + 1; at < tokens[container].Next; at = tokens[at].Next)
        {
            if (at != half && tokens[at].Name == tokens[half].Name)
                return at;
        }
        return -1;
    }

    private static int Occurrences(ReadOnlySpan<JsonToken> tokens, int at) => tokens[at].Kind switch
    {
        JsonKind.Array => Items(tokens, at),
        JsonKind.Null => 0,
        _ => 1,
    };

    private static int CountOneByOne(Element parent)
    {
        var count = 0;
        foreach (var _ in parent.Children())
            count++;
        return count;
    }

    private static int Items(ReadOnlySpan<JsonToken> tokens, int array)
    {
        var count = 0;
        for (var item = array + 1; item < tokens[array].Next; item = tokens[item].Next)
            count += tokens[item].Kind == JsonKind.Null ? 0 : 1;
        return count;
    }

    /// <summary>True when the rows can be read as they lie; then <paramref name="first"/> is the first of that name, -1 for none.</summary>
    private bool IsPlain(Element parent, out int first)
    {
        first = -1;
        if (_names.Length == 0 || parent.Node < 0)
            return false;
        ref readonly var container = ref parent.Tree[parent.Node];
        if (container.Kind != JsonKind.Object)
            return false;
        var tokens = parent.Tree.Tokens;
        first = Find(tokens, parent.Node + 1, container.Next);
        return first < 0 || !_mayHaveTwins || !container.Has(JsonMarks.HasTwins) || !HasTwin(tokens, first, container.Next);
    }

    private bool HasTwin(ReadOnlySpan<JsonToken> tokens, int at, int end)
    {
        for (; at >= 0; at = Find(tokens, tokens[at].Next, end))
        {
            if (tokens[at].Has(JsonMarks.Twin))
                return true;
        }
        return false;
    }

    // True when the name is one key in JSON, which no object has twice; a choice has several.
    private bool IsOne => _names.Length == 1;

    private int Further(ReadOnlySpan<JsonToken> tokens, int found, int container) => IsOne ? -1 : Find(tokens, tokens[found].Next, tokens[container].Next);

    private int Find(ReadOnlySpan<JsonToken> tokens, int at, int end) => IsOne ? Find(tokens, at, end, _names[0]) : Find(tokens, at, end, _marks, _first);

    private static int Find(ReadOnlySpan<JsonToken> tokens, int at, int end, ushort name)
    {
        for (; at < end; at = tokens[at].Next)
        {
            if (tokens[at].Name == name)
                return at;
        }
        return -1;
    }

    private static int Find(ReadOnlySpan<JsonToken> tokens, int at, int end, bool[] marks, int first)
    {
        for (; at < end; at = tokens[at].Next)
        {
            var mark = tokens[at].Name - first;
            if ((uint)mark < (uint)marks.Length && marks[mark])
                return at;
        }
        return -1;
    }
}
