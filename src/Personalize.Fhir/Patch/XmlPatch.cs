using System.Xml;
using System.Xml.Linq;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Formats;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Patch;

/// <summary>XML Patch: a resource is written as XML, its parts are added, replaced and removed, and it is read again. All operations are done or none. Source: RFC 5261; FHIR R4, RESTful API, patch.</summary>
public static class XmlPatch
{
    private static readonly XNamespace _fhir = "http://hl7.org/fhir";

    /// <summary>A changed copy of a resource. The result is read, not validated. Fails with <see cref="Failure.Invalid"/> on what is no XML Patch or names its places in a way that is not supported,
    /// and with <see cref="Failure.Unprocessable"/> on an operation that cannot be done, naming it.</summary>
    public static Outcome<Resource> Apply(Resource target, ReadOnlyMemory<byte> patch)
    {
        if (Load(patch) is not { Root: { Name.LocalName: "diff" } diff })
            return new Failure.Invalid("An XML Patch is XML whose root is diff.");
        if (diff.Elements().Count() > PatchLimits.MaxOperations)
            return new Failure.Invalid($"A patch has at most {PatchLimits.MaxOperations} operations.");
        if (!FhirXml.Write(target).TryGet(out var xml, out var failure))
            return failure;
        var document = Load(xml)!;
        foreach (var (at, operation) in diff.Elements().Index())
            if (Step(document, operation) is { } wrong)
                return Named(wrong, at, operation);
        return FhirXml.Read(Bytes(document));
    }

    private static XDocument? Load(ReadOnlyMemory<byte> xml)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(xml.ToArray()), settings);
            return XDocument.Load(reader, LoadOptions.PreserveWhitespace);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static byte[] Bytes(XDocument document)
    {
        using var bytes = new MemoryStream();
        document.Save(bytes, SaveOptions.DisableFormatting);
        return bytes.ToArray();
    }

    private static Failure? Step(XDocument document, XElement operation)
    {
        if (XmlSelector.Read(operation.Attribute("sel")?.Value, operation) is not { } selector)
            return new Failure.Invalid("its sel is malformed, or of a form that is not supported");
        if (selector.Find(document) is not { } place)
            return new Failure.Unprocessable("its sel finds nothing, or several places");
        return (operation.Name.LocalName, place) switch
        {
            ("add", XElement parent) => Add(parent, operation),
            ("replace", XAttribute attribute) => Set(attribute.Parent!, attribute.Name.LocalName, operation.Value),
            ("replace", XElement { Parent: not null } old) when Content(operation) is [var one] => Done(() => old.ReplaceWith(one)),
            ("remove", XAttribute attribute) => Done(attribute.Remove),
            ("remove", XElement { Parent: not null } element) when element != document.Root => Done(element.Remove),
            _ => new Failure.Unprocessable("it cannot be done there"),
        };
    }

    private static Failure.Unprocessable? Add(XElement at, XElement operation)
    {
        if (operation.Attribute("type")?.Value is { } type)
            return type.StartsWith('@') && type.Length > 1 && at.Attribute(type[1..]) is null ? Set(at, type[1..], operation.Value) : new Failure.Unprocessable("its type is no attribute, or the attribute is there");
        var content = Content(operation);
        if (content.Count == 0)
            return new Failure.Unprocessable("it adds nothing");
        var isRoot = at.Parent is null;
        return operation.Attribute("pos")?.Value switch
        {
            null => Done(() => at.Add(content)),
            "prepend" => Done(() => at.AddFirst(content)),
            "before" when !isRoot => Done(() => at.AddBeforeSelf(content)),
            "after" when !isRoot => Done(() => at.AddAfterSelf(content)),
            _ => new Failure.Unprocessable("its pos cannot be"),
        };
    }

    private static Failure.Unprocessable? Set(XElement element, string attribute, string value)
    {
        if (attribute.Any(c => !char.IsAsciiLetter(c)))
            return new Failure.Unprocessable("the attribute has no name of FHIR");
        element.SetAttributeValue(attribute, value);
        return null;
    }

    private static Failure.Unprocessable? Done(Action change)
    {
        change();
        return null;
    }

    /// <summary>The elements that an operation brings; what has no namespace, or that of the patch, is FHIR's.</summary>
    private static List<XElement> Content(XElement operation) => [.. operation.Elements().Select(element => InFhir(element, operation.Name.Namespace))];

    private static XElement InFhir(XElement element, XNamespace patch)
    {
        var isFhir = element.Name.Namespace == XNamespace.None || element.Name.Namespace == patch || element.Name.Namespace == _fhir;
        return isFhir
            ? new XElement(_fhir + element.Name.LocalName, element.Attributes().Where(a => !a.IsNamespaceDeclaration), element.Elements().Select(child => InFhir(child, patch)))
            : new XElement(element);
    }

    private static Failure Named(Failure failure, int at, XElement operation)
    {
        var name = operation.Name.LocalName is "add" or "replace" or "remove" ? operation.Name.LocalName : "unknown";
        var text = $"Operation {at} ({name}): {failure.Issues[0].Text}.";
        return failure is Failure.Invalid ? new Failure.Invalid(text) : new Failure.Unprocessable(text);
    }
}
