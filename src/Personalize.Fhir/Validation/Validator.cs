using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Validation;

/// <summary>Says whether a resource has the structure that R4 gives it. Pure.</summary>
public static class Validator
{
    /// <summary>All findings about unknown elements, wrong types, cardinality, primitive syntax and required bindings; empty when all is well. Each names its FHIRPath location, line and column.</summary>
    public static ImmutableArray<Issue> Validate(Resource resource) => throw new NotImplementedException();

    /// <summary>The resource, or <see cref="Failure.Invalid"/> (structure, type, syntax) or <see cref="Failure.Unprocessable"/> (cardinality, binding) when an error was found.</summary>
    public static Outcome<Resource> Check(Resource resource) => throw new NotImplementedException();
}
