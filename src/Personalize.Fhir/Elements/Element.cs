using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Elements;

/// <summary>One element of a resource: a view over the node table with its FHIR type. A primitive holds its value, its <c>_name</c> twin (id, extensions), or both.</summary>
public readonly struct Element : IEquatable<Element>
{
    /// <summary>The table that it lies in.</summary>
    public JsonTree Tree => throw new NotImplementedException();

    /// <summary>The index of the value's node; -1 when only the <c>_name</c> twin is there.</summary>
    public int Node => throw new NotImplementedException();

    /// <summary>The element's name without the type of a choice: <c>value</c> for <c>valueQuantity</c>.</summary>
    public string Name => throw new NotImplementedException();

    /// <summary>Its FHIR type: <c>Quantity</c>, <c>code</c>, a backbone such as <c>Patient.contact</c>, or the type of a resource.</summary>
    public FhirType Type => throw new NotImplementedException();

    /// <summary>What the schema says of it; null for the root of a resource.</summary>
    public ElementDef? Definition => throw new NotImplementedException();

    /// <summary>True when a primitive has a value (not only extensions).</summary>
    public bool HasValue => throw new NotImplementedException();

    /// <summary>The text of a primitive: a string unescaped, a number or boolean as it is written (1.50 stays 1.50); null when there is none.</summary>
    public string? Text => throw new NotImplementedException();

    /// <summary>All children in the order of the bytes, arrays flattened, choices under their short name.</summary>
    public IEnumerable<Element> Children() => throw new NotImplementedException();

    /// <summary>The children of one name (short name of a choice; also <c>extension</c> and <c>id</c> of a primitive).</summary>
    public IEnumerable<Element> Children(string name) => throw new NotImplementedException();

    /// <summary>The first child of that name, or null.</summary>
    public Element? Child(string name) => throw new NotImplementedException();

    /// <summary>The FHIRPath location: <c>Patient.name[0].given[1]</c>, a choice as <c>Observation.value</c>. Computed when asked for.</summary>
    public string Location() => throw new NotImplementedException();

    /// <summary>True when both show the same place in the same table.</summary>
    public bool Equals(Element other) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Element other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => throw new NotImplementedException();

    /// <summary>True when both show the same place in the same table.</summary>
    public static bool operator ==(Element left, Element right) => left.Equals(right);

    /// <summary>True when they show different places.</summary>
    public static bool operator !=(Element left, Element right) => !left.Equals(right);
}
