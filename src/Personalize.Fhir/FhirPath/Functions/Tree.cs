using Personalize.Fhir.Elements;

namespace Personalize.Fhir.FhirPath.Functions;

/// <summary>Source: FHIRPath 2.0, 5.8 Tree navigation.</summary>
internal static class Tree
{
    public static void Children(Frame frame, Slice input)
    {
        for (var i = input.Start; i < input.End; i++)
        {
            if (frame[i].Element is not { } parent)
                continue;
            foreach (var child in parent.Children())
            {
                frame.Spend();
                frame.Push(child);
            }
        }
    }

    public static void Descendants(Frame frame, Slice input)
    {
        for (var i = input.Start; i < input.End; i++)
        {
            if (frame[i].Element is { } parent)
                Descend(frame, parent);
        }
    }

    private static void Descend(Frame frame, Element parent)
    {
        foreach (var child in parent.Children())
        {
            frame.Spend();
            frame.Push(child);
            Descend(frame, child);
        }
    }
}
