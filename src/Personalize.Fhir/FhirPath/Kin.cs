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

    public FhirType Type => type;

    public bool IsSelf => isSelf;

    /// <summary>Pushes the children of an element.</summary>
    public void Push(Frame frame, Element parent)
    {
        if (definition is null)
            return;
        if (!IsPlain(parent))
        {
            foreach (var child in parent.Children(definition))
                frame.Push(child);
            return;
        }
        var tokens = parent.Tree.Tokens;
        for (var at = First(tokens, parent.Node); at >= 0; at = Further(tokens, at, parent.Node))
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
        if (IsPlain(parent) && First(parent.Tree.Tokens, parent.Node) is var at && (at < 0 || (IsOne && parent.Tree[at].Kind is not (JsonKind.Array or JsonKind.Null))))
            return at < 0 ? 0 : 1;
        var count = 0;
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
        isPlain = IsOne && IsPlain(parent);
        if (!isPlain)
            return null;
        var at = First(parent.Tree.Tokens, parent.Node);
        if (at < 0)
            return null;
        ref readonly var token = ref parent.Tree[at];
        isPlain = token.Kind == JsonKind.String && !token.Has(JsonMarks.Escaped) && SystemValues.KindOf(type.Property(token.Name)!.Type) == SystemKind.Text;
        return isPlain ? parent.Tree.Raw(at).SequenceEqual(utf8) : null;
    }

    /// <summary>How many children of any name an element has.</summary>
    public static int CountAll(Element parent)
    {
        if (parent.Type.Kind == FhirTypeKind.Primitive || parent.Node < 0 || parent.Tree[parent.Node] is not { Kind: JsonKind.Object } container || container.Has(JsonMarks.HasTwins))
            return CountOneByOne(parent);
        var tokens = parent.Tree.Tokens;
        var count = 0;
        for (var at = parent.Node + 1; at < container.Next; at = tokens[at].Next)
        {
            if (tokens[at].Name == JsonNames.Unknown || parent.Type.Property(tokens[at].Name) is null)
                continue;
            count += tokens[at].Kind == JsonKind.Array ? Items(tokens, at) : tokens[at].Kind == JsonKind.Null ? 0 : 1;
        }
        return count;
    }

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

    private bool IsPlain(Element parent)
    {
        if (_names.Length == 0 || parent.Node < 0)
            return false;
        ref readonly var container = ref parent.Tree[parent.Node];
        return container.Kind == JsonKind.Object && (!_mayHaveTwins || !container.Has(JsonMarks.HasTwins) || !HasTwin(parent.Tree.Tokens, parent.Node));
    }

    private bool HasTwin(ReadOnlySpan<JsonToken> tokens, int container)
    {
        var end = tokens[container].Next;
        for (var at = Find(tokens, container + 1, end); at >= 0; at = Find(tokens, tokens[at].Next, end))
        {
            if (tokens[at].Has(JsonMarks.Twin))
                return true;
        }
        return false;
    }

    // True when the name is one key in JSON, which no object has twice; a choice has several.
    private bool IsOne => _names.Length == 1;

    private int First(ReadOnlySpan<JsonToken> tokens, int container) => Find(tokens, container + 1, tokens[container].Next);

    private int Further(ReadOnlySpan<JsonToken> tokens, int found, int container) => IsOne ? -1 : Find(tokens, tokens[found].Next, tokens[container].Next);

    private int Find(ReadOnlySpan<JsonToken> tokens, int at, int end)
    {
        var name = _names[0];
        var others = _names.AsSpan(1);
        for (; at < end; at = tokens[at].Next)
        {
            if (tokens[at].Name == name || (others.Length > 0 && others.Contains(tokens[at].Name)))
                return at;
        }
        return -1;
    }
}
