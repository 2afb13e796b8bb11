using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Personalize.Store.Sql;
using SQLitePCL;

namespace Personalize.Store.Sqlite;

/// <summary>A prepared statement. Bound to one connection, used by one thread at a time; disposing it gives it back to the connection's cache.</summary>
internal sealed unsafe class Statement : Rows
{
    private const int LongestOnStack = 256;
    private readonly BlobReader _blobs;
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _handle;
    private readonly nint _pointer;
    private readonly bool _isCached;

    public Statement(sqlite3 database, BlobReader blobs, string sql, bool isCached)
    {
        (_database, _blobs, _isCached) = (database, blobs, isCached);
        Check(raw.sqlite3_prepare_v2(database, sql, out _handle));
        _pointer = _handle.DangerousGetHandle();
    }

    /// <summary>True from the time its values are bound until it is disposed.</summary>
    public bool IsBusy { get; private set; }

    public Statement Bind(params ReadOnlySpan<SqlValue> values)
    {
        IsBusy = true;
        try
        {
            for (var at = 0; at < values.Length; at++)
                Check(Bind(at + 1, values[at]));
            return this;
        }
        catch (SqliteException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Goes to the next row; false when there is none.</summary>
    public override bool Step()
    {
        var code = Native.Step(_pointer);
        if (code is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
            Check(code);
        return code == raw.SQLITE_ROW;
    }

    public override bool IsNull(int column) => Native.Type(_pointer, column) == raw.SQLITE_NULL;

    public override long Int64(int column) => Native.Integer(_pointer, column);

    public override string Text(int column)
    {
        var text = Native.Text(_pointer, column);
        return Encoding.UTF8.GetString(text, Native.Length(_pointer, column));
    }

    public override byte[] Bytes(int column) => Span(column).ToArray();

    public override byte[] Json(int column) => _blobs.Read(Span(column));

    public override SqlValue Value(int column) => Native.Type(_pointer, column) switch
    {
        raw.SQLITE_INTEGER => Int64(column),
        raw.SQLITE_FLOAT => Native.Real(_pointer, column),
        raw.SQLITE_TEXT => Text(column),
        _ => default,
    };

    public override void Dispose()
    {
        if (_isCached)
            _ = Native.Reset(_pointer);
        else
            _handle.Dispose();
        IsBusy = false;
    }

    public void Close() => _handle.Dispose();

    // Until the next step.
    private ReadOnlySpan<byte> Span(int column)
    {
        var bytes = Native.Blob(_pointer, column);
        return new(bytes, Native.Length(_pointer, column));
    }

    private int Bind(int at, in SqlValue value) => value.Kind switch
    {
        SqlKind.Integer => Native.BindInteger(_pointer, at, value.Integer),
        SqlKind.Real => Native.BindReal(_pointer, at, value.Real),
        SqlKind.Text => BindText(at, value.Text!),
        SqlKind.Utf8 => BindText(at, value.Bytes.Span),
        SqlKind.List => BindText(at, Json(value.List!)),
        SqlKind.Bytes => BindBlob(at, value.Bytes.Span),
        _ => Native.BindNull(_pointer, at),
    };

    private int BindText(int at, string text)
    {
        Span<byte> utf8 = stackalloc byte[LongestOnStack];
        return BindText(at, Encoding.UTF8.TryGetBytes(text, utf8, out var length) ? utf8[..length] : Encoding.UTF8.GetBytes(text));
    }

    private int BindText(int at, ReadOnlySpan<byte> text)
    {
        fixed (byte* pinned = text)
            return Native.BindText(_pointer, at, pinned is null ? Nothing : pinned, text.Length, Native.Copy);
    }

    private int BindBlob(int at, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* pinned = bytes)
            return Native.BindBlob(_pointer, at, pinned is null ? Nothing : pinned, bytes.Length, Native.Copy);
    }

    // An empty value is not NULL: it lies somewhere, and is not read.
    private static byte* Nothing => (byte*)1;

    // SQLite takes no lists; json_each makes rows of it.
    private static string Json(Array list) => list is long[] numbers ? $"[{string.Join(',', numbers)}]" : JsonSerializer.Serialize((string[])list);

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            SqliteException.ThrowExceptionForRC(code, _database);
    }
}
