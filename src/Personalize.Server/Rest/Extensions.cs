using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Server.Http;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>On what an operation is called. Source: FHIR R4, Operations.</summary>
public enum OperationLevel
{
    /// <summary><c>[base]/$name</c>.</summary>
    System,
    /// <summary><c>[base]/Type/$name</c>.</summary>
    Type,
    /// <summary><c>[base]/Type/id/$name</c>.</summary>
    Instance,
}

/// <summary>An operation that another part of the server answers. It gets the caller's access with the request and must ask it.</summary>
/// <param name="Name">The name without <c>$</c>.</param>
/// <param name="Type">The resource type; null for the system.</param>
/// <param name="Level">On what it is called.</param>
/// <param name="Definition">The canonical of its OperationDefinition, for the CapabilityStatement.</param>
/// <param name="ReadsOnly">True when GET calls it as well as POST.</param>
/// <param name="Answer">Does it.</param>
public sealed record Operation(string Name, string? Type, OperationLevel Level, string Definition, bool ReadsOnly, Func<RestRequest, CancellationToken, ValueTask<Outcome<Answer>>> Answer)
{
    /// <summary>True when it changes what is stored: then it cannot be a part of a transaction.</summary>
    public bool Writes { get; init; }
}

/// <summary>Resources of a type that are composed when they are read and lie in no row of their own.</summary>
/// <param name="Type">The resource type.</param>
/// <param name="Owns">True for ids that nobody may write.</param>
/// <param name="Read">Answers a read; null when the id is none of its own, so that the store is asked.</param>
/// <param name="Search">Answers a search with its matches in their order, which stand behind those of the store.</param>
public sealed record ComposedResources(
    string Type,
    Func<ResourceId, bool> Owns,
    Func<Access, ResourceId, CancellationToken, ValueTask<Outcome<Stored>?>> Read,
    Func<Access, SearchQuery, CancellationToken, ValueTask<IReadOnlyList<Stored>>> Search);
