namespace Personalize.Store.Sql;

/// <summary>Those who wait for the next commit.</summary>
internal sealed class Waiters
{
    private TaskCompletionSource _next = New();

    /// <summary>Ends when what is asked for is beyond t.</summary>
    public async Task Wait(long t, Func<long> now, CancellationToken ct)
    {
        while (true)
        {
            // Taken before looking: a commit in between wakes this one.
            var next = Volatile.Read(ref _next);
            if (now() > t)
                return;
            await next.Task.WaitAsync(ct);
        }
    }

    public void Wake() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
