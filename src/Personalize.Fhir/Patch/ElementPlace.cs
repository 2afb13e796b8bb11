using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;

namespace Personalize.Fhir.Patch;

/// <summary>Where values stand in JSON: the object, the key, and the rows of the property and of its twin (<c>_key</c>); for an array also which item.</summary>
/// <param name="Tree">The table.</param>
/// <param name="Container">The row of the object.</param>
/// <param name="Key">The property's name without underscore.</param>
/// <param name="Values">The row of the property; -1 when it is not there.</param>
/// <param name="Twins">The row of the twin; -1 when it is not there.</param>
/// <param name="Index">The item of the array; -1 when it is no array.</param>
internal sealed record ElementPlace(JsonTree Tree, int Container, string Key, int Values, int Twins, int Index)
{
    /// <summary>True when the property repeats.</summary>
    public bool IsList => Index >= 0;

    /// <summary>How many items the array and its twin have, whichever is longer.</summary>
    public int Count => Math.Max(Items(Values).Count, Items(Twins).Count);

    /// <summary>The place of an element that is not the root.</summary>
    public static ElementPlace Of(Element element) => Of(element.Tree, element.Node >= 0 ? element.Node : element.Twin);

    /// <summary>The place of the value in that row, which is not the root.</summary>
    public static ElementPlace Of(JsonTree tree, int node)
    {
        var (member, parent, index) = (node, JsonEdit.Parent(tree, node), -1);
        if (tree[parent].Kind == JsonKind.Array)
        {
            index = JsonEdit.Children(tree, parent).IndexOf(node);
            (member, parent) = (parent, JsonEdit.Parent(tree, parent));
        }
        return Named(tree, parent, tree.Key(member).TrimStart('_'), index);
    }

    /// <summary>The place of a property of an object.</summary>
    public static ElementPlace Named(JsonTree tree, int container, string key, int index) =>
        new(tree, container, key, JsonEdit.Member(tree, container, key), JsonEdit.Member(tree, container, "_" + key), index);

    /// <summary>The rows of the items of an array; none when the array is not there.</summary>
    public List<int> Items(int array) => array < 0 || Tree[array].Kind != JsonKind.Array ? [] : JsonEdit.Children(Tree, array);

    /// <summary>The bytes of what stands at that place of the property or of its twin; null for nothing and for <c>null</c>.</summary>
    public ReadOnlyMemory<byte>? Bytes(int row, int index)
    {
        var items = IsList ? Items(row) : row < 0 ? [] : [row];
        var node = items.ElementAtOrDefault(IsList ? index : 0, -1);
        if (node < 0 || Tree[node].Kind == JsonKind.Null)
            return null;
        return JsonEdit.Bytes(Tree, node);
    }
}

file static class Rows
{
    public static int ElementAtOrDefault(this List<int> rows, int index, int otherwise) => index >= 0 && index < rows.Count ? rows[index] : otherwise;
}
