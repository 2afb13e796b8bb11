namespace Personalize.Fhir.Schema;

/// <summary>What a type is.</summary>
public enum FhirTypeKind
{
    /// <summary>A primitive: <c>string</c>, <c>date</c>, <c>code</c>.</summary>
    Primitive,
    /// <summary>A data type: <c>Quantity</c>, <c>HumanName</c>.</summary>
    Complex,
    /// <summary>An element defined inside a resource or data type: <c>Patient.contact</c>.</summary>
    Backbone,
    /// <summary>A resource.</summary>
    Resource,
}

/// <summary>A type of FHIR R4, out of <c>r4.schema</c>.</summary>
public sealed class FhirType
{
    /// <summary><c>Patient</c>, <c>Quantity</c>, <c>code</c>, <c>Patient.contact</c>.</summary>
    public string Name => throw new NotImplementedException();

    /// <summary>What it is.</summary>
    public FhirTypeKind Kind => throw new NotImplementedException();

    /// <summary>The type that it derives from: <c>DomainResource</c>, <c>Element</c>, <c>string</c> for <c>code</c>; null for the roots.</summary>
    public FhirType? Base => throw new NotImplementedException();

    /// <summary>True for <c>Resource</c>, <c>DomainResource</c>, <c>Element</c>, <c>BackboneElement</c>.</summary>
    public bool IsAbstract => throw new NotImplementedException();

    /// <summary>All elements, inherited ones first, in the order of the definition.</summary>
    public IReadOnlyList<ElementDef> Elements => throw new NotImplementedException();

    /// <summary>The constraints on the type itself.</summary>
    public IReadOnlyList<ConstraintDef> Constraints => throw new NotImplementedException();

    /// <summary>The element of that short name (<c>value</c> for <c>value[x]</c>), or null.</summary>
    public ElementDef? Element(string name) => throw new NotImplementedException();

    /// <summary>True when this is that type or derives from it.</summary>
    public bool Is(string name) => throw new NotImplementedException();
}

/// <summary>An element of a type.</summary>
public sealed class ElementDef
{
    /// <summary>The short name: <c>value</c> for <c>value[x]</c>.</summary>
    public string Name => throw new NotImplementedException();

    /// <summary>The path in the definition: <c>Observation.value[x]</c>.</summary>
    public string Path => throw new NotImplementedException();

    /// <summary>The least number of repetitions.</summary>
    public int Min => throw new NotImplementedException();

    /// <summary>The greatest number of repetitions; <see cref="int.MaxValue"/> for <c>*</c>.</summary>
    public int Max => throw new NotImplementedException();

    /// <summary>True for <c>value[x]</c>.</summary>
    public bool IsChoice => throw new NotImplementedException();

    /// <summary>True when it stands in a summary.</summary>
    public bool IsSummary => throw new NotImplementedException();

    /// <summary>The types that it may have; a content reference is resolved to the type that it names.</summary>
    public IReadOnlyList<FhirType> Types => throw new NotImplementedException();

    /// <summary>The resource types that a Reference may point to; empty means any.</summary>
    public IReadOnlyList<string> Targets => throw new NotImplementedException();

    /// <summary>The strength of the binding: <c>required</c>, <c>extensible</c>, <c>preferred</c>, <c>example</c>; null without one.</summary>
    public string? BindingStrength => throw new NotImplementedException();

    /// <summary>The canonical of the value set, without version; null without a binding.</summary>
    public string? ValueSet => throw new NotImplementedException();

    /// <summary>The constraints on this element.</summary>
    public IReadOnlyList<ConstraintDef> Constraints => throw new NotImplementedException();
}

/// <summary>A constraint: a FHIRPath expression that must not be false.</summary>
/// <param name="Key">Such as <c>pat-1</c>.</param>
/// <param name="Severity"><c>error</c> or <c>warning</c>.</param>
/// <param name="Expression">FHIRPath, as in the definition.</param>
public sealed record ConstraintDef(string Key, string Severity, string Expression);

/// <summary>The types of FHIR R4, read from the embedded <c>r4.schema</c> when first asked for.</summary>
public sealed class FhirSchema
{
    /// <summary>FHIR 4.0.1.</summary>
    public static FhirSchema R4 => throw new NotImplementedException();

    /// <summary>The type of that name, or null.</summary>
    public FhirType? Type(string name) => throw new NotImplementedException();

    /// <summary>The names of all concrete resource types, sorted.</summary>
    public IReadOnlyList<string> ResourceTypes => throw new NotImplementedException();
}
