using System.Threading.Channels;
using Personalize.Fhir.Primitives;

namespace Personalize.Store.Sql;

/// <summary>The one writer of a process: takes what waits, commits it in one transaction of the database, then answers all. A commit that fails leaves no trace in it.</summary>
internal sealed class Writer
{
    /// <summary>So many changes go into one transaction, so that nobody waits long.</summary>
    private const int MaxChanges = 4000;

    /// <summary>While somebody searches, so many index rows wait at most: then a search does not wait long for them.</summary>
    private const int MostWaiting = 5_000;

    private const int SearchedLately = 1_000; // ms

    private static readonly TimeSpan _betweenSweeps = TimeSpan.FromMinutes(1);

    /// <summary>So long after a search parameter went its rows go: searches that began before have ended.</summary>
    private static readonly TimeSpan _retired = TimeSpan.FromMinutes(10);

    /// <summary>While others write, the slices of the indexing are so much smaller: a commit waits for one at most.</summary>
    private const int Beside = 4;

    private const int WrittenLately = 200; // ms

    /// <summary>So long indexing waits after a fault, and for another process that does it.</summary>
    private static readonly TimeSpan _betweenTries = TimeSpan.FromSeconds(1);

    private readonly Channel<Request> _queue = Channel.CreateBounded<Request>(new BoundedChannelOptions(1024) { SingleReader = true });
    private readonly WritingSession _session;
    private readonly WriterNumbers _numbers;
    private readonly CurrentVersions _versions;
    private readonly RowWriter _rows;
    private readonly Drafting _drafting;
    private readonly SearchReader _reader;
    private readonly Sweep _sweep;
    private readonly LiveCatalog _live;
    private readonly ParameterTable _parameters;
    private readonly Indexing _indexing;
    private readonly RetiredRows _retiredRows;
    private readonly StoreOptions _options;
    private readonly Action<long> _committed;
    private readonly Task _loop;
    private Counters? _counters;
    private DateTimeOffset _nextSweep;
    private long _t, _indexed;
    private long _searched = long.MinValue / 2;
    private bool _indexes;
    private long _wrote;
    private long _nextTry;

