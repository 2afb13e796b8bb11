using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Store.Sql;

namespace Personalize.Store.Tests;

/// <summary>A real store in a place of its own, which goes with it.</summary>
public sealed class TempStore : IAsyncDisposable
{
    private readonly Home _home;
    private readonly Func<StoreOptions, StoreOptions>? _with;
    private int _lastId;

    public TempStore(Engine engine, SearchCatalog? catalog = null, TimeProvider? clock = null, Func<StoreOptions, StoreOptions>? with = null)
        : this(engine.New(), catalog, clock, with)
    {
    }

    private TempStore(Home home, SearchCatalog? catalog, TimeProvider? clock, Func<StoreOptions, StoreOptions>? with)
    {
        (_home, _with) = (home, with);
        var options = new StoreOptions(catalog ?? SearchCatalog.R4, clock ?? TimeProvider.System);
        Store = home.Open(with?.Invoke(options) ?? options).Value;
        Intake = new(Store, NewId);
    }

    public static Access Operator { get; } = Access.Operator("Practitioner/test");

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public SqlStore Store { get; }

    public Intake Intake { get; }

    public Home Home => _home;

    public ResourceId NewId() => ResourceId.Of($"id{Interlocked.Increment(ref _lastId)}");

    public static Resource Parse(string json) => Resource.Parse(Encoding.UTF8.GetBytes(json)).Value;

    public async Task<Applied> Put(string json, string? ifMatch = null, Access? access = null) => (await TryPut(json, ifMatch, access)).Value.Changes[0];

    public Task<Outcome<Commit>> TryPut(string json, string? ifMatch = null, Access? access = null)
    {
        var resource = Parse(json);
        return Intake.Apply(access ?? Operator, [Change.Update(resource.Id!, resource) with { IfMatch = ifMatch }], Ct);
    }

    public Task<Outcome<Commit>> Delete(string key, Access? access = null)
    {
        Assert.True(ResourceKey.TryParse(key, out var parsed));
        return Intake.Apply(access ?? Operator, [Change.Delete(parsed)], Ct);
    }

    public async Task<Outcome<Commit>> Post(Resource bundle, Access? access = null) =>
        Plan.Of(bundle, Store.Catalog, NewId).TryGet(out var plan, out var failure) ? await Intake.Apply(access ?? Operator, plan.Changes, Ct) : failure;

    public async Task<Stored> Read(string key, Access? access = null) => (await TryRead(key, access)).Value;

    public ValueTask<Outcome<Stored>> TryRead(string key, Access? access = null)
    {
        Assert.True(ResourceKey.TryParse(key, out var parsed));
        return Store.Read(access ?? Operator, parsed, Ct);
    }

    public SearchQuery Query(string search)
    {
        var at = search.IndexOf('?', StringComparison.Ordinal);
        return SearchQuery.Parse(at < 0 ? search : search[..at], at < 0 ? "" : search[(at + 1)..], Store.Catalog, Asked).Value;
    }

    /// <summary>When searches are asked, for what is approximate.</summary>
    public static DateTimeOffset Asked { get; } = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    public async Task<SearchPage> Search(string search, SearchMark? from = null, Access? access = null) =>
        (await Store.Search(access ?? Operator, Query(search), from, Ct)).Value;

    /// <summary>The ids of all matches on the first page, in their order.</summary>
    public async Task<string> Found(string search, Access? access = null) => string.Join(' ', (await Search(search, null, access)).Matches.Select(m => m.Key.Id));

    public static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);

    /// <summary>Closes the store and opens the same place again.</summary>
    public async Task<TempStore> Reopen(SearchCatalog? catalog = null)
    {
        await Store.DisposeAsync();
        return new(_home, catalog, null, _with);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _home.Dispose();
    }
}
