using System.Collections.Immutable;
using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Elements;

/// <summary>A resource as it was received: UTF-8 bytes and the flat table of its nodes. Immutable; safe to share between threads.</summary>
public sealed class Resource
{
    private Resource(JsonTree tree, Element root) => (Tree, Root) = (tree, root);

    /// <summary>The node table over the bytes.</summary>
    public JsonTree Tree { get; }

    /// <summary>The resource itself as an element.</summary>
    public Element Root { get; }

    /// <summary>The resource type, such as <c>Patient</c>; always one that R4 defines and that is not abstract.</summary>
    public string Type => Root.Type.Name;

    /// <summary>The id in the body; null when there is none or it is malformed.</summary>
    public ResourceId? Id => ResourceId.TryParse(Root.Child("id")?.Text, out var id) ? id : null;

    /// <summary>The bytes, as received.</summary>
    public ReadOnlyMemory<byte> Bytes => Tree.Bytes;

    /// <summary>Reads JSON. Fails with <see cref="Failure.Invalid"/> on bad UTF-8, bad JSON, a duplicate key, more than 64 levels, or no known <c>resourceType</c>.
    /// Does not validate (see <c>Validator</c>). The memory must not change afterwards.</summary>
    public static Outcome<Resource> Parse(ReadOnlyMemory<byte> utf8) => JsonTree.Parse(utf8, FhirSchema.R4.Names).Then(Of);

    /// <summary>A resource inside another (<c>contained</c>, <c>Bundle.entry.resource</c>) as one of its own, with a copy of its own bytes only.
    /// Fails with <see cref="Failure.Invalid"/> when the element is no resource of a known type.</summary>
    public static Outcome<Resource> Of(Element element)
    {
        if (element.Node >= 0 && element.Type is { IsResource: true, IsAbstract: false })
            return element.Node == 0 ? new Resource(element.Tree, element) : Of(element.Tree.Cut(element.Node));
        return new Failure.Invalid("The element is not a resource of a known type.", element.Location());
    }

    internal static Outcome<Resource> Of(JsonTree tree)
    {
        if (Element.Root(tree) is { } root)
            return new Resource(tree, root);
        if (tree[0].Kind != JsonKind.Object)
            return Fault(tree, 0, "A resource is a JSON object.");
        var at = Element.ResourceTypeNode(tree, 0);
        return Fault(tree, Math.Max(at, 0), at < 0 ? "The property resourceType is missing." : "resourceType does not name a resource type of FHIR R4.");
    }

    private static Failure.Invalid Fault(JsonTree tree, int node, string text)
    {
        var (line, column) = tree.Position(node);
        return new(ImmutableArray.Create(new Issue(IssueSeverity.Error, "structure", text, null, line, column)));
    }
}
