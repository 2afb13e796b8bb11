using System.Collections.Concurrent;
using System.Collections.Immutable;
using Personalize.Engine.Content;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Store;

namespace Personalize.Server.Flow;

/// <summary>The flow: after every commit the touched patients are worked out anew and what came of it is written back through the same intake, until all is at rest; each night everybody.</summary>
/// <remarks>A patient's wish is written whole or not at all, each resource guarded by the version that it was made from: who changes something meanwhile loses nothing, the patient is worked out again.</remarks>
public sealed class Personalizer : BackgroundService
{
    private const string FeedReader = "personalize";
    private const string NightReader = "personalize-night";
    private const int FeedEntries = 2_000;
    private const int BatchSize = 50;
    private const int Attempts = 5;

    private readonly IResourceStore _store;
    private readonly Intake _intake;
    private readonly TimeProvider _time;
    private readonly Nights _nights;
    private readonly ILogger<Personalizer> _log;
    private readonly IReadOnlyList<Resource> _content;
    private readonly PatientWork _work;
    private readonly Retries _retries = new();
    private readonly ConcurrentDictionary<string, bool> _faultsTold = new();
    private readonly StoredKnowledge _knowledge;
    private readonly FeedLag _lag;
    private readonly System.Diagnostics.Metrics.Meter _meter;
    private volatile TaskCompletionSource _progress = NewProgress();
    private long _cursor;
    private int _busy = 1;

    /// <summary>The flow over a store.</summary>
    /// <param name="store">Where the records are.</param>
    /// <param name="intake">The one way in.</param>
    /// <param name="content">The content that comes with the program.</param>
    /// <param name="knowledge">What is known; kept fresh here.</param>
    /// <param name="time">The clock.</param>
    /// <param name="nights">The practice's nights.</param>
    /// <param name="log">Where it tells what went wrong, never with content.</param>
    public Personalizer(IResourceStore store, Intake intake, IReadOnlyList<Resource> content, StoredKnowledge knowledge, TimeProvider time, Nights nights, ILogger<Personalizer> log)
    {
        (_store, _intake, _content, _time, _log) = (store, intake, content, time, log);
        (_knowledge, _nights, _work) = (knowledge, nights, new PatientWork(store));
        (_lag, _meter) = (new(time.GetUtcNow()), FlowMeters.Watch(this));
    }

    /// <summary>How far it is behind the store, and how old the oldest commit is that it has not worked out, at most.</summary>
    public (long Commits, TimeSpan Age) Lag => (_lag.Commits(_store.T), _lag.Age(_store.T, _time.GetUtcNow()));

    /// <inheritdoc/>
    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    /// <summary>Ends when everything that was committed so far is worked out and written back. Patients whose turn failed are not waited for.</summary>
    public async Task AtRest(CancellationToken ct)
    {
        while (true)
        {
            var progress = _progress;
            if (Volatile.Read(ref _busy) == 0 && Interlocked.Read(ref _cursor) >= _store.T)
                return;
            await progress.Task.WaitAsync(ct);
        }
    }

