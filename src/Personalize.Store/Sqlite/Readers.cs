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
            GiveBack(session);
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        while (_idle.TryTake(out var session))
            session.Dispose();
    }

    /// <summary>Ends the transaction, unless a fault ended it; a session that cannot is not lent again, and the fault that came first is the one that is told.</summary>
    private static bool IsFree(SqliteSession session)
    {
        try
        {
            if (!session.InAutocommit)
                session.Run("COMMIT");
            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    private void GiveBack(SqliteSession session)
    {
        if (_isClosed || _idle.Count >= MaxIdle || !IsFree(session))
            session.Dispose();
        else
            _idle.Add(session);
    }
}
