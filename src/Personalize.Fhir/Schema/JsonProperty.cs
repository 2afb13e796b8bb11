using Personalize.Fhir.Json;

namespace Personalize.Fhir.Schema;

/// <summary>An element as it stands in JSON: under its name, or, for a choice, under its name and type.</summary>
internal sealed class JsonProperty
{
    public JsonProperty(ElementDef element, FhirType type, JsonNames names)
    {
        (Element, Type) = (element, type);
        Name = NameOf(element.Name, element.IsChoice, type.Name);
        Id = names.Id(Name);
    }

    public ElementDef Element { get; }

    public FhirType Type { get; }

    /// <summary><c>valueQuantity</c>.</summary>
    public string Name { get; }

    /// <summary>The number of <see cref="Name"/>.</summary>
    public ushort Id { get; }

    public static string NameOf(string element, bool isChoice, string type) =>
        isChoice ? element + char.ToUpperInvariant(type[0]) + type[1..] : element;
}
