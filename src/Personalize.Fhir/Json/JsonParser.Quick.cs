using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Personalize.Fhir.Json;

/// <summary>The quick half of the parser: JSON as it nearly always is, far enough from the end that whole vectors can be read. Whatever is otherwise it leaves to the careful half, untouched.</summary>
/// <remarks>Everything that changes from value to value is held in locals, and no bounds are looked at here: <see cref="Room"/> is what may be read beyond the place where a value begins.</remarks>
internal ref partial struct JsonParser
{
    // A key of less than a vector, its colon, and the first vector of its value; with some to spare.
    private const int Room = 128;
    private const ushort QuoteAndColon = '"' | ':' << 8;

    /// <summary>Reads as many values as it can; gives the place where the careful half goes on: at an item, or behind a value when <see cref="_isBehind"/>.</summary>
    private int Quick(int at)
    {
        ref var text = ref MemoryMarshal.GetReference(_utf8);
        ref var rows = ref MemoryMarshal.GetArrayDataReference(_tokens);
        var (limit, capacity) = (_utf8.Length - Room, _tokens.Length);
        var (count, depth, isObject) = (_count, _depth, _isObject);
        var seen = depth > 0 ? _seen[depth - 1] : 0;
        _isBehind = false;
        while (at < limit && count < capacity)
        {
            ref var row = ref Unsafe.Add(ref rows, count);
            var value = at;
            if (isObject)
            {
                if (Unsafe.Add(ref text, at) != '"' && ((at = Spaces(at)) >= limit || Unsafe.Add(ref text, at) != '"'))
                    break;
                var length = KeyLength(ref Unsafe.Add(ref text, at + 1));
                var name = _names.FindShort(ref Unsafe.Add(ref text, at + 1), length);
                value = at + length + 3;
                // A name that is known holds nothing that a key must not hold.
                if (name == JsonNames.Unknown || Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref text, value - 2)) != QuoteAndColon)
                    break;
                (row.KeyStart, row.Name, row.Marks) = (at + 1, name, JsonMarks.None);
                var bit = 1UL << (int)(name * 0x9E3779B1u >> 26);
                if ((seen & bit) != 0)
                    _suspects |= 1UL << (depth - 1);
                seen |= bit;
            }
            else
                (row.KeyStart, row.Name, row.Marks) = (-1, JsonNames.Unknown, JsonMarks.None);
            if (Unsafe.Add(ref text, value) <= ' ' && (value = Spaces(value)) >= limit)
                break;
            row.Next = count + 1;
            var first = Unsafe.Add(ref text, value);
            if (first == '"')
            {
                var length = PlainText(ref text, value + 1, limit, ref row);
                if (length < 0)
                    break;
                at = value + length + 2;
            }
            else if (first is (byte)'{' or (byte)'[')
            {
                var inner = value + 1;
                if ((Unsafe.Add(ref text, inner) <= ' ' && (inner = Spaces(inner)) >= limit) || Unsafe.Add(ref text, inner) is (byte)'}' or (byte)']' || depth == JsonTree.MaxDepth)
                    break;
                (row.Start, row.Kind) = (value, first == '{' ? JsonKind.Object : JsonKind.Array);
                if (depth > 0)
                    _seen[depth - 1] = seen;
                _suspects &= ~(1UL << depth);
                _stack[depth++] = count++;
                (seen, isObject, at) = (0, first == '{', inner);
                continue;
            }
            else if ((at = Other(row.Start = value, ref row)) < 0)
                return Failed;
            count++;
            var next = Unsafe.Add(ref text, at);
            while (next == (isObject ? '}' : ']') && depth > 0)
            {
                ref var container = ref Unsafe.Add(ref rows, _stack[--depth]);
                (container.Length, container.Next) = (++at - container.Start, count);
                if (isObject && (_suspects >> depth & 1) != 0 && HasTwice(_stack[depth], count))
                    return Failed;
                isObject = depth > 0 && Unsafe.Add(ref rows, _stack[depth - 1]).Kind == JsonKind.Object;
                seen = depth > 0 ? _seen[depth - 1] : 0;
                next = Unsafe.Add(ref text, at);
            }
            if (next != ',' || depth == 0)
            {
                _isBehind = true;
                break;
            }
            at++;
        }
        if (depth > 0)
            _seen[depth - 1] = seen;
        (_count, _depth, _isObject) = (count, depth, isObject);
        return at;
    }

    /// <summary>How many bytes stand before the first quote; a vector's length when it is not among them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int KeyLength(ref byte key) =>
        BitOperations.TrailingZeroCount(Vector256.Equals(Vector256.LoadUnsafe(ref key), Vector256.Create((byte)'"')).ExtractMostSignificantBits());

    /// <summary>The row of a plain string; gives its length, below zero when it is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int PlainText(ref byte text, int start, int limit, ref JsonToken row)
    {
        var bytes = Vector256.LoadUnsafe(ref text, (nuint)start);
        var special = JsonText.Special(bytes);
        var length = special != 0 ? BitOperations.TrailingZeroCount(special) : LongPlainLength(ref text, start, limit);
        if (Unsafe.Add(ref text, start + length) != '"')
            return Failed;
        (row.Start, row.Length, row.Kind) = (start, length, JsonKind.String);
        // No space before the quote that is the first special byte.
        if ((Vector256.Equals(bytes, Vector256.Create((byte)' ')).ExtractMostSignificantBits() & (special - 1)) == 0 && special != 0)
            row.Marks = JsonMarks.Solid;
        return length;
    }

    /// <summary>How many bytes of a string are plain, when those of its first vector are.</summary>
    private static int LongPlainLength(ref byte text, int start, int limit)
    {
        for (var at = start + Vector256<byte>.Count; at < limit; at += Vector256<byte>.Count)
            if (JsonText.Special(Vector256.LoadUnsafe(ref text, (nuint)at)) is not 0 and var special)
                return at - start + BitOperations.TrailingZeroCount(special);
        // Too near to the end: not for this half. The first byte of the string is no quote.
        return 0;
    }
}
