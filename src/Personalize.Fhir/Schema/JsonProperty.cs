using Personalize.Fhir.Json;
using Personalize.Fhir.Terminology;

namespace Personalize.Fhir.Schema;

/// <summary>An element as it stands in JSON: under its name, or, for a choice, under its name and type.</summary>
internal sealed class JsonProperty
{
    private RequiredCodes? _codes;

    public JsonProperty(ElementDef element, FhirType type, JsonNames names)
    {
        (Element, Type) = (element, type);
        Name = NameOf(element.Name, element.IsChoice, type.Name);
        Id = names.Id(Name);
        (Primitive, IsSingle) = (type.Primitive, element.Max == 1);
        RequiredSet = element.BindingStrength == "required" ? element.ValueSet : null;
    }

    public ElementDef Element { get; }

    public FhirType Type { get; }

    /// <summary><c>valueQuantity</c>.</summary>
    public string Name { get; }

    /// <summary>The number of <see cref="Name"/>.</summary>
    public ushort Id { get; }

    /// <summary>Which primitive <see cref="Type"/> is.</summary>
    public PrimitiveKind Primitive { get; }

    /// <summary>True when it is no array.</summary>
    public bool IsSingle { get; }

    /// <summary>The value set that its codes must be in; null when none is required.</summary>
    public string? RequiredSet { get; }

    /// <summary>The codes of <see cref="RequiredSet"/> by these value sets; those asked last are kept.</summary>
    public RequiredCodes Codes(ValueSets sets)
    {
        var codes = _codes;
        return codes is not null && ReferenceEquals(codes.Sets, sets) ? codes : _codes = new(sets, sets.List(RequiredSet!), Primitive == PrimitiveKind.None ? sets.Pairs(RequiredSet!) : null);
    }

    public static string NameOf(string element, bool isChoice, string type) =>
        isChoice ? element + char.ToUpperInvariant(type[0]) + type[1..] : element;
}
