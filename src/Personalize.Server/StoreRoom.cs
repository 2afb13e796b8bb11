using Personalize.Fhir.Primitives;
using Personalize.Server.Backup;
using Personalize.Store;
using Personalize.Store.Postgres;
using Personalize.Store.Sql;
using Personalize.Store.Sqlite;

namespace Personalize.Server;

/// <summary>The opened store and the one way into it.</summary>
/// <param name="Store">The store; one on SQLite holds the lock of its folder until it is disposed.</param>
/// <param name="Intake">The way in.</param>
/// <param name="NewId">Gives ids in the order of time.</param>
/// <param name="Program">What comes with the program; the store is indexed by its search parameters.</param>
internal sealed record StoreRoom(IResourceStore Store, Intake Intake, Func<ResourceId> NewId, ProgramDefinitions Program)
{
    /// <summary>Makes the data folder when it is not there, opens the store in it or the database that the settings name, and indexes by R4's search parameters and those of <c>fhir-profiles</c>.
    /// Fails with <see cref="Failure.Conflict"/> while another process holds the folder, when others may look into it, or when the store is of another version, and with <see cref="Failure.Unavailable"/> when the database cannot be reached.</summary>
    public static Outcome<StoreRoom> Open(LaunchSettings settings, TimeProvider clock)
    {
        if (!OwnerOnly.Folder(settings.Data).Then(Restored.Finished).TryGet(out _, out var failure))
            return failure;
        if (!ProgramDefinitions.Read().TryGet(out var program, out failure) || !program.Catalog().TryGet(out var catalog, out failure))
            return failure;
        var options = new StoreOptions(catalog.With(settings.Home), clock);
        return settings.Postgres is { } postgres
            ? postgres.Connection().Then(connection => PostgresStore.Open(connection, options)).Select(store => Of(store, program, clock))
            : SqliteStore.Open(settings.Data, options).Select(store => Of(store, program, clock));
    }

    private static StoreRoom Of(SqlStore store, ProgramDefinitions program, TimeProvider clock)
    {
        ResourceId NewId() => ResourceId.Of(Guid.CreateVersion7(clock.GetUtcNow()).ToString());
        var measured = new MeasuredStore(store);
        return new StoreRoom(measured, new Intake(measured, NewId), NewId, program);
    }
}
