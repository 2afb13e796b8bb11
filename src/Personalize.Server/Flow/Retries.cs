using Personalize.Fhir.Primitives;

namespace Personalize.Server.Flow;

/// <summary>Patients whose turn failed: tried again after a minute, then after twice as long each time, up to an hour.</summary>
internal sealed class Retries
{
    /// <summary>The first wait.</summary>
    public static readonly TimeSpan First = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan _longest = TimeSpan.FromHours(1);
    private readonly Dictionary<ResourceId, (DateTimeOffset Due, TimeSpan Wait)> _waiting = [];
    private readonly Lock _gate = new();

    /// <summary>When the next one is due; null when none waits.</summary>
    public DateTimeOffset? Next
    {
        get
        {
            lock (_gate)
                return _waiting.Count == 0 ? null : _waiting.Values.Min(item => item.Due);
        }
    }

    /// <summary>Puts a patient off.</summary>
    public void Add(ResourceId patient, DateTimeOffset now)
    {
        lock (_gate)
        {
            var wait = _waiting.TryGetValue(patient, out var before) ? Shorter(before.Wait * 2, _longest) : First;
            _waiting[patient] = (now + wait, wait);
        }
    }

    /// <summary>Their turn came off.</summary>
    public void Done(IEnumerable<ResourceId> patients)
    {
        lock (_gate)
            foreach (var patient in patients)
                _waiting.Remove(patient);
    }

    /// <summary>Those whose time has come.</summary>
    public IReadOnlyList<ResourceId> Due(DateTimeOffset now)
    {
        lock (_gate)
            return [.. _waiting.Where(item => item.Value.Due <= now).Select(item => item.Key)];
    }

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
