namespace Personalize.Store.Sql;

/// <summary>A value on its way into a statement.</summary>
internal readonly struct SqlValue
{
    private readonly object? _object;

    private SqlValue(SqlKind kind, long integer = 0, double real = 0, object? from = null, ReadOnlyMemory<byte> bytes = default) =>
        (Kind, Integer, Real, _object, Bytes) = (kind, integer, real, from, bytes);

    public SqlKind Kind { get; }

    public long Integer { get; }

    public double Real { get; }

    public string? Text => _object as string;

    /// <summary>A list of numbers or texts, for <see cref="Dialect.AnyOf"/>.</summary>
    public Array? List => _object as Array;

    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Text that is UTF-8 already.</summary>
    public static SqlValue Utf8(ReadOnlyMemory<byte> text) => new(SqlKind.Utf8, bytes: text);

    public static implicit operator SqlValue(long value) => new(SqlKind.Integer, integer: value);

    public static implicit operator SqlValue(int value) => new(SqlKind.Integer, integer: value);

    public static implicit operator SqlValue(double value) => new(SqlKind.Real, real: value);

    public static implicit operator SqlValue(string? value) => value is null ? default : new(SqlKind.Text, from: value);

    public static implicit operator SqlValue(ReadOnlyMemory<byte> value) => new(SqlKind.Bytes, bytes: value);

    public static implicit operator SqlValue(long[] value) => new(SqlKind.List, from: value);

    public static implicit operator SqlValue(string[] value) => new(SqlKind.List, from: value);
}

/// <summary>What values are; text in two forms.</summary>
internal enum SqlKind
{
    Null,
    Integer,
    Real,
    Text,
    Utf8,
    Bytes,
    List,
}
