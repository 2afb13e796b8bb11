using System.Collections.Immutable;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Server.Http;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>What the interactions work with; put together once, when the host is built.</summary>
/// <param name="Store">What is stored.</param>
/// <param name="Intake">The one way in.</param>
/// <param name="Terms">What callers may know of codes.</param>
/// <param name="AccessOf">Who asks.</param>
/// <param name="Links">Seals paging links.</param>
/// <param name="Clock">The time.</param>
/// <param name="NewId">Gives ids.</param>
public sealed record RestServices(IResourceStore Store, Intake Intake, KnownTerms Terms, AccessOf AccessOf, PageLinks Links, TimeProvider Clock, Func<ResourceId> NewId)
{
    /// <summary>The greatest body in bytes.</summary>
    public long MaxBody { get; init; } = 32 << 20;

    /// <summary>How many bytes of bodies may be in work.</summary>
    public BodyRoom Bodies { get; init; } = new(256 << 20);

    /// <summary>How many requests may be in work.</summary>
    public Gate Gate { get; init; } = new(1024, 512);

    /// <summary>How long a read may take: a GET, a search, an operation that only reads; of one bundle all reads together. What writes is never broken off.</summary>
    public TimeSpan LongestRead { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Takes note of a fault that is told in an entry of a bundle only.</summary>
    public Action<Exception> Faulted { get; init; } = _ => { };

    /// <summary>True when tokens guard the API: the CapabilityStatement then says where they are had.</summary>
    public bool Secured { get; init; }

    /// <summary>Operations of other parts.</summary>
    public ImmutableArray<Operation> Operations { get; init; } = [];

    /// <summary>Composed resources of other parts.</summary>
    public ImmutableArray<ComposedResources> Composed { get; init; } = [];

    /// <summary>The search parameters.</summary>
    public SearchCatalog Catalog => Store.Catalog;
}
