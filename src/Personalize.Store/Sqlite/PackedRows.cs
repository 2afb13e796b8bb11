using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Personalize.Store.Sql;

namespace Personalize.Store.Sqlite;

/// <summary>Index rows in memory, one behind the other in one array: some 45 bytes a row, and none of them an object.</summary>
internal sealed class PackedRows
{
    private const int PrefixLength = 16;
    private byte[] _bytes = new byte[1 << 12];
    private readonly List<Place> _places = [];
    private int _length;

    /// <summary>Where a row begins, and the first bytes of its key. Order is for locality alone: rows that begin alike stay in the order in which they came, which is that of their versions.</summary>
    internal readonly record struct Place(ulong High, ulong Low, int At) : IComparable<Place>
    {
        /// <summary>Its table, by the place in <see cref="Tables.Index"/>.</summary>
        public int Table => (int)(High >> 56);

        public int CompareTo(Place other) => High != other.High ? High.CompareTo(other.High) : Low != other.Low ? Low.CompareTo(other.Low) : At.CompareTo(other.At);
    }

    /// <summary>How many there are.</summary>
    public int Count => _places.Count;

    /// <summary>How many bytes they take.</summary>
    public int Size => _length;

    /// <summary>Adds a row of one of <see cref="Tables.Index"/>, whose first column is the number of the parameter.</summary>
    public void Add(int table, ReadOnlySpan<SqlValue> row)
    {
        var at = _length;
        Span<byte> prefix = stackalloc byte[PrefixLength];
        prefix.Clear();
        BinaryPrimitives.WriteInt32BigEndian(prefix, (table << 24) | (int)((row[0].Integer + 0x80_0000) & 0xFF_FFFF));
        foreach (ref readonly var value in row)
            Add(value);
        WritePrefix(row[1], prefix[4..]);
        _places.Add(new(BinaryPrimitives.ReadUInt64BigEndian(prefix), BinaryPrimitives.ReadUInt64BigEndian(prefix[8..]), at));
    }

    /// <summary>Only the first rows stay.</summary>
    public void CutTo(int count)
    {
        if (count >= Count)
            return;
        _length = _places[count].At;
        _places.RemoveRange(count, Count - count);
    }

    /// <summary>The first rows go.</summary>
    public void RemoveFirst(int count)
    {
        if (count == 0)
            return;
        var shift = count >= Count ? _length : _places[count].At;
        _bytes.AsSpan(shift, _length - shift).CopyTo(_bytes);
        _length -= shift;
        _places.RemoveRange(0, count);
        foreach (ref var place in CollectionsMarshal.AsSpan(_places))
            place = place with { At = place.At - shift };
    }

    /// <summary>The places of the rows from one on, in the order of their tables.</summary>
    public Place[] Sorted(int from = 0)
    {
        var sorted = CollectionsMarshal.AsSpan(_places)[from..].ToArray();
        sorted.AsSpan().Sort();
        return sorted;
    }

    /// <summary>Reads a row of a table into memory that is used again.</summary>
    public void Read(Place place, Table table, Span<SqlValue> row)
    {
        var at = place.At;
        for (var column = 0; column < table.Columns.Count; column++)
            row[column] = Value(table.Columns[column].Kind, ref at);
    }

    private SqlValue Value(ColumnKind kind, ref int at)
    {
        var number = BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(at));
        at += sizeof(long);
        if (kind == ColumnKind.Integer)
            return number;
        if (kind == ColumnKind.Real)
            return BitConverter.Int64BitsToDouble(number);
        var text = SqlValue.Utf8(_bytes.AsMemory(at, (int)number));
        at += (int)number;
        return text;
    }

    private void Add(in SqlValue value)
    {
        if (value.Kind == SqlKind.Text)
        {
            Add(SqlValue.Utf8(Encoding.UTF8.GetBytes(value.Text!)));
            return;
        }
        var number = value.Kind switch { SqlKind.Integer => value.Integer, SqlKind.Real => BitConverter.DoubleToInt64Bits(value.Real), _ => value.Bytes.Length };
        BinaryPrimitives.WriteInt64LittleEndian(Room(sizeof(long)), number);
        if (value.Kind == SqlKind.Utf8)
            value.Bytes.Span.CopyTo(Room(value.Bytes.Length));
    }

    private static void WritePrefix(in SqlValue value, Span<byte> prefix)
    {
        switch (value.Kind)
        {
            case SqlKind.Integer:
                BinaryPrimitives.WriteInt64BigEndian(prefix, value.Integer ^ long.MinValue);
                break;
            case SqlKind.Real:
                var bits = BitConverter.DoubleToInt64Bits(value.Real);
                BinaryPrimitives.WriteInt64BigEndian(prefix, bits < 0 ? ~bits : bits ^ long.MinValue);
                break;
            default:
                var text = value.Kind == SqlKind.Text ? Encoding.UTF8.GetBytes(value.Text!) : value.Bytes.Span;
                text[..Math.Min(text.Length, prefix.Length)].CopyTo(prefix);
                break;
        }
    }

    private Span<byte> Room(int length)
    {
        if (_length + length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + length));
        _length += length;
        return _bytes.AsSpan(_length - length, length);
    }
}
