using System.Threading.Channels;
using Personalize.Benchmarks.Raw;

namespace Personalize.Benchmarks.Http;

/// <summary>Three ways to make a create durable, each with its one writer: what is sent to them is answered when it is on the disk.</summary>
internal sealed class RawCommits : IDisposable
{
    /// <summary>Index rows that wait for so many resources are sorted and begin to be merged.</summary>
    private const int Run = 20_000;

    /// <summary>So many of them ride on each commit.</summary>
    private const int Slice = 2_000;

    private readonly Channel<(RawRows Rows, TaskCompletionSource Done)> _queue = Channel.CreateUnbounded<(RawRows, TaskCompletionSource)>(new() { SingleReader = true });
    private readonly IDisposable _file;
    private readonly Thread _loop;

    private RawCommits(IDisposable file, Action<List<RawRows>> commit)
    {
        _file = file;
        _loop = new Thread(() => Loop(commit));
        _loop.Start();
    }

    /// <summary>One commit a request, with all its index rows.</summary>
    public static RawCommits One(RawStore store) => new(store, waiting => waiting.ForEach(store.WriteAtOnce)) { MostAtOnce = 1 };

    /// <summary>Bytes appended to a file, one fsync for all that wait.</summary>
    public static RawCommits Log(FileStream file) => new(file, waiting =>
    {
        foreach (var resource in waiting.SelectMany(rows => rows.Resources))
            file.Write(resource.Json);
        file.Flush(true);
    });

    /// <summary>Rows of resources in one commit for all that wait; index rows are kept in memory, sorted in the background and merged in slices by later commits.</summary>
    public static RawCommits Sliced(RawStore store, RawCatalog catalog)
    {
        var (delta, sorted, merge) = (new RawRows(catalog), Task.FromResult<RawRows?>(null), new RawMerge(store));
        return new(store, waiting =>
        {
            store.InOne(() =>
            {
                waiting.ForEach(rows => store.Write(rows.Resources));
                merge.Next(Slice);
            });
            waiting.ForEach(delta.AddIndex);
            if (merge.IsDone && sorted is { IsCompletedSuccessfully: true, Result: { } ready })
                (merge, sorted) = (new(store, ready), Task.FromResult<RawRows?>(null));
            else if (merge.IsDone && delta.Ids.Count >= Run && sorted is { IsCompletedSuccessfully: true, Result: null })
                (sorted, delta) = (Sorted(delta), new RawRows(catalog));
        });
    }

    private int MostAtOnce { get; init; } = int.MaxValue;

    public Task Commit(RawRows rows)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Writer.TryWrite((rows, done));
        return done.Task;
    }

    public void Dispose()
    {
        _queue.Writer.Complete();
        _loop.Join();
        _file.Dispose();
    }

    private static Task<RawRows?> Sorted(RawRows rows) => Task.Run<RawRows?>(() =>
    {
        RawStore.Sort(rows);
        return rows;
    });

    private void Loop(Action<List<RawRows>> commit)
    {
        var (rows, answers) = (new List<RawRows>(), new List<TaskCompletionSource>());
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (rows.Count < MostAtOnce && _queue.Reader.TryRead(out var next))
            {
                rows.Add(next.Rows);
                answers.Add(next.Done);
            }
            commit(rows);
            answers.ForEach(answer => answer.SetResult());
            rows.Clear();
            answers.Clear();
        }
    }
}

/// <summary>Sorted index rows on their way into the tables.</summary>
internal sealed class RawMerge(RawStore store, RawRows? rows = null)
{
    private int _table, _from;

    public bool IsDone => rows is null || _table == store.TableCount;

    /// <summary>Inserts the next ones, in the caller's transaction.</summary>
    public void Next(int most)
    {
        while (!IsDone && most > 0)
        {
            var count = store.Merge(rows!, _table, _from, most);
            (_table, _from) = count < most ? (_table + 1, 0) : (_table, _from + count);
            most -= count;
        }
    }
}
