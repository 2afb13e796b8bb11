using Personalize.Fhir.Json;

namespace Personalize.Fhir.Patch;

/// <summary>A value to be put into a resource.</summary>
/// <param name="Json">The value in JSON; null when a primitive has extensions alone.</param>
/// <param name="Twin">What stands beside a primitive under <c>_key</c>; null for nothing.</param>
internal sealed record NewValue(ReadOnlyMemory<byte>? Json, ReadOnlyMemory<byte>? Twin);

/// <summary>Elements taken away, put in and moved as splices of the JSON; a primitive and its twin stay in step, and nothing empty is left behind.</summary>
internal static class ElementEdit
{
    private static readonly ReadOnlyMemory<byte> _null = "null"u8.ToArray();

    /// <summary>Takes an element away, and with it each element around it that would be left empty; never the root.</summary>
    public static void Delete(ElementPlace place, Splices splices)
    {
        var tree = place.Tree;
        if (place is { IsList: true, Count: > 1 })
        {
            RemoveItem(place, place.Values, splices);
            RemoveItem(place, place.Twins, splices);
            return;
        }
        int[] members = [.. new[] { place.Values, place.Twins }.Where(row => row >= 0)];
        if (place.Container == 0 || JsonEdit.Children(tree, place.Container).Count > members.Length)
            JsonEdit.Remove(tree, place.Container, members, splices);
        else
            Empty(place.Container, tree, splices);
    }

    /// <summary>Puts a value in the place of what stands there; a choice that changes its type changes its key with it.</summary>
    public static void Replace(ElementPlace place, string key, NewValue value, Splices splices)
    {
        // The members of one element never both go: with the last one the commas around it would have to go too.
        var swaps = !place.IsList && ((place.Values < 0 && value.Twin is null) || (place.Twins < 0 && value.Json is null));
        if (swaps)
            Rewrite(place, Math.Max(place.Values, place.Twins), value.Json is null ? "_" + key : key, (value.Json ?? value.Twin)!.Value, splices);
        else
            ReplaceSides(place, key, value, splices);
    }

    /// <summary>Inserts an item into the array at the place's index, or sets a property that is not there.</summary>
    public static void Insert(ElementPlace place, NewValue value, Splices splices)
    {
        InsertItem(place, place.Values, place.Key, value.Json, splices);
        InsertItem(place, place.Twins, "_" + place.Key, value.Twin, splices);
    }

    /// <summary>Moves an item of the array to another index, counted without it.</summary>
    public static void Move(ElementPlace place, int destination, Splices splices)
    {
        foreach (var row in new[] { place.Values, place.Twins }.Where(row => row >= 0))
        {
            var items = Enumerable.Range(0, place.Count).Select(at => place.Bytes(row, at) ?? _null).ToList();
            var moved = items[place.Index];
            items.RemoveAt(place.Index);
            items.Insert(destination, moved);
            var rows = place.Items(row);
            // In an array as long as the list each item takes the place of another, so that the white space between them stays.
            if (rows.Count == items.Count)
                foreach (var (node, bytes) in rows.Zip(items))
                    JsonEdit.Replace(place.Tree, node, bytes, splices);
            else
                JsonEdit.Replace(place.Tree, row, JsonEdit.Array(items), splices);
        }
    }

    // An object that loses its last member: of a primitive only the twin goes as long as there is a value.
    private static void Empty(int container, JsonTree tree, Splices splices)
    {
        var around = ElementPlace.Of(tree, container);
        var isTwin = around.Items(around.Twins).Contains(container) || around.Twins == container;
        if (isTwin && around.Bytes(around.Values, around.Index) is not null)
            Put(around, around.Twins, "_" + around.Key, null, splices);
        else
            Delete(around, splices);
    }

    private static void RemoveItem(ElementPlace place, int row, Splices splices)
    {
        var items = place.Items(row);
        if (place.Index >= items.Count)
            return;
        if (OthersAreNull(place.Tree, items, place.Index))
            JsonEdit.Remove(place.Tree, place.Container, [row], splices);
        else
            JsonEdit.Remove(place.Tree, row, [items[place.Index]], splices);
    }

    private static void ReplaceSides(ElementPlace place, string key, NewValue value, Splices splices)
    {
        Put(place, place.Values, key, value.Json, splices);
        Put(place, place.Twins, "_" + key, value.Twin, splices);
    }

    private static void Put(ElementPlace place, int row, string key, ReadOnlyMemory<byte>? value, Splices splices)
    {
        var items = place.Items(row);
        var isGone = value is null && place is { Values: >= 0, Twins: >= 0 } && (!place.IsList || OthersAreNull(place.Tree, items, place.Index));
        if (row < 0 || (place.IsList && place.Index >= items.Count))
            InsertItem(place, row, key, value, splices);
        else if (isGone)
            JsonEdit.Remove(place.Tree, place.Container, [row], splices);
        else if (place.IsList)
            JsonEdit.Replace(place.Tree, items[place.Index], value ?? _null, splices);
        else
            Rewrite(place, row, key, value ?? _null, splices);
    }

    // The key stays as it is written when it stays the same.
    private static void Rewrite(ElementPlace place, int row, string key, ReadOnlyMemory<byte> value, Splices splices)
    {
        if (place.Tree.Key(row) == key)
            JsonEdit.Replace(place.Tree, row, value, splices);
        else
            splices.Replace(place.Tree[row].KeyStart - 1, place.Tree[row].End, (byte[])[.. JsonText.Quote(key), (byte)':', .. value.Span]);
    }

    private static void InsertItem(ElementPlace place, int row, string key, ReadOnlyMemory<byte>? value, Splices splices)
    {
        var tree = place.Tree;
        if (row < 0 && value is { } bytes)
            JsonEdit.AddMember(tree, place.Container, key, place.IsList ? JsonEdit.Array(Padded(place, bytes)) : bytes.Span, splices);
        if (row < 0 || !place.IsList)
            return;
        var length = place.Items(row).Count;
        if (length < place.Index && value is null)
            return;
        // An array that ends before its twin does is filled up to the place.
        for (var at = length; at < place.Index; at++)
            JsonEdit.Insert(tree, row, length, _null.Span, splices);
        JsonEdit.Insert(tree, row, place.Index, (value ?? _null).Span, splices);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Padded(ElementPlace place, ReadOnlyMemory<byte> value) =>
        [.. Enumerable.Repeat(_null, place.Index), value, .. Enumerable.Repeat(_null, Math.Max(0, place.Count - place.Index))];

    private static bool OthersAreNull(JsonTree tree, List<int> items, int index) => !items.Where((node, at) => at != index && tree[node].Kind != JsonKind.Null).Any();
}
