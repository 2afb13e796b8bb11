using Personalize.Fhir.FhirPath.Syntax;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.FhirPath;

/// <summary>A type as <c>is</c>, <c>as</c> and <c>ofType</c> ask for it.</summary>
internal sealed class TypeTest
{
    private readonly FhirType? _fhir;
    private readonly Type? _system;

    private TypeTest(FhirType? fhir, Type? system) => (_fhir, _system) = (fhir, system);

    /// <summary>Without a namespace a name means both FHIR's and System's type of that name.</summary>
    public static TypeTest Of(TypeName name)
    {
        var fhir = name.Namespace is null or "FHIR" ? FhirSchema.R4.Type(name.Name) : null;
        var system = name.Namespace is null or "System" ? SystemType(name.Name) : null;
        return fhir is null && system is null ? throw new SemanticError("There is no such type", name.Position) : new TypeTest(fhir, system);
    }

    private static Type? SystemType(string name) => name switch
    {
        "Boolean" => typeof(bool),
        "String" => typeof(string),
        "Integer" => typeof(int),
        "Long" => typeof(long),
        "Decimal" => typeof(decimal),
        "Date" => typeof(FhirDate),
        "DateTime" => typeof(FhirDateTime),
        "Time" => typeof(FhirTime),
        "Quantity" => typeof(Quantity),
        "Any" => typeof(object),
        _ => null,
    };

    /// <summary><c>is</c>: of that type or of one that derives from it.</summary>
    public bool Is(in PathValue value)
    {
        if (value.System is { } system)
            return _system is not null && _system.IsInstanceOfType(system);
        return _fhir is not null && (ReferenceEquals(value.Raw.Type, _fhir) || value.Raw.Type.Is(_fhir.Name));
    }

    /// <summary><c>as</c> and <c>ofType</c>. A primitive must be of that very type: search parameters tell a choice's <c>uri</c> from its <c>canonical</c> that way,
    /// and the official tests want <c>gender.ofType(string)</c> to be empty.</summary>
    public bool Narrows(in PathValue value) =>
        value.IsElement && value.Raw.Type.Kind == FhirTypeKind.Primitive ? ReferenceEquals(value.Raw.Type, _fhir) : Is(value);

    /// <summary>True when a resource of that type is of this one.</summary>
    public bool IsResource(string type) => _fhir is not null && FhirSchema.R4.Type(type) is { Kind: FhirTypeKind.Resource } named && named.Is(_fhir.Name);

    /// <summary>True when it names a type of resource.</summary>
    public bool NamesResource => _fhir is { Kind: FhirTypeKind.Resource };
}

/// <summary>What <c>type()</c> answers.</summary>
internal sealed record TypeFact(string Namespace, string Name)
{
    public override string ToString() => $"{Namespace}.{Name}";

    public static TypeFact Of(in PathValue value) => value.System switch
    {
        null => new TypeFact("FHIR", value.Raw.Type.Name),
        bool => new TypeFact("System", "Boolean"),
        string => new TypeFact("System", "String"),
        int => new TypeFact("System", "Integer"),
        long => new TypeFact("System", "Long"),
        decimal => new TypeFact("System", "Decimal"),
        FhirDate => new TypeFact("System", "Date"),
        FhirDateTime => new TypeFact("System", "DateTime"),
        FhirTime => new TypeFact("System", "Time"),
        Quantity => new TypeFact("System", "Quantity"),
        _ => new TypeFact("System", "TypeInfo"),
    };
}
