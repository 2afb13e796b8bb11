using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Personalize.Fhir.Json;

/// <summary>Property names with a number each, fixed when made: what is read never adds to it. Immutable.</summary>
public sealed class JsonNames
{
    /// <summary>The number of every name that is not in the table.</summary>
    public const ushort Unknown = 0;

    private readonly string[] _names;
    private readonly byte[][] _utf8;
    private readonly Slot[] _slots;
    private readonly FrozenDictionary<string, ushort> _ids;

    private JsonNames(string[] names)
    {
        _names = names;
        _utf8 = [.. names.Select(Encoding.UTF8.GetBytes)];
        _ids = names.Select((name, id) => (name, id)).Skip(1).ToFrozenDictionary(n => n.name, n => (ushort)n.id, StringComparer.Ordinal);
        _slots = new Slot[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(names.Length * 4, 16))];
        for (var id = 1; id < names.Length; id++)
            Place(_utf8[id], (ushort)id);
    }

    /// <summary>A table that knows no name.</summary>
    public static JsonNames None { get; } = new([""]);

    /// <summary>How many numbers there are, <see cref="Unknown"/> included.</summary>
    public int Count => _names.Length;

    /// <summary>A table of these names; at most 65,535.</summary>
    public static JsonNames Of(IEnumerable<string> names)
    {
        string[] all = ["", .. names.Distinct(StringComparer.Ordinal)];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(all.Length, ushort.MaxValue, nameof(names));
        return new(all);
    }

    /// <summary>The number of a name; <see cref="Unknown"/> when it is not there.</summary>
    public ushort Id(string name) => _ids.GetValueOrDefault(name);

    /// <summary>The name of a number.</summary>
    public string Name(ushort id) => _names[id];

    internal ushort Find(ReadOnlySpan<byte> utf8)
    {
        var (head, tail) = Ends(utf8);
        return Find(head, tail, utf8);
    }

    /// <summary>The number of the name that is the beginning of a longer text: what follows it spares the cases of short names.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ushort Find(ReadOnlySpan<byte> text, int length)
    {
        if (text.Length < sizeof(ulong))
            return Find(text[..length]);
        var head = BinaryPrimitives.ReadUInt64LittleEndian(text);
        var tail = BinaryPrimitives.ReadUInt64LittleEndian(text[Math.Max(length - sizeof(ulong), 0)..]);
        var isShort = length < sizeof(ulong);
        head = isShort ? head & ((1UL << (length * 8)) - 1) : head;
        return Find(head, isShort ? head : tail, text[..length]);
    }

    /// <summary>The number of a name of less than a vector's length, where at least eight bytes may be read from its beginning.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ushort FindShort(ref byte text, int length)
    {
        // The ends of a short name are masked, not read byte by byte.
        var beyond = Math.Max(length - sizeof(ulong), 0);
        var mask = ulong.MaxValue >> ((sizeof(ulong) - (length - beyond)) * 8);
        var head = Unsafe.ReadUnaligned<ulong>(ref text) & mask;
        var tail = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref text, beyond)) & mask;
        var at = Hash(head, tail, length) & (_slots.Length - 1);
        ref var slot = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_slots), at);
        if (((slot.Head ^ head) | (slot.Tail ^ tail) | (uint)(slot.Length ^ length)) == 0 && length <= 2 * sizeof(ulong))
            return slot.Id;
        return Find(head, tail, MemoryMarshal.CreateReadOnlySpan(ref text, length));
    }

    private ushort Find(ulong head, ulong tail, ReadOnlySpan<byte> utf8)
    {
        var slots = _slots;
        for (var at = Hash(head, tail, utf8.Length); ; at++)
        {
            ref readonly var slot = ref slots[at & (slots.Length - 1)];
            // Up to 16 bytes both ends are the whole name.
            if (((slot.Head ^ head) | (slot.Tail ^ tail) | (uint)(slot.Length ^ utf8.Length)) == 0 && slot.Id != Unknown && (utf8.Length <= 16 || utf8.SequenceEqual(_utf8[slot.Id])))
                return slot.Id;
            if (slot.Id == Unknown)
                return Unknown;
        }
    }

    private void Place(byte[] utf8, ushort id)
    {
        var (head, tail) = Ends(utf8);
        var at = Hash(head, tail, utf8.Length);
        while (_slots[at & (_slots.Length - 1)].Id != Unknown)
            at++;
        _slots[at & (_slots.Length - 1)] = new(head, tail, utf8.Length, id);
    }

    /// <summary>The first and the last eight bytes; of a shorter name all of them, twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (ulong Head, ulong Tail) Ends(ReadOnlySpan<byte> utf8) => utf8.Length >= 8
        ? (BinaryPrimitives.ReadUInt64LittleEndian(utf8), BinaryPrimitives.ReadUInt64LittleEndian(utf8[^8..]))
        : (Short(utf8), Short(utf8));

    private static ulong Short(ReadOnlySpan<byte> utf8) => utf8.Length switch
    {
        >= 4 => BinaryPrimitives.ReadUInt32LittleEndian(utf8) | (ulong)BinaryPrimitives.ReadUInt32LittleEndian(utf8[^4..]) << ((utf8.Length - 4) * 8),
        >= 2 => BinaryPrimitives.ReadUInt16LittleEndian(utf8) | (ulong)utf8[^1] << ((utf8.Length - 1) * 8),
        1 => utf8[0],
        _ => 0,
    };

    private static int Hash(ulong head, ulong tail, int length)
    {
        var mixed = (head * 0x9E3779B97F4A7C15UL) ^ ((tail + (ulong)length) * 0xC2B2AE3D27D4EB4FUL);
        return (int)(mixed >> 33);
    }

    private readonly record struct Slot(ulong Head, ulong Tail, int Length, ushort Id);
}