    public Writer(WritingSession session, LiveCatalog live, SearchReader reader, StoreOptions options, Counters counters, Action<long> committed)
    {
        (_session, _live, _numbers, _reader, _options) = (session, live, new(session, live.Numbers), reader, options);
        (_versions, _rows, _drafting) = (new(session, _numbers), new(session, _numbers, live), new(session.Pack));
        (_sweep, _retiredRows) = (new(session, _rows), new(session));
        (_parameters, _indexing) = (new(session, options.Catalog), new(session, live, _rows));
        (_counters, _committed, _t, _indexed) = (counters, committed, counters.T, counters.T);
        _loop = Task.Factory.StartNew(Loop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Makes a commit ready in the thread of who asks, queues it and waits for its answer.</summary>
    public Task<Outcome<Commit>> Commit(Access access, IReadOnlyList<Change> changes, Derived? derived, CancellationToken ct) =>
        Commit(new Request(access, [.. changes.Select(change => _drafting.With(change, _live.Value))], derived), ct);

    /// <summary>Queues a commit and waits for its answer.</summary>
    public async Task<Outcome<Commit>> Commit(Request request, CancellationToken ct)
    {
        await _queue.Writer.WriteAsync(request, ct);
        return await request.Answered.WaitAsync(ct);
    }

    /// <summary>Ends when all index rows of the commits up to t are in the database; a failure when they cannot be written.</summary>
    public async ValueTask<Failure?> Indexed(long t, CancellationToken ct)
    {
        Volatile.Write(ref _searched, Environment.TickCount64);
        var isBehind = !_session.IsShared && Volatile.Read(ref _indexed) < t;
        return isBehind && (await Commit(Request.ForIndex(), ct)).Failure is not null
            ? new Failure.Unavailable("The index of what was written last cannot be completed now, so the answer would not be whole.") : null;
    }

    /// <summary>Learns soon what other processes changed of the search parameters.</summary>
    public void Learn()
    {
        // When there is no room commits wait, and each of them learns it.
        _ = _queue.Writer.TryWrite(Request.Nothing());
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
        while (IsMore())
        {
            batch.Clear();
            var changes = 0;
            while (changes < MaxChanges && _queue.Reader.TryRead(out var request))
            {
                batch.Add(request);
                changes += request.Changes.Count;
            }
            Run(batch);
            _wrote = Environment.TickCount64;
            if (_live.IsComing)
                _ = WhileIdle(() => Index() && false);
            SweepWhileIdle(_options.Clock.GetUtcNow());
        }
        WhileIdle(() => _session.MergeSome(all: true));
    }

    /// <summary>Waits for the next commit; false when there will be none. Index rows that wait are written when none comes for a while.</summary>
    private bool IsMore()
    {
        var more = _queue.Reader.WaitToReadAsync().AsTask();
        if (_session.Waiting > 0 && !more.Wait(_options.IndexRest))
            WhileIdle(() => !more.IsCompleted && _session.MergeSome(all: false));
        NoteIndexed();
        IndexUntil(more);
        return more.GetAwaiter().GetResult();
    }

    /// <summary>Goes on with the indexing of search parameters that came, until somebody writes.</summary>
    private void IndexUntil(Task<bool> more)
    {
        while (_live.IsComing && !more.Wait(_options.IndexingRest))
        {
            var went = false;
            _ = WhileIdle(() => (went = Index()) && false);
            if (!went)
                _ = more.Wait(_betweenTries);
        }
        if (!_live.IsComing && _indexes)
            _ = WhileIdle(() =>
            {
                _session.LeaveIndexing();
                return _indexes = false;
            });
    }

    /// <summary>Indexes a slice, or looks now and then how far the process is that does it; false when it did not index.</summary>
    private bool Index()
    {
        var isQuiet = Environment.TickCount64 - _wrote > WrittenLately;
        if (!_indexes && Environment.TickCount64 < _nextTry)
            return false;
        _indexes = _session.TakeIndexing();
        if (!_indexes)
        {
            _nextTry = Environment.TickCount64 + (long)_betweenTries.TotalMilliseconds;
            _indexing.Look();
        }
        else if (_indexing.Step(Math.Max(1, isQuiet ? _options.IndexingSlice : _options.IndexingSlice / Beside), () => Begin(isUpkeep: true)))
        {
            _numbers.Keep();
            return true;
        }
        return false;
    }

    /// <summary>Works slice by slice. A fault, of the database or of our own, is counted, and what could not be done waits for the next time: the writer goes on, or nobody could write again.</summary>
    private bool WhileIdle(Func<bool> work)
    {
        try
        {
            while (work())
            {
            }
            return true;
        }
        catch (Exception fault)
        {
            StoreMeters.UpkeepFaults.Add(1, new KeyValuePair<string, object?>("fault", fault.GetType().Name));
            Undo();
            return false;
        }
    }

    private void NoteIndexed()
    {
        if (_session.Waiting == 0)
            Volatile.Write(ref _indexed, _t);
    }

    /// <summary>What is closed comes from writes, so after writes is when to look; what waits goes first.</summary>
    private void SweepWhileIdle(DateTimeOffset now)
    {
        if (now < _nextSweep)
            return;
        var isIdle = true;
        var isSound = WhileIdle(() => (isIdle = _queue.Reader.Count == 0) && (_sweep.Run(now - _options.LookBack, () => Begin()) || _retiredRows.Run(now - _retired, () => Begin(isUpkeep: true))));
        if (isIdle || !isSound)
            _nextSweep = now + _betweenSweeps;
    }

    /// <summary>A fault, of the database or of our own, reaches those whose commit it is; the writer goes on with the next, or nobody could write again.</summary>
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
            if (_session.Unreachable(exception) is { } failure)
                batch.ForEach(request => request.Answer(failure));
            else if (batch.Count > 1)
                batch.ForEach(request => Run([request]));
            else
                batch[0].Break(exception);
        }
    }

