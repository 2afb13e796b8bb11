using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Personalize.Fhir.Json;

/// <summary>JSON strings: escapes read and written.</summary>
internal static class JsonText
{
    private static readonly SearchValues<char> _mustEscape = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\', '\u007f', '\u2028', '\u2029']);

    /// <summary>The text of a string whose escapes were found to be right.</summary>
    public static string Read(ReadOnlySpan<byte> raw, bool escaped) => escaped ? Unescape(raw) : Encoding.UTF8.GetString(raw);

    /// <summary>The place of the first quote, backslash or control character; -1 when there is none. Most strings end within one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IndexOfSpecial(ReadOnlySpan<byte> text)
    {
        if (text.Length < Vector256<byte>.Count)
            return LastOfSpecial(text, 0);
        var special = Special(text);
        return special != 0 ? BitOperations.TrailingZeroCount(special) : FurtherOfSpecial(text);
    }

    private static int FurtherOfSpecial(ReadOnlySpan<byte> text)
    {
        var at = Vector256<byte>.Count;
        for (; at + Vector256<byte>.Count <= text.Length; at += Vector256<byte>.Count)
            if (Special(text[at..]) is not 0 and var special)
                return at + BitOperations.TrailingZeroCount(special);
        return LastOfSpecial(text, at);
    }

    private static int LastOfSpecial(ReadOnlySpan<byte> text, int at)
    {
        for (; at < text.Length; at++)
            if (text[at] is (byte)'"' or (byte)'\\' or < 0x20)
                return at;
        return -1;
    }

    /// <summary>A bit for each special one of the first 32 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Special(ReadOnlySpan<byte> text)
    {
        return Special(Vector256.Create(text));
    }

    /// <summary>A bit for each special one of these bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Special(Vector256<byte> bytes)
    {
        var special = Vector256.Equals(bytes, Vector256.Create((byte)'"')) | Vector256.Equals(bytes, Vector256.Create((byte)'\\')) | Vector256.LessThan(bytes, Vector256.Create((byte)0x20));
        return special.ExtractMostSignificantBits();
    }

    /// <summary>A JSON string with its quotes.</summary>
    public static byte[] Quote(string text)
    {
        if (!text.AsSpan().ContainsAny(_mustEscape))
            return Encoding.UTF8.GetBytes($"\"{text}\"");
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
            quoted = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                _ when _mustEscape.Contains(c) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        return Encoding.UTF8.GetBytes(quoted.Append('"').ToString());
    }

    private static string Unescape(ReadOnlySpan<byte> raw)
    {
        var text = new StringBuilder(raw.Length);
        while (raw.IndexOf((byte)'\\') is >= 0 and var at)
        {
            text.Append(Encoding.UTF8.GetString(raw[..at]));
            var four = raw[at + 1] == 'u';
            text.Append(four ? (char)int.Parse(raw.Slice(at + 2, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture) : Plain(raw[at + 1]));
            raw = raw[(at + (four ? 6 : 2))..];
        }
        return text.Append(Encoding.UTF8.GetString(raw)).ToString();
    }

    private static char Plain(byte escape) => (char)escape switch
    {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\b',
        'f' => '\f',
        var c => c,
    };
}
