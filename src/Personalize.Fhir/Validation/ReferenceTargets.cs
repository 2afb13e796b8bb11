using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Validation;

/// <summary>Finds what references name: in the resource itself, in the Bundle around it, or as the context knows. Source: FHIR R4, Bundle, resolving references in Bundles.</summary>
internal sealed class ReferenceTargets(FhirPathContext context)
{
    private sealed record Entry(string? FullUrl, Element Resource);

    // By the row of each Bundle: one may stand in an entry of another.
    private readonly Dictionary<int, List<Entry>> _entries = [];
    private JsonTree? _tree;
    private bool _isBundle;

    /// <summary>Looks in that resource from now on; null lets go of the last one.</summary>
    public void Begin(JsonTree? tree)
    {
        (_tree, _isBundle) = (tree, tree is not null && Element.Root(tree)?.Type.Name == "Bundle");
        _entries.Clear();
    }

    /// <summary>The target of a Reference; null when it names none or it is not at hand.</summary>
    public Element? Find(Element reference)
    {
        if (reference.Child("reference") is not { HasValue: true } named)
            return null;
        var isLocal = named.Tree.Raw(named.Node).StartsWith("#"u8);
        if (!isLocal && !_isBundle && context.Resolve is null)
            return null;
        var text = named.Text!;
        return isLocal ? Contained(reference, text[1..]) : InBundle(reference, text) ?? context.Resolve?.Invoke(text);
    }

    /// <summary>The same, but only in the Bundle around it.</summary>
    public Element? InBundle(Element from, string text)
    {
        var version = text.IndexOf("/_history/", StringComparison.Ordinal);
        var bare = version < 0 ? text : text[..version];
        for (var bundle = BundleAround(from); bundle is { } around; bundle = BundleAround(around))
            if (Find(from, bare, EntriesOf(around)) is { } found)
                return found;
        return null;
    }

    /// <summary>The nearest Bundle in which the element lies.</summary>
    public Element? BundleAround(Element element)
    {
        if (!_isBundle || !ReferenceEquals(element.Tree, _tree))
            return null;
        var tree = element.Tree;
        Element? found = null;
        // From the outermost down to the one that is nearest.
        var row = element.Node >= 0 ? element.Node : element.Twin;
        for (var at = 0; at != row; at = ChildAround(tree, at, row))
            if (Element.ResourceTypeAt(tree, at) is { Name: "Bundle" } type)
                found = new Element(tree, at, -1, type, null);
        return found;
    }

    private static int ChildAround(JsonTree tree, int container, int row)
    {
        var at = container + 1;
        while (tree[at].Next <= row)
            at = tree[at].Next;
        return at;
    }

    private List<Entry> EntriesOf(Element bundle) => _entries.TryGetValue(bundle.Node, out var known) ? known : _entries[bundle.Node] = [.. Entries(bundle)];

    private static Element? Find(Element from, string text, List<Entry> entries)
    {
        if (text.Contains(':', StringComparison.Ordinal))
            return entries.Find(e => e.FullUrl == text)?.Resource;
        return (BaseOf(from, entries) is { } url ? entries.Find(e => e.FullUrl == url + text) : null)?.Resource
            ?? entries.Find(e => e.FullUrl?.EndsWith("/" + text, StringComparison.Ordinal) == true || (e.FullUrl is null && $"{e.Resource.Type.Name}/{e.Resource.Child("id")?.Text}" == text))?.Resource;
    }

    /// <summary>The resource type in <c>Type/id</c>, also with a base before it or a version behind it; null when there is none.</summary>
    public static FhirType? TypeNamed(string reference)
    {
        var parts = reference.Split('/');
        var last = parts.Length > 3 && parts[^2] == "_history" ? parts.Length - 4 : parts.Length - 2;
        return last >= 0 && FhirSchema.R4.Type(parts[last]) is { Kind: FhirTypeKind.Resource, IsAbstract: false } type ? type : null;
    }

    /// <summary>The same of a Reference, without making its text.</summary>
    public static FhirType? TypeNamed(Element reference)
    {
        if (reference.Child("reference") is not { HasValue: true } named)
            return null;
        var text = named.Tree.Raw(named.Node);
        var history = text.IndexOf("/_history/"u8);
        var end = (history < 0 ? text : text[..history]).LastIndexOf((byte)'/');
        return end < 0 ? null : FhirSchema.R4.ResourceType(text[(text[..end].LastIndexOf((byte)'/') + 1)..end]) is { IsAbstract: false } type ? type : null;
    }

    private static Element? Contained(Element from, string id)
    {
        if (EnvironmentConstants.Container(from) is not { } container || id.Length == 0)
            return EnvironmentConstants.Container(from);
        foreach (var contained in container.Children("contained"))
            if (contained.Child("id")?.TextIs(id) == true)
                return contained;
        return null;
    }

    private static string? BaseOf(Element from, List<Entry> entries)
    {
        var url = entries.Find(e => e.Resource.Node <= from.Node && from.Node < from.Tree[e.Resource.Node].Next)?.FullUrl;
        var cut = url is null || url.StartsWith("urn:", StringComparison.Ordinal) ? -1 : url.LastIndexOf('/', Math.Max(url.LastIndexOf('/') - 1, 0));
        return cut <= 0 ? null : url![..(cut + 1)];
    }

    private static IEnumerable<Entry> Entries(Element bundle)
    {
        foreach (var entry in bundle.Children("entry").ToList())
            if (entry.Child("resource") is { } resource)
                yield return new(entry.Child("fullUrl")?.Text, resource);
    }
}
