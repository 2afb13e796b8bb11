using Personalize.Fhir.Json;

namespace Personalize.Fhir.Elements;

/// <summary>Changed copies of a resource in which primitives say something else; every other byte stays as it is.</summary>
public static class Texts
{
    /// <summary>Asks <paramref name="map"/> for every primitive that is a string in JSON, resources inside included; null keeps it.</summary>
    public static ReadOnlyMemory<byte> Replace(Resource resource, Func<Element, string?> map)
    {
        var splices = new Splices(resource.Bytes);
        Walk(resource.Root, map, splices);
        return splices.Apply();
    }

    private static void Walk(Element element, Func<Element, string?> map, Splices splices)
    {
        foreach (var child in element.Children())
        {
            if (child.HasValue && child.Kind == JsonKind.String && map(child) is { } instead)
                splices.Replace(child.Tree[child.Node].Place, child.Tree[child.Node].End, JsonText.Quote(instead));
            Walk(child, map, splices);
        }
    }
}
