using System.Collections.Immutable;
using System.Text;
using System.Xml;
using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Formats;

/// <summary>Reads XML into the JSON of the same resource.</summary>
internal sealed class XmlIn(XmlReader reader)
{
    private static readonly FhirSchema _schema = FhirSchema.R4;
    private int _depth;

    private readonly IXmlLineInfo _place = (IXmlLineInfo)reader;

    /// <summary>The whole document: one resource.</summary>
    public Outcome<XmlPiece> Document()
    {
        reader.MoveToContent();
        var json = Resource();
        while (json.Failure is null && reader.Read())
            continue;
        return json.Select(made => made.Json! with { Places = [new SourcePlace(0, made.Line, made.Column), .. made.Json!.Places] });
    }

    // The reader stands on the start of the resource; behind it afterwards.
    private Outcome<XmlValue> Resource()
    {
        if (reader.NamespaceURI != XmlNames.Fhir)
            return Fault("The element is not in the namespace http://hl7.org/fhir.");
        if (_schema.Type(reader.LocalName) is not { IsResource: true, IsAbstract: false } type)
            return Fault("This does not name a resource type of FHIR R4.");
        var (line, column) = (_place.LineNumber, _place.LinePosition);
        var members = new XmlMembers();
        members.Add("resourceType", false, Here(JsonText.Quote(type.Name)));
        return Object(type, members).Select(made => new XmlValue(line, column, made.Written()));
    }

    private Outcome<XmlMembers> Object(FhirType type, XmlMembers members)
    {
        if (++_depth > JsonTree.MaxDepth)
            return Fault("There are more than 64 levels.");
        if (Attributes(type, members) is { } refused)
            return refused;
        var isEmpty = reader.IsEmptyElement;
        reader.Read();
        if (!isEmpty && Members(type, members) is { } failure)
            return failure;
        _depth--;
        return members;
    }

    private Failure? Members(FhirType type, XmlMembers members)
    {
        while (Next(out var failure))
            if ((failure ?? Member(type, members)) is { } found)
                return found;
        reader.Read();
        return null;
    }

    /// <summary>Goes to the next child; false at the end of the element.</summary>
    private bool Next(out Failure? failure)
    {
        failure = null;
        while (reader.NodeType is XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace or XmlNodeType.Comment or XmlNodeType.ProcessingInstruction)
            reader.Read();
        if (reader.NodeType is not (XmlNodeType.Element or XmlNodeType.EndElement))
            failure = Fault("There is text where FHIR has none.");
        return reader.NodeType != XmlNodeType.EndElement;
    }

    private Failure.Invalid? Attributes(FhirType type, XmlMembers members)
    {
        for (var more = reader.MoveToFirstAttribute(); more; more = reader.MoveToNextAttribute())
        {
            if (reader.NamespaceURI is XmlNames.Namespaces or XmlNames.SchemaInstance)
                continue;
            var isKnown = reader.NamespaceURI.Length == 0 && reader.LocalName switch
            {
                "id" => !type.IsResource,
                "url" => type.Name == "Extension",
                "value" => type.Kind == FhirTypeKind.Primitive,
                _ => false,
            };
            if (!isKnown)
                return Fault("There is an attribute that FHIR R4 does not define here.");
            if (reader.LocalName != "value")
                members.Add(reader.LocalName, false, Here(JsonText.Quote(reader.Value)));
        }
        reader.MoveToElement();
        return null;
    }

    private Failure? Member(FhirType type, XmlMembers members)
    {
        var property = type.Property(_schema.Names.Id(reader.LocalName));
        var isNarrative = property?.Type.Name == "xhtml";
        if (property is null || reader.NamespaceURI != (isNarrative ? XmlNames.Xhtml : XmlNames.Fhir) || (property.Element.Name == "id" && !type.IsResource))
            return Fault("There is an element that FHIR R4 does not define here.");
        var name = reader.LocalName;
        var value = isNarrative ? Narrative() : property.Type.IsResource ? Inner() : Value(property.Type);
        if (!value.TryGet(out var made, out var failure))
            return failure;
        return members.Add(name, property.Element.Max > 1, made) ? null : Fault("An element stands twice that does not repeat, or its repetitions do not stand together.");
    }

    /// <summary>A resource inside of an element, such as <c>contained</c>.</summary>
    private Outcome<XmlValue> Inner()
    {
        if (reader.IsEmptyElement || reader.AttributeCount > 0)
            return Fault("There is a resource missing, or an attribute that FHIR R4 does not define here.");
        reader.Read();
        if (!Next(out var failure) || failure is not null)
            return failure ?? Fault("There is a resource missing.");
        var resource = Resource();
        if (resource.Failure is null && (Next(out failure) || failure is not null))
            return failure ?? Fault("There is more than one resource.");
        reader.Read();
        return resource;
    }

    private Outcome<XmlValue> Value(FhirType type)
    {
        var (line, column) = (_place.LineNumber, _place.LinePosition);
        if (type.Kind != FhirTypeKind.Primitive)
            return Object(type, new XmlMembers()).Select(made => new XmlValue(line, column, made.Written()));
        var value = reader.GetAttribute("value") is { } text ? new XmlPiece(Literal(type, text)) : null;
        return Object(type, new XmlMembers()).Select(made => new XmlValue(line, column, value, made.IsEmpty ? null : made.Written()));
    }

    private XmlValue Narrative()
    {
        var (line, column) = (_place.LineNumber, _place.LinePosition);
        return new(line, column, new XmlPiece(JsonText.Quote(reader.ReadOuterXml())));
    }

    private XmlValue Here(byte[] json) => new(_place.LineNumber, _place.LinePosition, new XmlPiece(json));

    // What is no number or boolean of JSON goes in as a string: the validator then says what is wrong with it, and where.
    private static byte[] Literal(FhirType type, string text)
    {
        var isLiteral = type.Is("boolean") ? text is "true" or "false" : (type.Is("decimal") || type.Is("integer")) && IsNumber(text);
        return isLiteral ? Encoding.UTF8.GetBytes(text) : JsonText.Quote(text);
    }

    private static bool IsNumber(string text) => JsonTree.Parse(Encoding.UTF8.GetBytes(text)).TryGet(out var tree, out _) && tree.Root.Kind == JsonKind.Number && tree.Root.Text!.Length == text.Length;

    private Failure.Invalid Fault(string text) =>
        new(ImmutableArray.Create(new Issue(IssueSeverity.Error, "structure", text, null, _place.LineNumber, _place.LinePosition)));
}