    private List<(Request, Outcome<Commit>)> Write(List<Request> batch)
    {
        if (batch.TrueForAll(request => request.IsForIndex))
            return Settled(batch);
        var answers = new List<(Request, Outcome<Commit>)>(batch.Count);
        var counters = Begin();
        if (_live.Refusal is { } refusal)
        {
            _session.Commit(null);
            return [.. batch.Select(request => (request, (Outcome<Commit>)refusal))];
        }
        var before = counters.T;
        _versions.Begin([.. batch.SelectMany(request => request.Changes).Select(change => change.Key)]);
        foreach (var request in batch)
            answers.Add((request, WriteOne(request, counters)));
        if (IsIndexWanted(batch))
            _session.Settle(counters.Rid);
        var renewed = answers.Exists(answer => ChangesParameters(answer.Item2)) ? Renewed(counters) : null;
        _session.Commit(counters.T > before ? counters.T : null);
        _numbers.Keep();
        if (renewed is not null)
            _live.Take(renewed);
        _t = counters.T;
        NoteIndexed();
        _committed(counters.T);
        return answers;
    }

    private static bool ChangesParameters(Outcome<Commit> outcome) =>
        outcome.Failure is null && outcome.Value.Changes.Any(c => c.Key.Type == "SearchParameter" && c.Kind is not (AppliedKind.Unchanged or AppliedKind.Matched));

    /// <summary>The search parameters as this transaction leaves them; null when they are as they were. What is new is indexed from the next transaction on, and looked for in what is there now.</summary>
    private CatalogState? Renewed(Counters counters)
    {
        _session.Flush();
        if (_parameters.Renew(counters.Rid, _options.Clock.GetUtcNow(), _ => false) is null)
            return null;
        _session.Flush();
        var renewed = _parameters.Read();
        counters.Catalog = renewed.Number;
        _session.Tell(renewed.Number);
        return renewed;
    }

    /// <summary>Nothing was asked for but the index.</summary>
    private List<(Request, Outcome<Commit>)> Settled(List<Request> batch)
    {
        _ = _session.MergeSome(all: true);
        NoteIndexed();
        return [.. batch.Select(request => (request, (Outcome<Commit>)new Commit(_t, [])))];
    }

    private Outcome<Commit> WriteOne(Request request, Counters counters)
    {
        var asks = Asks(request);
        if (asks)
            _session.Settle(counters.Rid);
        _session.Mark(reads: asks || ReadsAgain(request));
        var made = _numbers.Made;
        var outcome = new CommitWork(_session, _numbers, _versions, _rows, _drafting, _reader, _live.Value, request, counters.T + 1, Now(counters)).Apply();
        if (outcome.Failure is null)
        {
            counters.T = outcome.Value.T;
            return outcome;
        }
        _session.BackToMark();
        _numbers.Forget(made.Symbols, made.Resources);
        return outcome;
    }

    private bool IsIndexWanted(List<Request> batch) => _session.Waiting > 0
        && (batch.Exists(request => request.IsForIndex) || (_session.Waiting > MostWaiting && Environment.TickCount64 - Volatile.Read(ref _searched) < SearchedLately));

    /// <summary>True for a commit that searches.</summary>
    private static bool Asks(Request request) =>
        request.Changes.Any(change => change.IfNoneExist is not null || change.Where is not null || !change.References.IsDefaultOrEmpty);

    /// <summary>True for a commit that reads what was written before it in the same transaction, or by itself.</summary>
    private bool ReadsAgain(Request request) =>
        request.Changes.Select(change => change.Key).Distinct().Count() < request.Changes.Count
        || _versions.AnyWritten(request.Changes.Select(change => change.Key));

    /// <summary>Begins a transaction; what others wrote since the last one counts, and what they changed of the search parameters.</summary>
    private Counters Begin(bool isUpkeep = false)
    {
        if (isUpkeep)
            _session.BeginUpkeep();
        else
            _session.Begin();
        if (_counters is null || _session.IsShared)
            _counters = Counters.Read(_session);
        if (_counters.Catalog != _live.Number)
        {
            _live.Take(_parameters.Read());
            _counters.Catalog = _live.Number;
        }
        _numbers.Begin(_counters);
        return _counters;
    }

    /// <summary>To the millisecond, and never before what was written last: history is in the order of time.</summary>
    private DateTimeOffset Now(Counters counters)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(_options.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        return counters.Updated = now > counters.Updated ? now : counters.Updated;
    }

    private void Undo()
    {
        _counters = null;
        _numbers.Forget();
        _session.Undo();
    }
}
