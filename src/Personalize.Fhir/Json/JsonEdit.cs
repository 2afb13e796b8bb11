using System.Text;

namespace Personalize.Fhir.Json;

/// <summary>Changes to arrays and objects as splices: commas are kept right, all other bytes stay.</summary>
internal static class JsonEdit
{
    /// <summary>Takes away items or members of one container; commas go with them.</summary>
    public static void Remove(JsonTree tree, int container, IReadOnlyCollection<int> nodes, Splices splices)
    {
        var (keptBefore, before) = (false, -1);
        for (var at = container + 1; at < tree[container].Next; before = at, at = tree[at].Next)
        {
            if (!nodes.Contains(at))
                keptBefore = true;
            else if (keptBefore)
                splices.Replace(tree[before].End, tree[at].End, default);
            else
                splices.Replace(Begin(tree, at), tree[at].Next < tree[container].Next ? Begin(tree, tree[at].Next) : tree[at].End, default);
        }
    }

    /// <summary>Inserts an item; an index beyond the end means the end.</summary>
    public static void Insert(JsonTree tree, int array, int index, ReadOnlySpan<byte> value, Splices splices)
    {
        var (at, last) = (array + 1, -1);
        for (var left = index; left > 0 && at < tree[array].Next; left--)
            (last, at) = (at, tree[at].Next);
        if (at < tree[array].Next)
            splices.Insert(Begin(tree, at), (byte[])[.. value, (byte)',']);
        else if (last >= 0)
            splices.Insert(tree[last].End, (byte[])[(byte)',', .. value]);
        else
            splices.Insert(tree[array].Start + 1, value.ToArray());
    }

    /// <summary>Adds a member at the end of an object that has none of that key.</summary>
    public static void AddMember(JsonTree tree, int container, string key, ReadOnlySpan<byte> value, Splices splices)
    {
        var last = -1;
        for (var at = container + 1; at < tree[container].Next; at = tree[at].Next)
            last = at;
        byte[] member = [.. JsonText.Quote(key), (byte)':', .. value];
        if (last >= 0)
            splices.Insert(tree[last].End, (byte[])[(byte)',', .. member]);
        else
            splices.Insert(tree[container].Start + 1, member);
    }

    /// <summary>Puts a value in the place of another.</summary>
    public static void Replace(JsonTree tree, int node, ReadOnlyMemory<byte> value, Splices splices) =>
        splices.Replace(tree[node].Place, tree[node].End, value);

    /// <summary>The bytes of a value.</summary>
    public static ReadOnlyMemory<byte> Bytes(JsonTree tree, int node) => tree.Bytes[tree[node].Place..tree[node].End];

    /// <summary>The rows of the items or members of a container.</summary>
    public static List<int> Children(JsonTree tree, int container)
    {
        var children = new List<int>();
        for (var at = container + 1; at < tree[container].Next; at = tree[at].Next)
            children.Add(at);
        return children;
    }

    /// <summary>The row of a member; -1 when there is none of that key.</summary>
    public static int Member(JsonTree tree, int container, string key)
    {
        for (var at = container + 1; at < tree[container].Next; at = tree[at].Next)
            if (tree.Key(at) == key)
                return at;
        return -1;
    }

    /// <summary>The container that a value lies in directly; -1 for the root.</summary>
    public static int Parent(JsonTree tree, int node)
    {
        var (parent, at) = (-1, 0);
        while (at != node)
        {
            parent = at;
            for (at = parent + 1; tree[at].Next <= node;)
                at = tree[at].Next;
        }
        return parent;
    }

    /// <summary>Values as an array.</summary>
    public static byte[] Array(IEnumerable<ReadOnlyMemory<byte>> items)
    {
        var bytes = new List<byte>(Encoding.UTF8.GetBytes("["));
        foreach (var item in items)
        {
            if (bytes.Count > 1)
                bytes.Add((byte)',');
            bytes.AddRange(item.Span);
        }
        return [.. bytes, (byte)']'];
    }

    private static int Begin(JsonTree tree, int node) => tree[node].KeyStart < 0 ? tree[node].Place : tree[node].KeyStart - 1;
}
