namespace Personalize.Fhir.Formats;

/// <summary>The names of FHIR's XML. Source: http://hl7.org/fhir/R4/xml.html.</summary>
internal static class XmlNames
{
    public const string Fhir = "http://hl7.org/fhir";
    public const string Xhtml = "http://www.w3.org/1999/xhtml";
    public const string SchemaInstance = "http://www.w3.org/2001/XMLSchema-instance";
    public const string Namespaces = "http://www.w3.org/2000/xmlns/";
}
