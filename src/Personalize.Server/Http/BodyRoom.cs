using Personalize.Fhir.Primitives;

namespace Personalize.Server.Http;

/// <summary>How many bytes of request bodies may be in memory at once, those of all requests together. Safe for concurrent use.</summary>
/// <param name="most">The bytes.</param>
public sealed class BodyRoom(long most)
{
    private long _taken;

    /// <summary>The bytes that are taken now.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>What one request takes; to be disposed when its body is no longer needed.</summary>
    public Share Enter() => new(this);

    /// <summary>The bytes that one request has taken.</summary>
    /// <param name="room">Of what.</param>
    public sealed class Share(BodyRoom room) : IDisposable
    {
        private long _bytes;

        /// <summary>Takes more; a failure (503) when there is no more room, which others soon leave.</summary>
        public Failure? Take(long bytes)
        {
            if (Interlocked.Add(ref room._taken, bytes) > room.Most)
            {
                Interlocked.Add(ref room._taken, -bytes);
                return new Failure.Unavailable("The bodies of the requests that are in work take all the room that there is.");
            }
            _bytes += bytes;
            return null;
        }

        /// <summary>Gives all of it back.</summary>
        public void Dispose()
        {
            Interlocked.Add(ref room._taken, -_bytes);
            _bytes = 0;
        }
    }

    private long Most => most;
}
