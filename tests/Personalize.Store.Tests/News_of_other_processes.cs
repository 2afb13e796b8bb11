using Npgsql;
using Personalize.Store.Postgres;

namespace Personalize.Store.Tests;

public sealed class News_of_other_processes
{
    private static readonly TimeSpan _long = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Come_again_after_a_fault_of_any_kind()
    {
        await using var store = new TempStore(Engine.Postgres);
        var (tries, heard) = (0, new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var news = new PostgresNews(Connect, t => heard.TrySetResult(t), _ => { });
        await store.Put("""{"resourceType":"Patient","id":"a"}""");
        Assert.Equal(1, await heard.Task.WaitAsync(_long, TempStore.Ct));
        Assert.Equal(2, tries);
        Assert.InRange(news.Silence, TimeSpan.Zero, _long);

        NpgsqlConnection Connect()
        {
            if (++tries == 1)
                throw new InvalidOperationException("A fault of our own.");
            var connection = new NpgsqlConnection(((SchemaHome)store.Home).ConnectionString);
            connection.Open();
            return connection;
        }
    }

    [Fact]
    public async Task Come_again_when_who_hears_them_fails()
    {
        await using var store = new TempStore(Engine.Postgres);
        var (times, heard) = (0, new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
        await store.Put("""{"resourceType":"Patient","id":"a"}""");
        await using var news = new PostgresNews(Connect, Hear, _ => { });
        Assert.Equal(1, await heard.Task.WaitAsync(_long, TempStore.Ct));

        void Hear(long t)
        {
            if (++times == 1)
                throw new InvalidOperationException("A fault of our own.");
            heard.TrySetResult(t);
        }

        NpgsqlConnection Connect()
        {
            var connection = new NpgsqlConnection(((SchemaHome)store.Home).ConnectionString);
            connection.Open();
            return connection;
        }
    }

    [Fact]
    public async Task Tell_by_their_silence_that_they_cannot_come()
    {
        await using var store = new TempStore(Engine.Postgres);
        await using var news = new PostgresNews(() => throw new InvalidOperationException("A fault of our own."), _ => { }, _ => { });
        await Task.Delay(TimeSpan.FromSeconds(3), TempStore.Ct);
        Assert.InRange(news.Silence, TimeSpan.FromSeconds(2.5), _long);
        Assert.InRange(store.Store.Silence, TimeSpan.Zero, TimeSpan.FromSeconds(2.4));
    }
}
