using System.Buffers;
using System.Globalization;
using System.Numerics;
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
    public static int IndexOfSpecial(ReadOnlySpan<byte> text)
    {
        var at = 0;
        for (; at + Vector128<byte>.Count <= text.Length; at += Vector128<byte>.Count)
        {
            var bytes = Vector128.Create(text.Slice(at, Vector128<byte>.Count));
            var special = Vector128.Equals(bytes, Vector128.Create((byte)'"')) | Vector128.Equals(bytes, Vector128.Create((byte)'\\')) | Vector128.LessThan(bytes, Vector128.Create((byte)0x20));
            if (special != Vector128<byte>.Zero)
                return at + BitOperations.TrailingZeroCount(special.ExtractMostSignificantBits());
        }
        for (; at < text.Length; at++)
            if (text[at] is (byte)'"' or (byte)'\\' or < 0x20)
                return at;
        return -1;
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
