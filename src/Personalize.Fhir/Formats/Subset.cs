using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Formats;

/// <summary>Which part of a resource is wished. Source: FHIR R4, Search, Summary and Elements.</summary>
public enum SubsetForm
{
    /// <summary>All of it.</summary>
    Whole,
    /// <summary><c>_summary=true</c>: what R4 marks as summary, at every level.</summary>
    Summary,
    /// <summary><c>_summary=text</c>: the narrative, id, meta and what is mandatory.</summary>
    Text,
    /// <summary><c>_summary=data</c>: all but the narrative.</summary>
    Data,
    /// <summary><c>_elements</c>: the named elements, id, meta, and what is mandatory or changes the meaning.</summary>
    Elements,
}

/// <summary>A part of resources: a copy of the bytes without the rest, marked <c>SUBSETTED</c>.</summary>
/// <param name="Form">Which part.</param>
/// <param name="Elements">The names for <see cref="SubsetForm.Elements"/>.</param>
public sealed record Subset(SubsetForm Form, ImmutableArray<string> Elements)
{
    private const string TagSystem = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";
    private const string TagCode = "SUBSETTED";
    private static readonly ReadOnlyMemory<byte> _tag = "{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ObservationValue\",\"code\":\"SUBSETTED\"}"u8.ToArray();

    /// <summary>The whole resource.</summary>
    public static Subset Whole { get; } = new(SubsetForm.Whole, []);

    /// <summary>Reads <c>_summary</c> and <c>_elements</c>; null when not given. <c>_summary=count</c> asks for no resources and is the whole here.
    /// Fails with <see cref="Failure.Invalid"/> on another value, on both together, and on an element that the type does not have.</summary>
    public static Outcome<Subset> Of(string type, string? summary, string? elements)
    {
        if (elements is not null && summary is not (null or "false"))
            return new Failure.Invalid("Only one of _summary and _elements is given.");
        if (elements is not null)
            return OfElements(type, [.. elements.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => Bare(type, name))]);
        return summary switch
        {
            null or "false" or "count" => Whole,
            "true" => new Subset(SubsetForm.Summary, []),
            "text" => new Subset(SubsetForm.Text, []),
            "data" => new Subset(SubsetForm.Data, []),
            _ => new Failure.Invalid("The parameter _summary is one of true, text, data, count, false."),
        };
    }

    /// <summary>True when the resource says of itself that it is only a part.</summary>
    public static bool IsMarked(Resource resource) =>
        resource.Root.Child("meta")?.Children("tag").Any(tag => tag.Child("code")?.Text == TagCode && tag.Child("system")?.Text == TagSystem) == true;

    /// <summary>The part of that resource; the same memory for the whole.</summary>
    public ReadOnlyMemory<byte> Take(Resource resource)
    {
        if (Form == SubsetForm.Whole)
            return resource.Bytes;
        var splices = new Splices(resource.Bytes);
        Cut(resource.Root, Form == SubsetForm.Summary, member => IsKept(member, resource.Root.Type), splices);
        if (!IsMarked(resource))
            Mark(resource, splices);
        return splices.Apply();
    }

    private static Outcome<Subset> OfElements(string type, ImmutableArray<string> names)
    {
        var known = FhirSchema.R4.Type(type)!;
        if (names.IsEmpty || names.Any(name => known.Element(name) is null))
            return new Failure.Invalid($"The parameter _elements names elements of {type}.");
        return new Subset(SubsetForm.Elements, names);
    }

    private static string Bare(string type, string name) => name.StartsWith(type + ".", StringComparison.Ordinal) ? name[(type.Length + 1)..] : name;

    private bool IsKept(ElementDef element, FhirType type) => element.Name is "id" or "meta" || Form switch
    {
        SubsetForm.Summary => IsOfSummary(element),
        SubsetForm.Text => element.Name == "text" || element.Min > 0,
        SubsetForm.Data => !(element.Name == "text" && type.Is("DomainResource")),
        _ => Elements.Contains(element.Name) || element.Min > 0 || element.IsModifier,
    };

    private static bool IsOfSummary(ElementDef element) => element.IsSummary || element.Min > 0 || element.IsModifier;

    private static void Cut(Element element, bool deep, Func<ElementDef, bool> isKept, Splices splices)
    {
        var (tree, gone) = (element.Tree, new List<int>());
        foreach (var member in JsonEdit.Children(tree, element.Node))
            if (element.Type.Property(tree[member].Name) is { } property && !isKept(property.Element))
                gone.Add(member);
        if (gone.Count > 0)
            JsonEdit.Remove(tree, element.Node, gone, splices);
        if (!deep)
            return;
        foreach (var child in element.Children())
            if (isKept(child.Definition!) && HasSummary(child))
                Cut(child, deep, IsOfSummary, splices);
    }

    // Extensions, resources inside and types in which nothing is marked as summary are kept whole, and so is what would be left empty.
    private static bool HasSummary(Element element) =>
        element.Type is { Kind: FhirTypeKind.Complex or FhirTypeKind.Backbone, Name: not ("Extension" or "Meta") } && element.Node >= 0 && element.Children().Any(child => IsOfSummary(child.Definition!));

    private static void Mark(Resource resource, Splices splices)
    {
        var tree = resource.Tree;
        var meta = JsonEdit.Member(tree, 0, "meta");
        var tags = meta < 0 ? -1 : JsonEdit.Member(tree, meta, "tag");
        if (meta < 0)
            JsonEdit.AddMember(tree, 0, "meta", [.. "{\"tag\":["u8, .. _tag.Span, .. "]}"u8], splices);
        else if (tags < 0)
            JsonEdit.AddMember(tree, meta, "tag", JsonEdit.Array([_tag]), splices);
        else
            JsonEdit.Insert(tree, tags, int.MaxValue, _tag.Span, splices);
    }
}
