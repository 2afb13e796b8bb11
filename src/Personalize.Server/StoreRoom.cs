using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Fhir.Terminology;
using Personalize.Store;
using Personalize.Store.Sqlite;

namespace Personalize.Server;

/// <summary>The opened data folder: the store and the one way into it.</summary>
/// <param name="Store">The store; holds the folder's lock until it is disposed.</param>
/// <param name="Intake">The way in.</param>
/// <param name="NewId">Gives ids in the order of time.</param>
internal sealed record StoreRoom(IResourceStore Store, Intake Intake, Func<ResourceId> NewId)
{
    /// <summary>Makes the folder when it is not there, takes its lock, and indexes by R4's search parameters and those of <c>fhir-profiles</c>.
    /// Fails with <see cref="Failure.Conflict"/> while another process holds the folder.</summary>
    public static Outcome<StoreRoom> Open(string dataFolder, TimeProvider clock)
    {
        try
        {
            Directory.CreateDirectory(dataFolder);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return new Failure.Conflict($"The data folder {dataFolder} cannot be made.");
        }
        if (!ContentFiles.Read("fhir-profiles").Then(Catalog).TryGet(out var catalog, out var failure))
            return failure;
        return SqliteStore.Open(dataFolder, new StoreOptions(catalog, clock)).Select(store => Of(store, clock));
    }

    private static StoreRoom Of(SqliteStore store, TimeProvider clock)
    {
        ResourceId NewId() => ResourceId.Of(Guid.CreateVersion7(clock.GetUtcNow()).ToString());
        return new StoreRoom(store, new Intake(store, NewId), NewId);
    }

    private static Outcome<SearchCatalog> Catalog(IReadOnlyList<Resource> content) => SearchCatalog.R4.With(content.Where(r => r.Type == "SearchParameter"))
        .Select(catalog => catalog.With(ValueSets.UsCore.With(content.Select(r => r.Tree))));
}
