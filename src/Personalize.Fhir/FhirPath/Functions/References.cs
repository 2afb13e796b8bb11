using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath.Syntax;

namespace Personalize.Fhir.FhirPath.Functions;

/// <summary><c>resolve()</c>. Source: FHIR R4, FHIRPath, additional functions, and Bundle, resolving references.</summary>
internal static class References
{
    public static void Resolve(Frame frame, Slice input)
    {
        for (var i = input.Start; i < input.End; i++)
        {
            if (Target(frame, frame[i]) is { } target)
                frame.Push(target);
        }
    }

    /// <summary>What an item names: in the resource itself, in the Bundle around it, or as the context knows.</summary>
    private static Element? Target(Frame frame, in PathValue item)
    {
        if (TextOf(item) is not { Length: > 0 } text)
            return null;
        if (text[0] == '#')
            return item.Element is { } inside ? Contained(inside, text[1..]) : null;
        return (item.Element is { } element ? InBundle(frame, element, text) : null) ?? frame.Context.Resolve?.Invoke(text);
    }

    private static string? TextOf(in PathValue item)
    {
        if (item.Element is { } element && element.Type.Is("Reference"))
            return element.Child("reference")?.Text;
        return item.Value as string;
    }

    private static Element? Contained(Element from, string id)
    {
        if (EnvironmentConstants.Container(from) is not { } container)
            return null;
        if (id.Length == 0)
            return container;
        foreach (var contained in container.Children("contained"))
        {
            if (contained.Child("id")?.TextIs(id) == true)
                return contained;
        }
        return null;
    }

    private static Element? InBundle(Frame frame, Element from, string text)
    {
        if (Element.Root(from.Tree) is not { } root || root.Type.Name != "Bundle")
            return null;
        foreach (var entry in root.Children("entry"))
        {
            frame.Spend();
            if (entry.Child("fullUrl")?.Text is { } url && (url == text || (url.EndsWith(text, StringComparison.Ordinal) && url[^(text.Length + 1)] == '/')))
                return entry.Child("resource");
        }
        return null;
    }

    /// <summary>True for <c>resolve()</c> and <c>x.resolve()</c>; what stands before it comes out, null for the focus.</summary>
    public static bool EndsWithResolve(Node node, out Node? references)
    {
        references = node is PathNode path ? path.Source : null;
        return ((node as PathNode)?.Step ?? node) is CallNode { Name: "resolve", Arguments.IsEmpty: true };
    }

    /// <summary><c>resolve() is Type</c> without fetching anything: when the target is not at hand, the reference itself says its type.</summary>
    public static Step TypeOfTarget(Step? references, TypeTest test) => (frame, focus) =>
    {
        var start = frame.Top;
        references?.Invoke(frame, focus);
        var one = Singleton.One(frame, references is null ? focus : frame.From(start));
        frame.Reset(start);
        if (one is { } reference && IsOf(frame, reference, test) is { } answer)
            frame.Push(answer);
    };

    private static bool? IsOf(Frame frame, in PathValue reference, TypeTest test)
    {
        if (!test.NamesResource)
            return Target(frame, reference) is null ? null : false;
        if (Elements.References.TypeOf(TextOf(reference)) is { } named)
            return test.IsResource(named);
        if (Target(frame, reference) is { } target)
            return test.Is(new PathValue(target));
        return reference.Element?.Child("type")?.Text is { } type ? test.IsResource(type) : null;
    }
}
