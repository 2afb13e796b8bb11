using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Validation;

/// <summary>Finds what references name: in the resource itself, in the Bundle around it, or as the context knows. Source: FHIR R4, Bundle, resolving references in Bundles.</summary>
internal sealed class ReferenceTargets(JsonTree tree, FhirPathContext context)
{
    private sealed record Entry(string? FullUrl, Element Resource);

    private List<Entry>? _entries;

    /// <summary>True when the resource is a Bundle.</summary>
    public bool IsBundle { get; } = Element.Root(tree)?.Type.Name == "Bundle";

    /// <summary>The target of a Reference; null when it names none or it is not at hand.</summary>
    public Element? Find(Element reference)
    {
        if (reference.Child("reference")?.Text is not { Length: > 0 } text)
            return null;
        if (text[0] == '#')
            return Contained(reference, text[1..]);
        return InBundle(reference, text) ?? context.Resolve?.Invoke(text);
    }

    /// <summary>The same, but only in the Bundle around it.</summary>
    public Element? InBundle(Element from, string text)
    {
        if (!IsBundle)
            return null;
        var version = text.IndexOf("/_history/", StringComparison.Ordinal);
        var bare = version < 0 ? text : text[..version];
        var entries = _entries ??= [.. Entries()];
        if (bare.Contains(':', StringComparison.Ordinal))
            return entries.Find(e => e.FullUrl == bare)?.Resource;
        return (BaseOf(from, entries) is { } url ? entries.Find(e => e.FullUrl == url + bare) : null)?.Resource
            ?? entries.Find(e => e.FullUrl?.EndsWith("/" + bare, StringComparison.Ordinal) == true || (e.FullUrl is null && $"{e.Resource.Type.Name}/{e.Resource.Child("id")?.Text}" == bare))?.Resource;
    }

    /// <summary>The resource type in <c>Type/id</c>, also with a base before it or a version behind it; null when there is none.</summary>
    public static FhirType? TypeNamed(string reference)
    {
        var parts = reference.Split('/');
        var last = parts.Length > 3 && parts[^2] == "_history" ? parts.Length - 4 : parts.Length - 2;
        return last >= 0 && FhirSchema.R4.Type(parts[last]) is { Kind: FhirTypeKind.Resource, IsAbstract: false } type ? type : null;
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

    private IEnumerable<Entry> Entries()
    {
        foreach (var entry in Element.Root(tree)!.Value.Children("entry").ToList())
            if (entry.Child("resource") is { } resource)
                yield return new(entry.Child("fullUrl")?.Text, resource);
    }
}
