using Personalize.Fhir.Json;

namespace Personalize.Fhir.Validation.Profiles;

/// <summary>Compares JSON with a fixed value or a pattern. Source: FHIR R4, ElementDefinition.fixed and pattern.</summary>
internal static class ValueMatch
{
    /// <summary>What no row of a table is: all is well.</summary>
    public const int Fits = -1;

    /// <summary>The row at which the value differs from what is asked for, or <see cref="Fits"/>.</summary>
    public static int Differs(JsonTree tree, int node, JsonTree wanted, bool isExact) => Differs(tree, node, wanted, 0, isExact);

    private static int Differs(JsonTree tree, int node, JsonTree wanted, int at, bool isExact)
    {
        if (tree[node].Kind != wanted[at].Kind)
            return node;
        return wanted[at].Kind switch
        {
            JsonKind.Object => Members(tree, node, wanted, at, isExact),
            JsonKind.Array => Items(tree, node, wanted, at, isExact),
            JsonKind.String => Same(tree, node, wanted, at) ? Fits : node,
            JsonKind.Number => tree.Raw(node).SequenceEqual(wanted.Raw(at)) ? Fits : node,
            _ => Fits,
        };
    }

    private static bool Same(JsonTree tree, int node, JsonTree wanted, int at) =>
        tree[node].Has(JsonMarks.Escaped) || wanted[at].Has(JsonMarks.Escaped) ? tree.Text(node) == wanted.Text(at) : tree.Raw(node).SequenceEqual(wanted.Raw(at));

    private static int Members(JsonTree tree, int node, JsonTree wanted, int at, bool isExact)
    {
        for (var member = at + 1; member < wanted[at].Next; member = wanted[member].Next)
        {
            if (Find(tree, node, wanted[member].Name, wanted[member].Has(JsonMarks.Twin)) is not { } there)
                return node;
            if (Differs(tree, there, wanted, member, isExact) is var differs && differs != Fits)
                return differs;
        }
        return isExact ? Surplus(tree, node, wanted, at) : Fits;
    }

    private static int Surplus(JsonTree tree, int node, JsonTree wanted, int at)
    {
        for (var member = node + 1; member < tree[node].Next; member = tree[member].Next)
            if (Find(wanted, at, tree[member].Name, tree[member].Has(JsonMarks.Twin)) is null)
                return member;
        return Fits;
    }

    private static int? Find(JsonTree tree, int container, ushort name, bool twin)
    {
        for (var at = container + 1; at < tree[container].Next; at = tree[at].Next)
            if (tree[at].Name == name && tree[at].Has(JsonMarks.Twin) == twin)
                return at;
        return null;
    }

    /// <summary>Of a fixed list each item in its place; of a pattern each somewhere.</summary>
    private static int Items(JsonTree tree, int node, JsonTree wanted, int at, bool isExact)
    {
        var item = node + 1;
        for (var each = at + 1; each < wanted[at].Next; each = wanted[each].Next)
        {
            if (!isExact && !AnyItem(tree, node, wanted, each))
                return node;
            if (isExact && (item >= tree[node].Next || Differs(tree, item, wanted, each, true) != Fits))
                return Math.Min(item, tree[node].Next - 1);
            item = isExact ? tree[item].Next : item;
        }
        return isExact && item < tree[node].Next ? item : Fits;
    }

    private static bool AnyItem(JsonTree tree, int node, JsonTree wanted, int each)
    {
        for (var item = node + 1; item < tree[node].Next; item = tree[item].Next)
            if (Differs(tree, item, wanted, each, false) == Fits)
                return true;
        return false;
    }
}
