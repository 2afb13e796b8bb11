using System.Text;
using Personalize.Fhir.Json;

namespace Personalize.Fhir.Search;

/// <summary>Single values below a row of the table, by the number of their name.</summary>
internal static class Rows
{
    /// <summary>The value of that name in an object, of an array the first that is not null; -1 when there is none.</summary>
    public static int Child(JsonTree tree, int row, ushort name)
    {
        if (row < 0 || tree[row].Kind != JsonKind.Object)
            return -1;
        for (var (at, end) = (row + 1, tree[row].Next); at < end; at = tree[at].Next)
            if (tree[at].Name == name && !tree[at].Has(JsonMarks.Twin))
                return First(tree, at);
        return -1;
    }

    /// <summary>True when that row is there and is a primitive's value.</summary>
    public static bool HasText(JsonTree tree, int row) => row >= 0 && tree[row].Kind is JsonKind.String or JsonKind.Number or JsonKind.True or JsonKind.False;

    /// <summary>The text of a primitive's value, unescaped; empty when there is none.</summary>
    public static ReadOnlySpan<byte> Text(JsonTree tree, int row) =>
        !HasText(tree, row) ? default : tree[row].Has(JsonMarks.Escaped) ? Encoding.UTF8.GetBytes(tree.Text(row)) : tree.Raw(row);

    private static int First(JsonTree tree, int row)
    {
        if (tree[row].Kind == JsonKind.Null)
            return -1;
        if (tree[row].Kind != JsonKind.Array)
            return row;
        for (var at = row + 1; at < tree[row].Next; at = tree[at].Next)
            if (tree[at].Kind != JsonKind.Null)
                return at;
        return -1;
    }
}
