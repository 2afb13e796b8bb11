using System.Buffers;
using System.Text;
using Personalize.Fhir.Json;

namespace Personalize.Fhir.Formats;

/// <summary>JSON laid out for people: one member or item a line; names, strings and numbers as they are written.</summary>
public static class JsonLayout
{
    /// <summary>The same document with line ends and two spaces for each level.</summary>
    public static ReadOnlyMemory<byte> Pretty(JsonTree tree)
    {
        var bytes = new ArrayBufferWriter<byte>(tree.Bytes.Length * 2);
        Value(tree, 0, 0, bytes);
        return bytes.WrittenMemory;
    }

    private static void Value(JsonTree tree, int node, int depth, ArrayBufferWriter<byte> bytes)
    {
        var isObject = tree[node].Kind == JsonKind.Object;
        if ((!isObject && tree[node].Kind != JsonKind.Array) || tree[node].Next == node + 1)
        {
            bytes.Write(tree[node].Next == node + 1 && (isObject || tree[node].Kind == JsonKind.Array) ? isObject ? "{}"u8 : "[]"u8 : JsonEdit.Bytes(tree, node).Span);
            return;
        }
        bytes.Write(isObject ? "{"u8 : "["u8);
        for (var at = node + 1; at < tree[node].Next; at = tree[at].Next)
        {
            Line(bytes, depth + 1);
            if (isObject)
                bytes.Write([(byte)'"', .. JsonKeys.RawKey(tree[at], tree.Bytes.Span), .. "\": "u8]);
            Value(tree, at, depth + 1, bytes);
            if (tree[at].Next < tree[node].Next)
                bytes.Write(","u8);
        }
        Line(bytes, depth);
        bytes.Write(isObject ? "}"u8 : "]"u8);
    }

    private static void Line(ArrayBufferWriter<byte> bytes, int depth) => bytes.Write(Encoding.UTF8.GetBytes("\n" + new string(' ', depth * 2)));
}
