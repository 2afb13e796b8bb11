using System.Collections.Concurrent;

namespace Personalize.App.Launch;

/// <summary>A launch that waits for the EHR's answer.</summary>
internal sealed record PendingLaunch(Ehr Ehr, string Verifier, string Nonce, byte[] UserAgent, DateTimeOffset Until);

/// <summary>The launches under way, by their <c>state</c>: each can be taken once, for ten minutes.</summary>
internal sealed class PendingLaunches(TimeProvider time)
{
    private const int Most = 10_000;
    private static readonly TimeSpan _life = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<string, PendingLaunch> _pending = new(StringComparer.Ordinal);

    /// <summary>Remembers a launch and gives its state; null when there are too many under way.</summary>
    public string? Add(Ehr ehr, string verifier, string nonce, byte[] userAgent)
    {
        Forget();
        if (_pending.Count >= Most)
            return null;
        var state = UserAgentKey.NewSecret(32);
        _pending[state] = new PendingLaunch(ehr, verifier, nonce, userAgent, time.GetUtcNow() + _life);
        return state;
    }

    /// <summary>The launch of that state, which is used up by asking.</summary>
    public PendingLaunch? Take(string state) =>
        _pending.TryRemove(state, out var pending) && pending.Until > time.GetUtcNow() ? pending : null;

    private void Forget()
    {
        var now = time.GetUtcNow();
        foreach (var (state, pending) in _pending)
            if (pending.Until <= now)
                _pending.TryRemove(state, out _);
    }
}
