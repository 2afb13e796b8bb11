using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Server;
using Personalize.Server.Flow;
using Personalize.Server.Rest;
using Personalize.Store;
using Personalize.Store.Postgres;

namespace Personalize.Benchmarks.Store;

/// <summary>The product's store in a folder, with or without the engine that works on what is written.</summary>
internal sealed class OwnStore : IAsyncDisposable
{
    private const int ChangesOfCommit = 1_000;
    private const int CommitsAtOnce = 3;
    private static readonly Access _loader = Access.Operator("load");
    private readonly StoreRoom _room;
    private Personalizer? _engine;

    private OwnStore(StoreRoom room) => _room = room;

    public IResourceStore Store => _room.Store;

    /// <summary>Opens it as the server does.</summary>
    public static async Task<OwnStore> Open(string folder, bool withEngine)
    {
        var opened = new OwnStore(StoreRoom.Open(new LaunchSettings { Data = folder }, TimeProvider.System).Value);
        if (withEngine)
            await opened.StartEngine();
        return opened;
    }

    /// <summary>Opens it on PostgreSQL, without the engine.</summary>
    public static OwnStore OpenPostgres(string connectionString)
    {
        var program = ProgramDefinitions.Read().Value;
        var store = PostgresStore.Open(connectionString, new StoreOptions(program.Catalog().Value, TimeProvider.System)).Value;
        return new(new StoreRoom(store, new Intake(store, NewId), NewId, program));

        static ResourceId NewId() => ResourceId.Of(Guid.CreateVersion7().ToString());
    }

    /// <summary>Writes resources under the ids that they bear, through the intake: read, validated, committed; and ends with a search, for which all index rows must be there.</summary>
    public async Task Load(byte[][] resources)
    {
        await Parallel.ForEachAsync(resources.Chunk(ChangesOfCommit), new ParallelOptions { MaxDegreeOfParallelism = CommitsAtOnce }, async (some, ct) => await Commit(some, ct));
        _ = (await Store.Search(_loader, SearchQuery.Parse("Basic", "_count=1", Store.Catalog).Value, null, CancellationToken.None)).Value;
    }

    /// <summary>Ends when the engine has worked out what was written.</summary>
    public Task AtRest() => _engine?.AtRest(CancellationToken.None) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_engine is { } engine)
            await engine.StopAsync(CancellationToken.None);
        await _room.Store.DisposeAsync();
    }

    private async Task Commit(byte[][] some, CancellationToken ct)
    {
        var outcome = await _room.Intake.Apply(_loader, [.. some.Select(json => Resource.Parse(json).Value).Select(r => Change.Create(r, r.Id))], ct);
        if (outcome.Failure is { } failure)
            throw new InvalidOperationException($"Refused: {failure.Issues[0].Expression} {failure.Issues[0].Text}");
    }

    private async Task StartEngine()
    {
        var services = new ServiceCollection().AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        new FlowParts(_room.Store, _room.Intake, _room.Program, new KnownTerms(_room.Store, _room.Program), TimeProvider.System, TimeZoneInfo.Utc).Add(services);
        _engine = services.BuildServiceProvider().GetRequiredService<Personalizer>();
        await _engine.StartAsync(CancellationToken.None);
        await _engine.AtRest(CancellationToken.None);
    }
}
