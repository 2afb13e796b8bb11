using System.Xml;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Formats;

/// <summary>Writes elements as XML.</summary>
internal sealed class XmlOut(XmlWriter xml)
{
    /// <summary>A resource under its own name.</summary>
    public Failure? Resource(Element resource)
    {
        xml.WriteStartElement(resource.Type.Name, XmlNames.Fhir);
        var failure = Children(resource);
        xml.WriteEndElement();
        return failure;
    }

    private Failure? Children(Element element)
    {
        if (Strange(element) is { } strange)
            return strange;
        foreach (var definition in element.Type.Elements.Where(d => !IsAttribute(element.Type, d)))
            foreach (var child in element.Children(definition))
                if (One(child, JsonProperty.NameOf(definition.Name, definition.IsChoice, child.Type.Name)) is { } failure)
                    return failure;
        return null;
    }

    /// <summary>The id of everything but a resource, and the url of an extension.</summary>
    private static bool IsAttribute(FhirType type, ElementDef definition) => (definition.Name == "id" && !type.IsResource) || definition.Path == "Extension.url";

    private Failure? One(Element child, string name)
    {
        if (child.Type.Name == "xhtml")
            return Narrative(child);
        xml.WriteStartElement(name, XmlNames.Fhir);
        var failure = Attributes(child) ?? (child.Type.IsResource ? Resource(child) : Children(child));
        xml.WriteEndElement();
        return failure;
    }

    private Failure.Unprocessable? Attributes(Element element)
    {
        foreach (var definition in element.Type.IsResource ? [] : element.Type.Elements.Where(d => IsAttribute(element.Type, d)))
            foreach (var attribute in element.Children(definition))
                if (Attribute(definition.Name, attribute) is { } failure)
                    return failure;
        return element.HasValue ? Attribute("value", element) : null;
    }

    private Failure.Unprocessable? Attribute(string name, Element primitive)
    {
        var text = primitive.Text ?? "";
        if (!IsWritable(text))
            return new Failure.Unprocessable("A character of this text cannot stand in XML.", primitive.Location());
        xml.WriteAttributeString(name, text);
        return null;
    }

    private Failure.Unprocessable? Narrative(Element div)
    {
        if (XmlNarrative.Of(div.Text ?? "") is not { } text)
            return new Failure.Unprocessable("The narrative is not well-formed XHTML.", div.Location());
        xml.WriteRaw(text);
        return null;
    }

    // What R4 does not define has no place in XML: it would be lost without a word.
    private static Failure.Unprocessable? Strange(Element element)
    {
        var container = element.Type.Kind == FhirTypeKind.Primitive ? element.Twin : element.Node;
        if (container < 0)
            return null;
        foreach (var member in JsonEdit.Children(element.Tree, container))
            if (element.Type.Property(element.Tree[member].Name) is null && !(element.Type.IsResource && element.Tree.Key(member) == "resourceType"))
                return new Failure.Unprocessable("There is a property that FHIR R4 does not define.", element.Location());
        return null;
    }

    private static bool IsWritable(string text)
    {
        for (var at = 0; at < text.Length; at++)
            if (char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
                at++;
            else if (!XmlConvert.IsXmlChar(text[at]))
                return false;
        return true;
    }
}
