namespace Personalize.Fhir.Search;

/// <summary>The type of a search parameter. Source: FHIR R4, Search.</summary>
public enum SearchParameterType
{
    /// <summary>Text, by normalized prefix.</summary>
    String,
    /// <summary>Code and system.</summary>
    Token,
    /// <summary>A time interval.</summary>
    Date,
    /// <summary>A number with implied precision.</summary>
    Number,
    /// <summary>A number with a unit.</summary>
    Quantity,
    /// <summary>A reference.</summary>
    Reference,
    /// <summary>A URI.</summary>
    Uri,
    /// <summary>Two parameters on one element.</summary>
    Composite,
    /// <summary>Its own rules.</summary>
    Special,
}

/// <summary>A search parameter on one resource type. Equal when it has the same type, code, expression and targets.</summary>
/// <param name="ResourceType">The type that it searches; <c>Resource</c> for those of all types.</param>
/// <param name="Code">The name in the URL.</param>
/// <param name="Type">Its type.</param>
/// <param name="Expression">The FHIRPath that finds its values, the part for this resource type only.</param>
/// <param name="Targets">The types that a reference may point to.</param>
/// <param name="Canonical">Its canonical URL.</param>
public sealed record SearchParameter(string ResourceType, string Code, SearchParameterType Type, string Expression, IReadOnlyList<string> Targets, string Canonical)
{
    /// <summary>Of a composite: its components, in their order.</summary>
    public IReadOnlyList<SearchComponent> Components { get; init; } = [];

    /// <summary>For a part of a composite: how many steps lead to the element in which all parts must be found; 0 for every other parameter.</summary>
    public int GroupDepth { get; init; }

    /// <inheritdoc/>
    public bool Equals(SearchParameter? other) => ReferenceEquals(this, other)
        || (other is not null && (ResourceType, Code, Type, Expression) == (other.ResourceType, other.Code, other.Type, other.Expression) && Targets.SequenceEqual(other.Targets));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ResourceType, Code);
}

/// <summary>A component of a composite.</summary>
/// <param name="Canonical">The canonical of the parameter that tells its type.</param>
/// <param name="Expression">FHIRPath below the element that the composite's expression finds.</param>
public sealed record SearchComponent(string Canonical, string Expression);
