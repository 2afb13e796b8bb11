using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Personalize.Store.Sql.Checking;

/// <summary>A number of 64 bits that stands for the columns of a row. Two rows of one number are as likely as a fault of the machine.</summary>
internal sealed class RowPrint
{
    private byte[] _bytes = new byte[256];
    private int _length;

    /// <summary>The number of what was added since <see cref="Begin"/>.</summary>
    public ulong Value => XxHash3.HashToUInt64(_bytes.AsSpan(0, _length));

    public RowPrint Begin(IndexedTable table)
    {
        _length = 0;
        return Add(table.Number);
    }

    public RowPrint Add(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Room(sizeof(long)), value);
        return this;
    }

    // The file keeps no negative zero.
    public RowPrint Add(double value) => Add(BitConverter.DoubleToInt64Bits(value == 0 ? 0 : value));

    public RowPrint Add(ReadOnlySpan<byte> utf8)
    {
        Add(utf8.Length);
        utf8.CopyTo(Room(utf8.Length));
        return this;
    }

    public RowPrint Add(SqlValue column) => column.Kind switch
    {
        SqlKind.Integer => Add(column.Integer),
        SqlKind.Real => Add(column.Real),
        SqlKind.Text => Add(Encoding.UTF8.GetBytes(column.Text!)),
        _ => Add(long.MinValue),
    };

    /// <summary>Adds the element of a part of a composite; nothing else has one.</summary>
    public RowPrint In(int group) => group == 0 ? this : Add(group);

    private Span<byte> Room(int length)
    {
        if (_bytes.Length - _length < length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + length));
        _length += length;
        return _bytes.AsSpan(_length - length, length);
    }
}
