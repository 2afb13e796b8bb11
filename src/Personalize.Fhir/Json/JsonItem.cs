namespace Personalize.Fhir.Json;

/// <summary>One value of a <see cref="JsonTree"/> without any FHIR meaning. The default value stands for nothing at all: it has no kind, no children and no text.</summary>
public readonly record struct JsonItem
{
    private readonly JsonTree? _tree;

    internal JsonItem(JsonTree tree, int node) => (_tree, Node) = (tree, node);

    /// <summary>Its row in the table.</summary>
    public int Node { get; }

    /// <summary>False for what a lookup did not find.</summary>
    public bool Exists => _tree is not null;

    /// <summary>What it is; null when it does not exist.</summary>
    public JsonKind? Kind => _tree?[Node].Kind;

    /// <summary>Its key; empty for an item of an array.</summary>
    public string Key => _tree?.Key(Node) ?? "";

    /// <summary>A string unescaped, a number or literal as written; null for containers, <c>null</c> and nothing.</summary>
    public string? Text => Kind is JsonKind.String or JsonKind.Number or JsonKind.True or JsonKind.False ? _tree!.Text(Node) : null;

    /// <summary>The bytes as they stand in the document; empty for nothing.</summary>
    public ReadOnlyMemory<byte> Json => _tree is null ? default : _tree.Bytes[_tree[Node].Place.._tree[Node].End];

    /// <summary>The property of that name, or an item that does not exist.</summary>
    public JsonItem this[string name]
    {
        get
        {
            foreach (var item in Items)
                if (item.Key == name)
                    return item;
            return default;
        }
    }

    /// <summary>The items of an array or the properties of an object, in order; none for anything else.</summary>
    public IEnumerable<JsonItem> Items
    {
        get
        {
            if (_tree is null || Kind is not (JsonKind.Object or JsonKind.Array))
                yield break;
            for (var at = Node + 1; at < _tree[Node].Next; at = _tree[at].Next)
                yield return new(_tree, at);
        }
    }
}
