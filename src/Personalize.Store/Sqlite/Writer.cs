using System.Threading.Channels;
using Personalize.Fhir.Primitives;

namespace Personalize.Store.Sqlite;

/// <summary>The one writer: takes what waits, commits it in one transaction of the file, then answers all. Each commit is a savepoint, so that one that fails leaves no trace.</summary>
internal sealed class Writer
{
    /// <summary>So many changes go into one transaction of the file, so that nobody waits long.</summary>
    private const int MaxChanges = 4000;

    private readonly Channel<Request> _queue = Channel.CreateBounded<Request>(new BoundedChannelOptions(1024) { SingleReader = true });
    private readonly Session _session;
    private readonly WriterNumbers _numbers;
    private readonly RowWriter _rows;
    private readonly SearchReader _reader;
    private readonly Sweep _sweep;
    private readonly SqliteOptions _options;
    private readonly Action<long> _committed;
    private readonly Task _loop;
    private long _t;
    private DateTimeOffset _last;

    public Writer(Session session, Numbers numbers, SearchReader reader, SqliteOptions options, long t, Action<long> committed)
    {
        (_session, _numbers, _reader, _options) = (session, new(session, numbers), reader, options);
        _rows = new(session, _numbers, options.Catalog);
        _sweep = new(session, _numbers, _rows);
        (_t, _committed) = (t, committed);
        _last = DateTimeOffset.FromUnixTimeMilliseconds(session.Number("SELECT updated FROM res ORDER BY rid DESC LIMIT 1") ?? 0);
        _loop = Task.Factory.StartNew(Loop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Queues a commit and waits for its answer.</summary>
    public async Task<Outcome<Commit>> Commit(Request request, CancellationToken ct)
    {
        await _queue.Writer.WriteAsync(request, ct);
        return await request.Answered.WaitAsync(ct);
    }

    /// <summary>Finishes what waits, then stops.</summary>
    public async Task Stop()
    {
        _queue.Writer.TryComplete();
        await _loop;
    }

    private void Loop()
    {
        var batch = new List<Request>();
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            var changes = 0;
            while (changes < MaxChanges && _queue.Reader.TryRead(out var request))
            {
                batch.Add(request);
                changes += request.Changes.Count;
            }
            Run(batch);
            SweepWhileIdle();
        }
    }

    /// <summary>What is closed comes from writes, so after writes is when to look; what waits goes first.</summary>
    private void SweepWhileIdle()
    {
        try
        {
            while (_queue.Reader.Count == 0 && _sweep.Run(_options.Clock.GetUtcNow() - _options.LookBack))
            {
            }
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // The rows stay until the next time; a file that is at fault says so to those who write.
            Undo();
        }
    }

    /// <summary>A fault, of the file or of our own, reaches all who wait for this transaction; the writer goes on with the next, or nobody could write again.</summary>
    private void Run(List<Request> batch)
    {
        try
        {
            foreach (var (request, outcome) in Write(batch))
                request.Answer(outcome);
        }
        catch (Exception exception)
        {
            Undo();
            batch.ForEach(request => request.Break(exception));
        }
    }

    private List<(Request, Outcome<Commit>)> Write(List<Request> batch)
    {
        var (t, answers) = (_t, new List<(Request, Outcome<Commit>)>(batch.Count));
        _session.Run("BEGIN IMMEDIATE");
        foreach (var request in batch)
        {
            var outcome = WriteOne(request, t + 1);
            t = outcome.Failure is null ? outcome.Value.T : t;
            answers.Add((request, outcome));
        }
        _session.Run("COMMIT");
        _numbers.Keep();
        _t = t;
        _committed(t);
        return answers;
    }

    private Outcome<Commit> WriteOne(Request request, long t)
    {
        _session.Run("SAVEPOINT one");
        var outcome = new CommitWork(_session, _numbers, _rows, _reader, _options.Catalog, request, t, Now()).Apply();
        if (outcome.Failure is not null)
        {
            _session.Run("ROLLBACK TO one");
            _numbers.Forget();
        }
        _session.Run("RELEASE one");
        return outcome;
    }

    /// <summary>To the millisecond, and never before what was written last: history is in the order of time.</summary>
    private DateTimeOffset Now()
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(_options.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        return _last = now > _last ? now : _last;
    }

    private void Undo()
    {
        _numbers.Forget();
        if (!_session.InAutocommit)
            _session.Run("ROLLBACK");
    }
}
