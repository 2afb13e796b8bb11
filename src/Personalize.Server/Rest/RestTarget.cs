using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Server.Rest;

/// <summary>What a URL below the FHIR base names: the system, a type, a resource, its history, a version, an operation on one of them, or what lies in a compartment.</summary>
/// <param name="Type">The resource type; null for the system.</param>
/// <param name="Id">The resource's id.</param>
public sealed record RestTarget(string? Type = null, ResourceId? Id = null)
{
    /// <summary>The patient of a compartment, <c>Patient/1/Observation</c>; the type is then that of the resources in it, null for all (<c>Patient/1/*</c>).</summary>
    public ResourceId? Compartment { get; init; }

    /// <summary>True for <c>_history</c>.</summary>
    public bool IsHistory { get; init; }

    /// <summary>The version behind <c>_history/</c>.</summary>
    public string? Version { get; init; }

    /// <summary>The name of an operation without <c>$</c>.</summary>
    public string? Operation { get; init; }

    /// <summary>True for <c>_search</c>.</summary>
    public bool IsSearchForm { get; init; }

    /// <summary>True for <c>metadata</c>.</summary>
    public bool IsMetadata { get; init; }

    /// <summary>Reads a path relative to the base, without query. Fails with <see cref="Failure.Missing"/> on what names nothing, and with <see cref="Failure.Invalid"/> on an id that is none.</summary>
    public static Outcome<RestTarget> Parse(string path)
    {
        var parts = path.Trim('/').Split('/');
        if (parts is [""])
            return new RestTarget();
        if (parts is ["metadata"])
            return new RestTarget { IsMetadata = true };
        return char.IsAsciiLetterUpper(parts[0].FirstOrDefault()) ? OfType(parts) : Tail(new RestTarget(), parts);
    }

    private static Outcome<RestTarget> OfType(string[] parts)
    {
        // Operations on any type are called on the abstract one: Resource/$validate.
        if (parts is ["Resource", ['$', ..]])
            return Tail(new RestTarget("Resource"), parts[1..]);
        if (FhirSchema.R4.Type(parts[0]) is not { Kind: FhirTypeKind.Resource, IsAbstract: false })
            return new Failure.Missing("FHIR R4 has no resource type of that name.");
        var target = new RestTarget(parts[0]);
        if (parts.Length == 1)
            return target;
        if (parts[1].StartsWith('_') || parts[1].StartsWith('$'))
            return Tail(target, parts[1..]);
        if (!ResourceId.TryParse(parts[1], out var id))
            return new Failure.Invalid("An id has 1 to 64 characters out of A-Z, a-z, 0-9, '-' and '.'.");
        if (parts is [_, _, [>= 'A' and <= 'Z' or '*', ..], ..])
            return InCompartment(target, id, parts[2..]);
        return parts.Length == 2 ? target with { Id = id } : Tail(target with { Id = id }, parts[2..]);
    }

    /// <summary>Source: http://hl7.org/fhir/R4/compartmentdefinition.html; http.html#vsearch, variant searches.</summary>
    private static Outcome<RestTarget> InCompartment(RestTarget target, ResourceId id, string[] parts)
    {
        if (target.Type != "Patient")
            return new Failure.Missing("The compartments here are those of patients.");
        if (parts[0] != "*" && FhirSchema.R4.Type(parts[0]) is not { Kind: FhirTypeKind.Resource, IsAbstract: false })
            return new Failure.Missing("FHIR R4 has no resource type of that name.");
        var inside = new RestTarget(parts[0] == "*" ? null : parts[0]) { Compartment = id };
        return parts switch
        {
            [_] => inside,
            [_, "_search"] => inside with { IsSearchForm = true },
            _ => new Failure.Missing("There is nothing at this address."),
        };
    }

    private static Outcome<RestTarget> Tail(RestTarget target, string[] parts) => parts switch
    {
        ["_history"] => target with { IsHistory = true },
        ["_history", var version] when target.Id is not null && version.Length > 0 => target with { IsHistory = true, Version = version },
        ["_search"] when target.Id is null => target with { IsSearchForm = true },
        [['$', .. { Length: > 0 } name]] => target with { Operation = name },
        _ => new Failure.Missing("There is nothing at this address."),
    };
}
