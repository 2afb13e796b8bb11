using System.Collections.Concurrent;

namespace Personalize.Store.Sqlite;

/// <summary>Read-only sessions, reused.</summary>
internal sealed class Readers(string file) : IDisposable
{
    private const int MaxIdle = 16;
    private readonly ConcurrentBag<Session> _idle = [];
    private volatile bool _isClosed;

    /// <summary>Reads inside one transaction of the file, so that all statements see the same commits.</summary>
    public T Read<T>(Func<Session, T> read)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        var session = _idle.TryTake(out var idle) ? idle : Session.Open(file, false);
        try
        {
            session.Run("BEGIN");
            return read(session);
        }
        finally
        {
            session.Run("COMMIT");
            GiveBack(session);
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        while (_idle.TryTake(out var session))
            session.Dispose();
    }

    private void GiveBack(Session session)
    {
        if (_isClosed || _idle.Count >= MaxIdle)
            session.Dispose();
        else
            _idle.Add(session);
    }
}
