using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;

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
    public static Outcome<Resource> Parse(ReadOnlyMemory<byte> utf8) => throw new NotImplementedException();
}
