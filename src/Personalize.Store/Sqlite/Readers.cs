using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Personalize.Store.Sql;

namespace Personalize.Store.Sqlite;

/// <summary>Read-only sessions, reused.</summary>
internal sealed class Readers(string file) : IDisposable
{
    private const int MaxIdle = 16;
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private volatile bool _isClosed;

    /// <summary>Reads inside one transaction of the file, so that all statements see the same commits. Breaks off in the middle of a statement with <see cref="OperationCanceledException"/> when nobody waits any more.</summary>
    public T Read<T>(Func<Session, T> read, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_isClosed, this);
        var session = _idle.TryTake(out var idle) ? idle : SqliteSession.Open(file, false);
        try
        {
            session.Run("BEGIN");
            session.Stop = ct;
            return read(session);
        }
        catch (SqliteException) when (ct.IsCancellationRequested)
        {
            throw new OperationCanceledException(ct);
        }
        finally
        {
            session.Stop = CancellationToken.None;
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

    private void GiveBack(SqliteSession session)
    {
        if (_isClosed || _idle.Count >= MaxIdle)
            session.Dispose();
        else
            _idle.Add(session);
    }
}
