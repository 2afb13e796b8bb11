using Personalize.Fhir.Primitives;
using Personalize.Store.Sql;

namespace Personalize.Store.Sqlite;

/// <summary>The one connection that writes to the file; every row is written at once.</summary>
internal sealed class SqliteWriting(SqliteSession session) : WritingSession
{
    private bool _isMarked;

    public override Dialect Dialect => session.Dialect;

    public override bool IsShared => false;

    public override Rows Query(string sql, params ReadOnlySpan<SqlValue> values) => session.Query(sql, values);

    public override void Begin() => session.Run("BEGIN IMMEDIATE");

    public override void Commit(long? t)
    {
        session.Run("COMMIT");
        _isMarked = false;
    }

    public override void Undo()
    {
        _isMarked = false;
        if (!session.InAutocommit)
            session.Run("ROLLBACK");
    }

    public override void Insert(Table table, params ReadOnlySpan<SqlValue> row) => session.Run(table.Insert, row);

    public override void Delete(Table table, params ReadOnlySpan<SqlValue> row) => session.Run(table.Delete, row);

    public override void Change(string sql, params ReadOnlySpan<SqlValue> values) => session.Run(sql, values);

    public override void Flush()
    {
        // Nothing was kept back.
    }

    public override void Mark(bool reads)
    {
        if (_isMarked)
            session.Run("RELEASE one");
        session.Run("SAVEPOINT one");
        _isMarked = true;
    }

    public override void BackToMark() => session.Run("ROLLBACK TO one");

    public override Failure? Unreachable(Exception fault) => null;

    public override void Dispose() => session.Dispose();
}
