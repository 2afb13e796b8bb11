using System.Diagnostics.CodeAnalysis;
using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Elements;

/// <summary>One element of a resource: a view over the node table with its FHIR type. A primitive holds its value, its <c>_name</c> twin (id, extensions), or both.</summary>
public readonly struct Element : IEquatable<Element>
{
    internal Element(JsonTree tree, int node, int twin, FhirType type, ElementDef? definition) =>
        (Tree, Node, Twin, Type, Definition) = (tree, node, twin, type, definition);

    /// <summary>The table that it lies in.</summary>
    public JsonTree Tree { get; }

    /// <summary>The index of the value's node; -1 when only the <c>_name</c> twin is there.</summary>
    public int Node { get; }

    /// <summary>The index of the <c>_name</c> twin's node; -1 when there is none.</summary>
    public int Twin { get; }

    /// <summary>The element's name without the type of a choice: <c>value</c> for <c>valueQuantity</c>; of the root its type.</summary>
    public string Name => Definition?.Name ?? Type.Name;

    /// <summary>Its FHIR type: <c>Quantity</c>, <c>code</c>, a backbone such as <c>Patient.contact</c>, or the type of a resource.</summary>
    public FhirType Type { get; }

    /// <summary>What the schema says of it; null for the root of a resource.</summary>
    public ElementDef? Definition { get; }

    /// <summary>True when a primitive has a value (not only extensions).</summary>
    public bool HasValue => Type.Kind == FhirTypeKind.Primitive && Node >= 0 && Tree[Node].Kind is JsonKind.String or JsonKind.Number or JsonKind.True or JsonKind.False;

    /// <summary>The text of a primitive: a string unescaped, a number or boolean as it is written (1.50 stays 1.50); null when there is none.</summary>
    public string? Text => HasValue ? Tree.Text(Node) : null;

    /// <summary>The UTF-8 of a string without escapes, as it lies in the resource; empty for anything else.</summary>
    internal ReadOnlySpan<byte> PlainText => Node >= 0 && Tree[Node] is { Kind: JsonKind.String } token && !token.Has(JsonMarks.Escaped) ? Tree.Raw(Node) : default;

    /// <summary>The bytes of its value as they stand in the resource; empty when only a twin is there.</summary>
    public ReadOnlyMemory<byte> Json => Node < 0 ? default : Tree.Bytes[Tree[Node].Place..Tree[Node].End];

    /// <summary>The bytes of its <c>_name</c> twin (id and extensions of a primitive); empty when there is none.</summary>
    public ReadOnlyMemory<byte> TwinJson => Twin < 0 ? default : Tree.Bytes[Tree[Twin].Place..Tree[Twin].End];

    /// <summary>What its value is in JSON; null when only a twin is there.</summary>
    public JsonKind? Kind => Node < 0 ? null : Tree[Node].Kind;

    /// <summary>All children in the order of the bytes, arrays flattened, choices under their short name.</summary>
    public ElementList Children() => new(this, null, false);

    /// <summary>The children of one name (short name of a choice; also <c>extension</c> and <c>id</c> of a primitive).</summary>
    public ElementList Children(string name) => Type.Element(name) is { } wanted ? Children(wanted) : new(this, null, true);

    /// <summary>The children that one definition of <see cref="Type"/> describes.</summary>
    public ElementList Children(ElementDef definition) => new(this, definition, false);

    /// <summary>The first child of that name, or null.</summary>
    public Element? Child(string name)
    {
        if (Type.Element(name) is not { } wanted)
            return null;
        // Without twins, choices and types to be read from the content, the first row of that name is all there is to find.
        if (wanted.Only is { Type.IsResource: false } only && Type.Kind != FhirTypeKind.Primitive && Node >= 0 && Tree[Node] is { Kind: JsonKind.Object } token && !token.Has(JsonMarks.HasTwins))
            return First(only);
        foreach (var child in Children(wanted))
            return child;
        return null;
    }

    private Element? First(JsonProperty property)
    {
        var tokens = Tree.Tokens;
        for (int at = Node + 1, end = tokens[Node].Next; at < end; at = tokens[at].Next)
            if (tokens[at].Name == property.Id)
                return First(tokens, at) is >= 0 and var value ? new Element(Tree, value, -1, property.Type, property.Element) : null;
        return null;
    }

    /// <summary>The row itself, of an array its first item that is not null; -1 when there is none.</summary>
    private static int First(ReadOnlySpan<JsonToken> tokens, int at)
    {
        if (tokens[at].Kind != JsonKind.Array)
            return tokens[at].Kind == JsonKind.Null ? -1 : at;
        for (var item = at + 1; item < tokens[at].Next; item = tokens[item].Next)
            if (tokens[item].Kind != JsonKind.Null)
                return item;
        return -1;
    }

    /// <summary>True when it is a primitive whose text is that; cheaper than comparing <see cref="Text"/>.</summary>
    public bool TextIs(string text)
    {
        if (!HasValue)
            return false;
        if (Tree[Node].Has(JsonMarks.Escaped) || !System.Text.Ascii.IsValid(text))
            return Text == text;
        return System.Text.Ascii.Equals(Tree.Raw(Node), text);
    }

    /// <summary>The FHIRPath location: <c>Patient.name[0].given[1]</c>, a choice as <c>Observation.value</c>. Computed when asked for.</summary>
    public string Location() => Locations.Of(Tree, Node >= 0 ? Node : Twin);

    /// <summary>Line (from 1) and column (from 1, in bytes) at which it begins in the input.</summary>
    public (int Line, int Column) Position() => Tree.Position(Node >= 0 ? Node : Twin);

    /// <summary>True when both show the same place in the same table.</summary>
    public bool Equals(Element other) => ReferenceEquals(Tree, other.Tree) && Node == other.Node && Twin == other.Twin;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Element other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Tree, Node, Twin);

    /// <summary>True when both show the same place in the same table.</summary>
    public static bool operator ==(Element left, Element right) => left.Equals(right);

    /// <summary>True when they show different places.</summary>
    public static bool operator !=(Element left, Element right) => !left.Equals(right);

    /// <summary>The root of a tree, when it is an object with a known, concrete <c>resourceType</c>.</summary>
    internal static Element? Root(JsonTree tree) => ResourceTypeAt(tree, 0) is { IsAbstract: false } type ? new Element(tree, 0, -1, type, null) : null;

    /// <summary>What an object says of itself in <c>resourceType</c>; null when that is not the name of a concrete resource type.</summary>
    internal static FhirType? ResourceTypeAt(JsonTree tree, int node)
    {
        var at = ResourceTypeNode(tree, node);
        return at >= 0 && tree[at].Kind == JsonKind.String && FhirSchema.R4.ResourceType(tree.Raw(at)) is { IsAbstract: false } type ? type : null;
    }

    /// <summary>The row of <c>resourceType</c> in an object; -1 when it has none.</summary>
    internal static int ResourceTypeNode(JsonTree tree, int node)
    {
        if (tree[node].Kind != JsonKind.Object)
            return -1;
        for (var at = node + 1; at < tree[node].Next; at = tree[at].Next)
            if (tree[at].Name == FhirSchema.R4.ResourceTypeName && !tree[at].Has(JsonMarks.Twin))
                return at;
        return -1;
    }
}