    /// <summary>Stores the content before the first request is served. An <see cref="InvalidDataException"/> when the content that comes with the program is bad.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!(await ContentLoader.Load(_content, _store, _intake, cancellationToken)).TryGet(out _, out var failure))
            throw new InvalidDataException($"The content cannot be stored: {Places(failure)}");
        if (!(await _knowledge.Refresh(cancellationToken)).TryGet(out _, out failure))
            Log.BadContent(_log, Places(failure));
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _cursor = await _store.Cursor(FeedReader, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Turn(stoppingToken);
                Progress(busy: 0);
                await Wake(stoppingToken);
                Volatile.Write(ref _busy, 1);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // The feed loop must outlive whatever one turn meets; the turn is taken again after a while.
                Log.TurnFailed(_log, fault.GetType().Name, fault.TargetSite?.Name);
                await Task.Delay(Retries.First, _time, stoppingToken);
            }
        }
    }

    private async Task Turn(CancellationToken ct)
    {
        await CatchUp(ct);
        await Work(_retries.Due(_time.GetUtcNow()), null, ct);
        if (await NightIsDue(ct) is { } night)
            await Night(night, ct);
    }

    private async Task CatchUp(CancellationToken ct)
    {
        while (true)
        {
            var t = _store.T;
            if (await _store.Feed(_cursor, FeedEntries, ct) is { Count: > 0 } entries)
            {
                await Follow(entries, ct);
                continue;
            }
            // Commits of rows without resources show nothing in the feed: they are behind us all the same.
            Reached(Math.Max(_cursor, t));
            return;
        }
    }

    private async Task Follow(IReadOnlyList<FeedEntry> entries, CancellationToken ct)
    {
        var everybody = entries.Any(entry => Knowledge.IsContentType(entry.Key.Type)) && await RefreshKnowledge(ct);
        var touched = everybody ? await StoredSearch.Patients(_store, ct) : Touched(entries);
        await Work(touched, (FeedReader, entries[^1].T), ct);
        Reached(entries[^1].T);
        Progress(busy: 1);
    }

    private void Reached(long t)
    {
        Interlocked.Exchange(ref _cursor, t);
        _lag.Reached(t, _store.T, _time.GetUtcNow());
    }

    private static List<ResourceId> Touched(IEnumerable<FeedEntry> entries) =>
        [.. entries.Where(entry => !entry.IsEngine).SelectMany(entry => entry.Patients).Distinct()];

    private async Task<bool> RefreshKnowledge(CancellationToken ct)
    {
        if ((await _knowledge.Refresh(ct)).TryGet(out _, out var failure))
            return true;
        Log.BadContent(_log, Places(failure));
        return false;
    }

    /// <summary>Works out patients in batches; the last commit says how far the feed was read.</summary>
    private async Task Work(IReadOnlyList<ResourceId> patients, (string Reader, long T)? cursor, CancellationToken ct)
    {
        var batches = patients.Chunk(BatchSize).ToList();
        for (var index = 0; index < batches.Count; index++)
            await WorkBatch(batches[index], index == batches.Count - 1 ? cursor : null, ct);
    }

    private async Task WorkBatch(ResourceId[] patients, (string Reader, long T)? cursor, CancellationToken ct)
    {
        var wishes = new ConcurrentBag<PatientWish>();
        await Parallel.ForEachAsync(patients, ct, async (patient, stop) =>
        {
            if (await Decided(patient, stop) is { IsEmpty: false } wish)
                wishes.Add(wish);
        });
        // Nothing to write: how far the feed was read is said with the next wish; to read it again does no harm.
        if (wishes.IsEmpty)
            return;
        if ((await Write([.. wishes], cursor, ct)).Failure is null)
            _retries.Done(wishes.Select(wish => wish.Patient));
        else
            foreach (var wish in wishes)
                await WorkAlone(wish.Patient, ct);
    }

    /// <summary>One patient by itself, again while others change the record at the same time.</summary>
    private async Task WorkAlone(ResourceId patient, CancellationToken ct)
    {
        Failure? failure = null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await Decided(patient, ct) is not { IsEmpty: false } wish)
                return;
            failure = (await Write([wish], null, ct)).Failure;
            if (failure is not Failure.Stale)
                break;
        }
        if (failure is null)
        {
            _retries.Done([patient]);
            return;
        }
        Log.PatientFailed(_log, failure.GetType().Name, Places(failure));
        _retries.Add(patient, _time.GetUtcNow());
    }

    private async Task<PatientWish?> Decided(ResourceId patient, CancellationToken ct)
    {
        try
        {
            var wish = await _work.Decide(patient, _knowledge.Current, _nights.Local(_time.GetUtcNow()), ct);
            if (wish.IsEmpty)
                _retries.Done([patient]);
            FlowMeters.Decisions.Add(1, new KeyValuePair<string, object?>("outcome", wish.IsEmpty ? "same" : "changed"));
            foreach (var fault in wish.Faults.Where(fault => _faultsTold.TryAdd(fault, true)))
                Log.NotWorkedOut(_log, fault);
            return wish;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // One record that cannot be worked out must not keep the others waiting.
            FlowMeters.Decisions.Add(1, new KeyValuePair<string, object?>("outcome", "failed"));
            Log.PatientFailed(_log, fault.GetType().Name, fault.TargetSite?.Name ?? "");
            _retries.Add(patient, _time.GetUtcNow());
            return null;
        }
    }

    private Task<Outcome<Commit>> Write(ImmutableArray<PatientWish> wishes, (string Reader, long T)? cursor, CancellationToken ct) => _intake.Apply(
        Access.Engine, [.. wishes.SelectMany(wish => wish.Changes)], ct,
        new Derived([.. wishes.SelectMany(wish => wish.Memberships)], [.. wishes.Select(wish => wish.Facts).OfType<FactRow>()], cursor));

    private async Task<DateOnly?> NightIsDue(CancellationToken ct)
    {
        var due = _nights.LastDue(_time.GetUtcNow());
        return await _store.Cursor(NightReader, ct) < due.DayNumber ? due : null;
    }

    private async Task Night(DateOnly night, CancellationToken ct)
    {
        await Work(await StoredSearch.Patients(_store, ct), null, ct);
        // The reader's place is the number of the day: after a stop it shows whether a night was missed.
        await _intake.Apply(Access.Engine, [], ct, new Derived([], [], (NightReader, night.DayNumber)));
    }

    private async Task Wake(CancellationToken ct)
    {
        using var rest = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var now = _time.GetUtcNow();
        var due = new[] { _nights.Next(now), _retries.Next ?? DateTimeOffset.MaxValue }.Min();
        await Task.WhenAny(_store.WaitBeyond(_cursor, rest.Token), Task.Delay(due > now ? due - now : TimeSpan.Zero, _time, rest.Token));
        await rest.CancelAsync();
        ct.ThrowIfCancellationRequested();
    }

    private void Progress(int busy)
    {
        Volatile.Write(ref _busy, busy);
        var reached = _progress;
        _progress = NewProgress();
        reached.TrySetResult();
    }

    private static TaskCompletionSource NewProgress() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static string Places(Failure failure) => string.Join("; ", failure.Issues.Take(5).Select(issue => $"{issue.Expression} {issue.Text}"));
}
