using System.Collections.Concurrent;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Store.Postgres;
using Personalize.Store.Sql;

namespace Personalize.Store.Tests;

/// <summary>PostgreSQL, with everything forced to disk, crashes or stops again and again while two processes' stores write to it.</summary>
public sealed class A_database_that_stops_under_load(ITestOutputHelper output)
{
    private const int Stops = 6;
    private const int EachOf = 5;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Loses_no_answered_write_and_keeps_none_half()
    {
        using var server = new PostgresServer(isDurable: true);
        using var home = new SchemaHome(server);
        await using var one = home.Open(new(SearchCatalog.R4, TimeProvider.System)).Value;
        await using var other = home.Open(new(SearchCatalog.R4, TimeProvider.System)).Value;
        var (answered, refused, sent) = (new ConcurrentDictionary<string, long>(), 0, 0);
        using var end = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 8).Select(w => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                var name = $"c{Interlocked.Increment(ref sent)}";
                var commit = await Write(w % 2 == 0 ? one : other, name);
                if (commit.TryGet(out var made, out var failure))
                    answered[name] = made.T;
                else
                {
                    Assert.IsType<Failure.Unavailable>(failure);
                    Interlocked.Increment(ref refused);
                    await Task.Delay(20, CancellationToken.None);
                }
            }
        }, Ct)).ToList();
        for (var stop = 0; stop < Stops; stop++)
        {
            var before = answered.Count;
            while (answered.Count < before + 40 && writers.TrueForAll(writer => !writer.IsFaulted))
                await Task.Delay(5, Ct);
            if (stop % 2 == 0)
                server.Crash();
            else
                server.Stop();
            await Task.Delay(100, Ct);
            server.Start();
        }
        await end.CancelAsync();
        await Task.WhenAll(writers);

        output.WriteLine($"{answered.Count} answered, {refused} refused");
        Assert.True(refused > 0, "No stop met a write.");
        foreach (var (store, index) in new[] { (one, 0), (other, 1) })
            await EachIsWholeOrAbsent(store, sent, answered, index);
        Assert.Equal(answered.Values.Distinct().Count(), answered.Count);
    }

    [Fact]
    public async Task Takes_writes_again_also_when_old_versions_were_to_be_swept_while_it_was_away()
    {
        using var server = new PostgresServer(isDurable: false);
        using var home = new SchemaHome(server);
        var clock = new MovingClock();
        await using var store = home.Open(new(SearchCatalog.R4, clock)).Value;
        Assert.Null((await Write(store, "before")).Failure);
        server.Stop();
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.IsType<Failure.Unavailable>((await Write(store, "meanwhile")).Failure);
        server.Start();
        Assert.Null((await Write(store, "after").WaitAsync(TimeSpan.FromSeconds(20), Ct)).Failure);
    }

    [Fact]
    public void Is_told_as_unreachable_when_its_name_is_not_known() =>
        Assert.IsType<Failure.Unavailable>(PostgresStore.Open("Host=nowhere.invalid;Username=u", new(SearchCatalog.R4, TimeProvider.System)).Failure);

    [Fact]
    public async Task Keeps_two_processes_apart_also_where_transactions_see_one_state_throughout()
    {
        PostgresServer.Require();
        using var home = new SchemaHome(PostgresServer.Shared);
        var repeatable = home.ConnectionString + ";Options=-c default_transaction_isolation=serializable";
        await using var one = PostgresStore.Open(repeatable, new(SearchCatalog.R4, TimeProvider.System)).Value;
        await using var other = PostgresStore.Open(repeatable, new(SearchCatalog.R4, TimeProvider.System)).Value;
        var commits = await Task.WhenAll(Enumerable.Range(0, 40).Select(n => Write(n % 2 == 0 ? one : other, $"c{n}")));
        Assert.All(commits, commit => Assert.Null(commit.Failure));
    }

    private static Task<Outcome<Commit>> Write(SqlStore store, string name) => store.Commit(TempStore.Operator,
        [.. Enumerable.Range(0, EachOf).Select(i => Change.Update(ResourceId.Of($"{name}-{i}"), TempStore.Parse($$"""{"resourceType":"Basic","id":"{{name}}-{{i}}","code":{"coding":[{"code":"{{name}}"}]} }""")))], null, Ct);

    private static async Task EachIsWholeOrAbsent(SqlStore store, int sent, ConcurrentDictionary<string, long> answered, int index)
    {
        // Every second one for each store: both see the same.
        foreach (var name in Enumerable.Range(1, sent).Where(n => n % 2 == index).Select(n => $"c{n}"))
        {
            var query = SearchQuery.Parse("Basic", $"code={name}", store.Catalog).Value;
            var found = (await store.Search(TempStore.Operator, query, null, Ct)).Value.Matches.Length;
            Assert.True(found is EachOf or 0, $"{name} is there by {found} of {EachOf}.");
            Assert.True(found == EachOf || !answered.ContainsKey(name), $"{name} was answered and is gone.");
        }
    }
}
