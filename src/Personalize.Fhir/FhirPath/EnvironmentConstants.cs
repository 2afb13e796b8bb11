using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;

namespace Personalize.Fhir.FhirPath;

/// <summary>The constants that every evaluation has. Source: FHIRPath 2.0, Environment variables; FHIR R4, FHIRPath.</summary>
internal static class EnvironmentConstants
{
    /// <summary>What such a name pushes; null for an external constant.</summary>
    public static Step? Find(string name) => name switch
    {
        "context" => (frame, _) => frame.Push(frame.Root),
        "resource" => (frame, _) => PushResource(frame, Innermost),
        "rootResource" => (frame, _) => PushResource(frame, Container),
        "ucum" => Text(SystemValues.UcumSystem),
        "sct" => Text("http://snomed.info/sct"),
        "loinc" => Text("http://loinc.org"),
        _ when name.StartsWith("vs-", StringComparison.Ordinal) => Text("http://hl7.org/fhir/ValueSet/" + name[3..]),
        _ when name.StartsWith("ext-", StringComparison.Ordinal) => Text("http://hl7.org/fhir/StructureDefinition/" + name[4..]),
        _ => null,
    };

    private static Step Text(string text) => (frame, _) => frame.Push(text);

    private static void PushResource(Frame frame, Func<Element, Element?> find)
    {
        if (!frame.Root.IsEmpty && frame[frame.Root.Start].Element is { } first && find(first) is { } resource)
            frame.Push(resource);
    }

    /// <summary>The resource that the element is, or the nearest one around it.</summary>
    public static Element? Innermost(Element element) => Around(element, true);

    /// <summary>The same, but of a contained resource the one that contains it.</summary>
    public static Element? Container(Element element) => Around(element, false);

    private static Element? Around(Element element, bool contained)
    {
        var tree = element.Tree;
        var target = element.Node >= 0 ? element.Node : element.Twin;
        var found = Element.Root(tree);
        var key = "";
        for (var at = 0; at != target;)
        {
            at = ChildAround(tree, at, target);
            // An item of an array has no key of its own: it stands under the array's.
            key = tree.Key(at) is { Length: > 0 } own ? own : key;
            if ((contained || key != "contained") && Element.ResourceTypeAt(tree, at) is { } type)
                found = new Element(tree, at, -1, type, null);
        }
        return found;
    }

    private static int ChildAround(JsonTree tree, int container, int target)
    {
        var at = container + 1;
        while (tree[at].Next <= target)
            at = tree[at].Next;
        return at;
    }
}
