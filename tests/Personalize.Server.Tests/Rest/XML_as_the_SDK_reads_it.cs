using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Personalize.Engine.Writing;
using Personalize.Fhir.Formats;
using Parsed = Personalize.Fhir.Elements.Resource;

namespace Personalize.Server.Tests.Rest;

/// <summary>The SDK as the oracle: our XML means to it what our JSON means, and what it writes as XML we read as what it means.</summary>
public sealed class XML_as_the_SDK_reads_it
{
    private static readonly BaseFhirXmlDeserializer _fromXml = new(ModelInfo.ModelInspector);
    private static readonly BaseFhirXmlSerializer _toXml = new(ModelInfo.ModelInspector);
    private static readonly BaseFhirJsonDeserializer _fromJson = new(ModelInfo.ModelInspector);

    [Fact]
    public void Means_what_the_JSON_means_both_ways()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Corpora.Folder("examples"), "resources"), "*.json").ToList();
        Assert.Equal(432, files.Count);
        var differ = from file in files
                     let json = File.ReadAllBytes(file)
                     let meant = Text(Json(json))
                     where Text(Xml(FhirXml.Write(Parsed.Parse(json).Value).Value)) != meant || Text(Json(FhirXml.Read(Written(Json(json))).Value.Bytes.ToArray())) != meant
                     select Path.GetFileName(file);
        Assert.Empty(differ);
    }

    private static Resource Json(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        _fromJson.TryDeserializeResource(ref reader, out var resource, out _);
        return resource!;
    }

    private static Resource Xml(ReadOnlyMemory<byte> xml)
    {
        using var reader = XmlReader.Create(new MemoryStream(xml.ToArray()));
        _fromXml.TryDeserializeResource(reader, out var resource, out _);
        return resource!;
    }

    private static byte[] Written(Resource resource)
    {
        using var bytes = new MemoryStream();
        using (var writer = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false) }))
            _toXml.Serialize(resource, writer);
        return bytes.ToArray();
    }

    // A narrative may be written in several ways that mean the same XHTML, and the SDK takes spaces at the ends of strings away.
    private static string Text(Resource resource)
    {
        foreach (var element in Below(resource))
            if (element is Narrative { Div: { } div } narrative)
                narrative.Div = XElement.Parse(div).ToString();
            else if (element is PrimitiveType { JsonValue: string text } primitive)
                primitive.JsonValue = text.Trim();
        return Encoding.UTF8.GetString(R4Json.Write(resource).Span);
    }

    private static List<Base> Below(Base element) =>
        element.EnumerateElements().SelectMany(e => e.Value as IEnumerable<Base> ?? (e.Value is Base one ? [one] : [])).SelectMany(child => Below(child).Prepend(child)).ToList();
}
