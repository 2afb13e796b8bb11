using System.Collections.Concurrent;

namespace Personalize.App.Launch;

/// <summary>The launches that are open, in memory: an end of the process ends them all, and the chart launches again.</summary>
internal sealed class LaunchSessions(TimeProvider time)
{
    private const int Most = 5_000;
    private static readonly TimeSpan _idle = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, LaunchSession> _open = new(StringComparer.Ordinal);

    /// <summary>Opens a launch. When there are too many, the one that was unused for the longest time ends.</summary>
    public void Open(LaunchSession session)
    {
        foreach (var ended in _open.Values.Where(Ended))
            Close(ended.Id);
        if (_open.Count >= Most)
            Close(_open.Values.MinBy(s => s.Used)!.Id);
        session.Used = time.GetUtcNow();
        _open[session.Id] = session;
    }

    /// <summary>The open launch of that name; null when it ended or never was.</summary>
    public LaunchSession? Find(string id)
    {
        if (!_open.TryGetValue(id, out var session))
            return null;
        if (Ended(session))
        {
            Close(id);
            return null;
        }
        session.Used = time.GetUtcNow();
        return session;
    }

    /// <summary>Ends a launch.</summary>
    public void Close(string id) => _open.TryRemove(id, out _);

    private bool Ended(LaunchSession session)
    {
        var now = time.GetUtcNow();
        return now - session.Used > _idle || session.Tokens.Ends <= now;
    }
}
