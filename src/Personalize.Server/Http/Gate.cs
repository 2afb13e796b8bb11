using Personalize.Fhir.Primitives;

namespace Personalize.Server.Http;

/// <summary>Counts the requests that are in work, so that one caller cannot take the place of all others, and a flood is told to come back instead of being kept waiting. Safe for concurrent use.</summary>
/// <param name="most">Requests in work at once.</param>
/// <param name="mostOfOne">Requests of one caller among them.</param>
public sealed class Gate(int most, int mostOfOne)
{
    private readonly Dictionary<string, int> _callers = [];
    private int _all;

    /// <summary>How many requests are in work now.</summary>
    public int InWork
    {
        get
        {
            lock (_callers)
                return _all;
        }
    }

    /// <summary>A place, to be disposed when the work is done. Fails with <see cref="Failure.TooMany"/> (429) when this caller has too many, and with <see cref="Failure.Unavailable"/> (503) when all have.</summary>
    public Outcome<IDisposable> Enter(string caller)
    {
        lock (_callers)
        {
            var own = _callers.GetValueOrDefault(caller);
            if (own >= mostOfOne)
                return new Failure.TooMany($"More than {mostOfOne} requests of one caller are in work.");
            if (_all >= most)
                return new Failure.Unavailable($"More than {most} requests are in work.");
            (_callers[caller], _all) = (own + 1, _all + 1);
            return new Place(this, caller);
        }
    }

    private void Leave(string caller)
    {
        lock (_callers)
        {
            _all--;
            if (--_callers[caller] == 0)
                _callers.Remove(caller);
        }
    }

    private sealed class Place(Gate gate, string caller) : IDisposable
    {
        private Gate? _gate = gate;

        public void Dispose() => Interlocked.Exchange(ref _gate, null)?.Leave(caller);
    }
}
