using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Tests.Patch;

/// <summary>Reads the resources of official tests that are written in XML.</summary>
internal static class XmlOfTests
{
    public static Resource Read(XElement xml)
    {
        var json = Object(xml, FhirSchema.R4.Type(xml.Name.LocalName)!);
        json.Insert(0, "resourceType", xml.Name.LocalName);
        return Resource.Parse(Encoding.UTF8.GetBytes(json.ToJsonString())).Value;
    }

    private static JsonObject Object(XElement xml, FhirType type)
    {
        var json = new JsonObject();
        foreach (var attribute in xml.Attributes().Where(a => a.Name.LocalName is "id" or "url" && !a.IsNamespaceDeclaration))
            json[attribute.Name.LocalName] = attribute.Value;
        foreach (var group in xml.Elements().GroupBy(e => e.Name.LocalName))
        {
            var property = type.Property(FhirSchema.R4.Names.Id(group.Key))!;
            var isList = property.Element.Max > 1;
            var values = group.Select(e => Value(e, property.Type)).ToList();
            var twins = group.Select(e => property.Type.Kind == FhirTypeKind.Primitive && e.Name.NamespaceName == "http://hl7.org/fhir" ? Object(e, property.Type) : []).ToList();
            if (values.Any(v => v is not null))
                json[group.Key] = isList ? new JsonArray([.. values]) : values[0];
            if (twins.Any(t => t.Count > 0))
                json["_" + group.Key] = isList ? new JsonArray([.. twins.Select(t => t.Count > 0 ? t : null)]) : twins[0];
        }
        return json;
    }

    private static JsonNode? Value(XElement xml, FhirType type) => type switch
    {
        { Name: "xhtml" } => JsonValue.Create(xml.ToString(SaveOptions.DisableFormatting)),
        { Kind: FhirTypeKind.Primitive } => xml.Attribute("value") is not { } value ? null : type.Is("boolean") || type.Is("decimal") || type.Is("integer") ? JsonNode.Parse(value.Value) : JsonValue.Create(value.Value),
        _ => Object(xml, type),
    };
}
