using System.Collections.Concurrent;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Store.Sql;

namespace Personalize.Store.Tests;

/// <summary>PostgreSQL, with everything forced to disk, crashes or stops again and again while two processes' stores write to it.</summary>
public sealed class A_database_that_stops_under_load(ITestOutputHelper output)
{
    private const int Stops = 6;
    private const int EachOf = 5;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
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
            while (answered.Count < before + 40)
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
