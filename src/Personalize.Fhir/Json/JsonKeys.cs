using System.Text;

namespace Personalize.Fhir.Json;

/// <summary>Finds a key that stands twice in one object. For one thread at a time.</summary>
internal sealed class JsonKeys
{
    private const int FewKeys = 8;

    // A mark by name and by twin: the serial number of the object in which it was last seen.
    private int[] _seen = [];
    private int _serial;

    /// <summary>The row of the second of two members with the same key; -1 when all differ.</summary>
    public int FirstTwice(ReadOnlySpan<JsonToken> tokens, int container, ReadOnlySpan<byte> utf8, JsonNames names)
    {
        if (_seen.Length < names.Count * 2)
            _seen = new int[names.Count * 2];
        if (++_serial == int.MaxValue)
        {
            Array.Clear(_seen);
            _serial = 1;
        }
        var unknown = 0;
        for (var at = container + 1; at < tokens[container].Next; at = tokens[at].Next)
        {
            ref readonly var token = ref tokens[at];
            if (token.Name == JsonNames.Unknown)
            {
                unknown++;
                continue;
            }
            ref var mark = ref _seen[token.Name * 2 + (token.Has(JsonMarks.Twin) ? 1 : 0)];
            if (mark == _serial)
                return at;
            mark = _serial;
        }
        return unknown < 2 ? -1 : unknown <= FewKeys ? FewTwice(tokens, container, utf8) : ManyTwice(tokens, container, utf8);
    }

    private static int FewTwice(ReadOnlySpan<JsonToken> tokens, int container, ReadOnlySpan<byte> utf8)
    {
        for (var at = container + 1; at < tokens[container].Next; at = tokens[at].Next)
            for (var other = container + 1; tokens[at].Name == JsonNames.Unknown && other < at; other = tokens[other].Next)
                if (tokens[other].Name == JsonNames.Unknown && Same(tokens[at], tokens[other], utf8))
                    return at;
        return -1;
    }

    private static bool Same(in JsonToken left, in JsonToken right, ReadOnlySpan<byte> utf8) =>
        left.Has(JsonMarks.KeyEscaped) || right.Has(JsonMarks.KeyEscaped)
            ? Key(left, utf8) == Key(right, utf8)
            : RawKey(left, utf8).SequenceEqual(RawKey(right, utf8));

    private static int ManyTwice(ReadOnlySpan<JsonToken> tokens, int container, ReadOnlySpan<byte> utf8)
    {
        // The hash of a string is seeded at random: nobody can choose keys that collide.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var at = container + 1; at < tokens[container].Next; at = tokens[at].Next)
            if (tokens[at].Name == JsonNames.Unknown && !seen.Add(Key(tokens[at], utf8)))
                return at;
        return -1;
    }

    private static string Key(in JsonToken token, ReadOnlySpan<byte> utf8) =>
        token.Has(JsonMarks.KeyEscaped) ? JsonText.Read(RawKey(token, utf8), true) : Encoding.UTF8.GetString(RawKey(token, utf8));

    /// <summary>The key between its quotes, escapes as written.</summary>
    public static ReadOnlySpan<byte> RawKey(in JsonToken token, ReadOnlySpan<byte> utf8)
    {
        var length = 0;
        while (utf8[token.KeyStart + length] != '"')
            length += utf8[token.KeyStart + length] == '\\' ? 2 : 1;
        return utf8.Slice(token.KeyStart, length);
    }
}
