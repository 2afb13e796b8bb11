namespace Personalize.Server.Flow;

/// <summary>How far the flow is behind the store: in commits, and in the age of the oldest commit that it has not worked out, at most. For one reader; may be asked from anywhere.</summary>
internal sealed class FeedLag
{
    private readonly Lock _lock = new();
    private DateTimeOffset _level;
    private (long T, DateTimeOffset At) _mark;
    private long _cursor;

    /// <summary>Nothing is late at the start.</summary>
    public FeedLag(DateTimeOffset now) => (_level, _mark) = (now, (0, now));

    /// <summary>The reader has come so far, when the store's last commit was this.</summary>
    public void Reached(long cursor, long last, DateTimeOffset now)
    {
        lock (_lock)
        {
            _cursor = cursor;
            // Everything that was there when the mark was set is done: so long ago, at most, it was level.
            if (cursor >= _mark.T)
                (_level, _mark) = (_mark.At, (last, now));
            if (cursor >= last)
                _level = now;
        }
    }

    /// <summary>Commits that are not worked out.</summary>
    public long Commits(long last)
    {
        lock (_lock)
            return Math.Max(0, last - _cursor);
    }

    /// <summary>Zero when level, else how long ago it was so for certain.</summary>
    public TimeSpan Age(long last, DateTimeOffset now)
    {
        lock (_lock)
            return last <= _cursor ? TimeSpan.Zero : now - _level;
    }
}
