using Personalize.Fhir.Primitives;
using Personalize.Store;
using Personalize.Store.Sqlite;

namespace Personalize.Server;

/// <summary>The opened data folder: the store and the one way into it.</summary>
/// <param name="Store">The store; holds the folder's lock until it is disposed.</param>
/// <param name="Intake">The way in.</param>
/// <param name="NewId">Gives ids in the order of time.</param>
/// <param name="Program">What comes with the program; the store is indexed by its search parameters.</param>
internal sealed record StoreRoom(IResourceStore Store, Intake Intake, Func<ResourceId> NewId, ProgramDefinitions Program)
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
        if (!ProgramDefinitions.Read().TryGet(out var program, out var failure) || !program.Catalog().TryGet(out var catalog, out failure))
            return failure;
        return SqliteStore.Open(dataFolder, new StoreOptions(catalog, clock)).Select(store => Of(store, program, clock));
    }

    private static StoreRoom Of(SqliteStore store, ProgramDefinitions program, TimeProvider clock)
    {
        ResourceId NewId() => ResourceId.Of(Guid.CreateVersion7(clock.GetUtcNow()).ToString());
        return new StoreRoom(store, new Intake(store, NewId), NewId, program);
    }
}
