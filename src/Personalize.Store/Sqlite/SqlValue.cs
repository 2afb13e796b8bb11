namespace Personalize.Store.Sqlite;

/// <summary>A value on its way into a statement.</summary>
internal readonly struct SqlValue
{
    private SqlValue(SqlKind kind, long integer = 0, double real = 0, string? text = null, ReadOnlyMemory<byte> bytes = default) =>
        (Kind, Integer, Real, Text, Bytes) = (kind, integer, real, text, bytes);

    public SqlKind Kind { get; }

    public long Integer { get; }

    public double Real { get; }

    public string? Text { get; }

    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Text that is UTF-8 already.</summary>
    public static SqlValue Utf8(ReadOnlyMemory<byte> text) => new(SqlKind.Utf8, bytes: text);

    public static implicit operator SqlValue(long value) => new(SqlKind.Integer, integer: value);

    public static implicit operator SqlValue(int value) => new(SqlKind.Integer, integer: value);

    public static implicit operator SqlValue(double value) => new(SqlKind.Real, real: value);

    public static implicit operator SqlValue(string? value) => value is null ? default : new(SqlKind.Text, text: value);

    public static implicit operator SqlValue(ReadOnlyMemory<byte> value) => new(SqlKind.Bytes, bytes: value);
}

/// <summary>SQLite's storage classes; text in two forms.</summary>
internal enum SqlKind
{
    Null,
    Integer,
    Real,
    Text,
    Utf8,
    Bytes,
}
