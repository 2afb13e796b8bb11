using System.Text.Json;
using Microsoft.Data.Sqlite;
using Personalize.Store.Sql;
using SQLitePCL;

namespace Personalize.Store.Sqlite;

/// <summary>A prepared statement. Bound to one connection, used by one thread at a time; disposing it gives it back to the connection's cache.</summary>
internal sealed class Statement : Rows
{
    private readonly BlobReader _blobs;
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _handle;
    private readonly bool _isCached;

    public Statement(sqlite3 database, BlobReader blobs, string sql, bool isCached)
    {
        (_database, _blobs, _isCached) = (database, blobs, isCached);
        Check(raw.sqlite3_prepare_v2(database, sql, out _handle));
    }

    /// <summary>True from the time its values are bound until it is disposed.</summary>
    public bool IsBusy { get; private set; }

    public Statement Bind(params ReadOnlySpan<SqlValue> values)
    {
        IsBusy = true;
        for (var at = 0; at < values.Length; at++)
            Check(Bind(at + 1, values[at]));
        return this;
    }

    /// <summary>Goes to the next row; false when there is none.</summary>
    public override bool Step()
    {
        var code = raw.sqlite3_step(_handle);
        if (code is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
            Check(code);
        return code == raw.SQLITE_ROW;
    }

    public override bool IsNull(int column) => raw.sqlite3_column_type(_handle, column) == raw.SQLITE_NULL;

    public override long Int64(int column) => raw.sqlite3_column_int64(_handle, column);

    public override string Text(int column) => raw.sqlite3_column_text(_handle, column).utf8_to_string();

    public override byte[] Bytes(int column) => raw.sqlite3_column_blob(_handle, column).ToArray();

    public override byte[] Json(int column) => _blobs.Read(raw.sqlite3_column_blob(_handle, column));

    public override SqlValue Value(int column) => raw.sqlite3_column_type(_handle, column) switch
    {
        raw.SQLITE_INTEGER => Int64(column),
        raw.SQLITE_FLOAT => raw.sqlite3_column_double(_handle, column),
        raw.SQLITE_TEXT => Text(column),
        _ => default,
    };

    public override void Dispose()
    {
        if (_isCached)
            raw.sqlite3_reset(_handle);
        else
            _handle.Dispose();
        IsBusy = false;
    }

    public void Close() => _handle.Dispose();

    private int Bind(int at, SqlValue value) => value.Kind switch
    {
        SqlKind.Integer => raw.sqlite3_bind_int64(_handle, at, value.Integer),
        SqlKind.Real => raw.sqlite3_bind_double(_handle, at, value.Real),
        SqlKind.Text => raw.sqlite3_bind_text(_handle, at, value.Text),
        SqlKind.Utf8 => raw.sqlite3_bind_text(_handle, at, value.Bytes.Span),
        SqlKind.List => raw.sqlite3_bind_text(_handle, at, Json(value.List!)),
        SqlKind.Bytes => raw.sqlite3_bind_blob(_handle, at, value.Bytes.Span),
        _ => raw.sqlite3_bind_null(_handle, at),
    };

    // SQLite takes no lists; json_each makes rows of it.
    private static string Json(Array list) => list is long[] numbers ? $"[{string.Join(',', numbers)}]" : JsonSerializer.Serialize((string[])list);

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            SqliteException.ThrowExceptionForRC(code, _database);
    }
}
