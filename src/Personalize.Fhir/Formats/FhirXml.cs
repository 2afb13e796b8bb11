using System.Collections.Immutable;
using System.Text;
using System.Xml;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Formats;

/// <summary>FHIR's XML, both ways by the schema and without an object model: decimals and strings stay as they are written. Source: http://hl7.org/fhir/R4/xml.html.</summary>
public static class FhirXml
{
    /// <summary>The resource in UTF-8 XML, elements in the order of their definition. Fails with <see cref="Failure.Unprocessable"/>, naming the place, on what XML cannot hold:
    /// a property that R4 does not define, a control character, a narrative that is not well-formed.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="pretty">True for one element a line.</param>
    public static Outcome<ReadOnlyMemory<byte>> Write(Resource resource, bool pretty = false)
    {
        using var bytes = new MemoryStream();
        var settings = new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = pretty, NewLineHandling = NewLineHandling.Entitize, OmitXmlDeclaration = false };
        using (var xml = XmlWriter.Create(bytes, settings))
            if (new XmlOut(xml).Resource(resource.Root) is { } failure)
                return failure;
        return new ReadOnlyMemory<byte>(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    /// <summary>The same resource as JSON, its elements in the order of the XML; lines and columns of its elements are those of the XML. Not validated. Fails with <see cref="Failure.Invalid"/>, with line and column, on bad XML, a DTD,
    /// more than 64 levels, and on elements, attributes or text that R4 does not define.</summary>
    public static Outcome<Resource> Read(ReadOnlyMemory<byte> xml)
    {
        // No DTD, so no entities of its own; nothing is fetched.
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
        using var bytes = new MemoryStream(xml.ToArray(), writable: false);
        using var reader = XmlReader.Create(bytes, settings);
        try
        {
            return new XmlIn(reader).Document().Then(json => JsonTree.Parse(json.Bytes, FhirSchema.R4.Names).Then(tree => Resource.Of(tree.From(new SourcePlaces([.. json.Places])))));
        }
        catch (XmlException fault)
        {
            // The message repeats what stands in the document. A DTD is refused without a place.
            return new Failure.Invalid(ImmutableArray.Create(new Issue(IssueSeverity.Fatal, "invalid", "This is not well-formed XML, or has a DTD.", null, fault.LineNumber, fault.LinePosition)));
        }
    }
}
