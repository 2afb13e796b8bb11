using System.Globalization;
using System.Text;
using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Elements;

/// <summary>Says where a row of the table lies, as a FHIRPath.</summary>
internal static class Locations
{
    /// <summary>The path from the root down to that row; what the schema does not know stands under its name in JSON.</summary>
    public static string Of(JsonTree tree, int node)
    {
        var type = Element.ResourceTypeAt(tree, 0);
        var path = new StringBuilder(type?.Name ?? "$this");
        var at = 0;
        while (at != node)
        {
            var child = ChildAround(tree, at, node, out var index);
            if (tree[at].Kind == JsonKind.Array)
                path.Append(CultureInfo.InvariantCulture, $"[{index}]");
            else
                type = Step(tree, child, type, path);
            at = child;
            if (type?.IsResource == true && Element.ResourceTypeAt(tree, at) is { } own)
                type = own;
        }
        return path.ToString();
    }

    private static FhirType? Step(JsonTree tree, int child, FhirType? type, StringBuilder path)
    {
        var property = type?.Property(tree[child].Name);
        path.Append('.').Append(property?.Element.Name ?? Shown(tree.Key(child)));
        return property?.Type;
    }

    /// <summary>An unknown name is content: it is shown when it looks like a name, cut to what a name may be.</summary>
    private static string Shown(string key)
    {
        var isName = key.Length is > 0 and <= 64 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
        return isName ? key : "$unknown";
    }

    private static int ChildAround(JsonTree tree, int container, int node, out int index)
    {
        index = 0;
        var at = container + 1;
        for (; tree[at].Next <= node; at = tree[at].Next)
            index++;
        return at;
    }
}
