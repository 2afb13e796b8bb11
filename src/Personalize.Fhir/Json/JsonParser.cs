using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Personalize.Fhir.Json;

/// <summary>Reads JSON in one pass, without recursion, into the rows of a node table.</summary>
/// <remarks>This is the hottest code of the project. A method that reads takes the place to begin at and gives the place behind what it read, or <see cref="Failed"/>: so the place stays in a register.
/// The three methods that do most are kept apart: put into one another they are more than the compiler optimizes.</remarks>
internal ref partial struct JsonParser
{
    // What is no place: there is a fault, or nothing more to read.
    private const int Failed = -1;
    private const int AllRead = -2;

    private readonly ReadOnlySpan<byte> _utf8;
    private readonly JsonNames _names;
    private readonly int[] _stack;
    private readonly ulong[] _seen;
    private readonly JsonKeys _keys;
    private JsonToken[] _tokens;
    private int _count;
    private int _depth;
    private ulong _suspects;

    // Whether what is read next is the member of an object; whether a value was read and what follows it was not.
    private bool _isObject;
    private bool _isBehind;

    /// <param name="utf8">What is read.</param>
    /// <param name="names">The names that get a number.</param>
    /// <param name="scratch">What it works with.</param>
    public JsonParser(ReadOnlySpan<byte> utf8, JsonNames names, JsonScratch scratch)
    {
        _utf8 = utf8;
        (_names, _tokens, _stack, _seen, _keys) = (names, scratch.Rows, scratch.Open, scratch.Seen, scratch.Keys);
    }

    /// <summary>What is wrong, as a sentence; empty when nothing is.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>The byte at which it is wrong.</summary>
    public int FaultAt { get; private set; }

    /// <summary>The rows, of which <see cref="Count"/> are filled.</summary>
    public readonly JsonToken[] Tokens => _tokens;

    /// <summary>How many values were read.</summary>
    public readonly int Count => _count;

    /// <summary>Reads all; false when there is a <see cref="Fault"/>.</summary>
    public bool Run()
    {
        if (!IsUtf8())
            return false;
        var at = 0;
        while (true)
        {
            if (at < _utf8.Length - Room)
                at = Quick(at);
            if (!_isBehind && at >= 0)
                at = One(Space(at));
            if (_isBehind && at >= 0)
                at = Ends(at);
            if (at < 0)
                return at == AllRead;
            _isBehind = false;
        }
    }

    /// <summary>Reads the value that begins there, of a container that is not empty the beginning alone.</summary>
    private int One(int at)
    {
        if (_count == _tokens.Length)
            Array.Resize(ref _tokens, _count * 2);
        at = _isObject ? Key(at) : Item(at);
        if (at < 0 || (at = Value(at)) < 0)
            return at;
        var kind = _tokens[_count - 1].Kind;
        _isBehind = true;
        if (kind is not (JsonKind.Object or JsonKind.Array))
            return at;
        _isObject = kind == JsonKind.Object;
        at = Space(at);
        _isBehind = Byte(at) == (_isObject ? '}' : ']');
        return at;
    }

    /// <summary>Closes what ends behind a value, up to the comma before the next.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Ends(int at)
    {
        while (true)
        {
            var next = Byte(at);
            if (next <= ' ')
            {
                at = Spaces(at);
                next = Byte(at);
            }
            if (_depth == 0)
                return at == _utf8.Length ? AllRead : Fail("There is something behind the end of the JSON value.", at);
            if (next == ',')
                return Space(at + 1);
            if (next != (_isObject ? '}' : ']'))
                return Fail(_isObject ? "A comma or a closing brace is expected." : "A comma or a closing bracket is expected.", at);
            if ((at = Close(at + 1)) < 0)
                return at;
            _isObject = _depth > 0 && _tokens[_stack[_depth - 1]].Kind == JsonKind.Object;
        }
    }

    private bool IsUtf8()
    {
        if (Utf8.IsValid(_utf8))
            return true;
        var (at, used) = (0, 0);
        while (Rune.DecodeFromUtf8(_utf8[at..], out _, out used) == OperationStatus.Done)
            at += used;
        Fail("The bytes are not valid UTF-8.", at);
        return false;
    }

    /// <summary>The row of an item of an array, or of the root: it has no key.</summary>
    private readonly int Item(int at)
    {
        ref var token = ref _tokens[_count];
        (token.KeyStart, token.Name, token.Marks) = (-1, JsonNames.Unknown, JsonMarks.None);
        return at;
    }

    /// <summary>The key of the row that is next, up to its value.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Key(int at)
    {
        if (Byte(at) != '"')
            return Fail("A property name in quotes is expected.", at);
        var start = at + 1;
        var end = TextEnd(start, out var escaped);
        if (end < 0)
            return end;
        var name = escaped ? OddName(start, end, out var isTwin) : Name(start, end, out isTwin);
        ref var token = ref _tokens[_count];
        (token.KeyStart, token.Name, token.Marks) = (start, name, escaped ? JsonMarks.KeyEscaped : JsonMarks.None);
        if (isTwin && name != JsonNames.Unknown)
        {
            token.Marks |= JsonMarks.Twin;
            _tokens[_stack[_depth - 1]].Marks |= JsonMarks.HasTwins;
        }
        Notice(name, isTwin);
        at = end + 1;
        if (Byte(at) != ':')
            at = Spaces(at);
        return Byte(at) == ':' ? Space(at + 1) : Fail("A colon is expected behind the property name.", at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ushort Name(int start, int end, out bool isTwin)
    {
        var text = _utf8[start..];
        isTwin = end - start > 1 && text[0] == '_';
        return isTwin ? _names.Find(text[1..], end - start - 1) : _names.Find(text, end - start);
    }

    private readonly ushort OddName(int start, int end, out bool isTwin)
    {
        var key = Encoding.UTF8.GetBytes(JsonText.Read(_utf8[start..end], true));
        isTwin = key.Length > 1 && key[0] == '_';
        return _names.Find(isTwin ? key.AsSpan(1) : key);
    }

    /// <summary>Keeps a bit of each key: only where two keys of an object share one they are looked at again when it closes.</summary>
    private void Notice(ushort name, bool isTwin)
    {
        var bit = 1UL << (int)((name + (isTwin ? 0x8000u : 0)) * 0x9E3779B1u >> 26);
        ref var seen = ref _seen[_depth - 1];
        if ((seen & bit) != 0)
            _suspects |= 1UL << (_depth - 1);
        seen |= bit;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Value(int at)
    {
        ref var token = ref _tokens[_count++];
        (token.Start, token.Next) = (at, _count);
        if (Byte(at) == '"')
        {
            token.Kind = JsonKind.String;
            token.Start = at + 1;
            var end = TextEnd(at + 1, out var escaped);
            token.Length = end - token.Start;
            if (escaped)
                token.Marks |= JsonMarks.Escaped;
            return end < 0 ? end : end + 1;
        }
        return Other(at, ref token);
    }

    private int Other(int at, ref JsonToken token)
    {
        switch (Byte(at))
        {
            case (byte)'{':
                token.Kind = JsonKind.Object;
                return Open(at);
            case (byte)'[':
                token.Kind = JsonKind.Array;
                return Open(at);
            case (byte)'t':
                token.Kind = JsonKind.True;
                return Literal(at, "true"u8, ref token);
            case (byte)'f':
                token.Kind = JsonKind.False;
                return Literal(at, "false"u8, ref token);
            case (byte)'n':
                token.Kind = JsonKind.Null;
                return Literal(at, "null"u8, ref token);
            default:
                token.Kind = JsonKind.Number;
                var behind = Number(at);
                token.Length = behind - at;
                return behind;
        }
    }

    private int Open(int at)
    {
        if (_depth == JsonTree.MaxDepth)
            return Fail($"It is nested more than {JsonTree.MaxDepth} levels deep.", at);
        _suspects &= ~(1UL << _depth);
        _seen[_depth] = 0;
        _stack[_depth++] = _count - 1;
        return at + 1;
    }

    private int Close(int at)
    {
        var top = _stack[--_depth];
        ref var token = ref _tokens[top];
        token.Length = at - token.Start;
        token.Next = _count;
        return _isObject && (_suspects >> _depth & 1) != 0 && HasTwice(top, _count) ? Failed : at;
    }

    /// <summary>Looks at the keys of an object of which two share a bit.</summary>
    private bool HasTwice(int container, int count)
    {
        var twice = _keys.FirstTwice(_tokens.AsSpan(0, count), container, _utf8, _names);
        if (twice >= 0)
            Fail("The same property stands twice in one object.", _tokens[twice].KeyStart - 1);
        return twice >= 0;
    }

    private int Literal(int at, ReadOnlySpan<byte> literal, ref JsonToken token)
    {
        if (!_utf8[at..].StartsWith(literal))
            return Fail("A JSON value is expected.", at);
        token.Length = literal.Length;
        return at + literal.Length;
    }

    private int Number(int start)
    {
        var at = Byte(start) == '-' ? start + 1 : start;
        if (!IsDigit(at))
            return Fail(start == at ? "A JSON value is expected." : "A digit is expected behind the minus sign.", at);
        if (Byte(at) == '0' && IsDigit(at + 1))
            return Fail("A number must not begin with a zero before another digit.", start);
        at = Digits(at);
        if (Byte(at) == '.')
        {
            if (!IsDigit(++at))
                return Fail("A digit is expected behind the decimal point.", at);
            at = Digits(at);
        }
        if (Byte(at) is not ((byte)'e' or (byte)'E'))
            return at;
        at++;
        if (Byte(at) is (byte)'+' or (byte)'-')
            at++;
        return IsDigit(at) ? Digits(at) : Fail("A digit is expected in the exponent.", at);
    }

    private readonly bool IsDigit(int at) => (uint)(Byte(at) - '0') <= 9;

    private readonly int Digits(int at)
    {
        while (IsDigit(at))
            at++;
        return at;
    }

    /// <summary>The place of the quote that ends the string whose first byte is given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int TextEnd(int start, out bool escaped)
    {
        var text = _utf8[start..];
        var plain = JsonText.IndexOfSpecial(text);
        escaped = false;
        return (uint)plain < (uint)text.Length && text[plain] == '"' ? start + plain : OddTextEnd(start, out escaped);
    }

    private int OddTextEnd(int start, out bool escaped)
    {
        escaped = false;
        var at = start;
        while (true)
        {
            var plain = JsonText.IndexOfSpecial(_utf8[at..]);
            if (plain < 0)
                return Fail("The string has no end.", start - 1);
            at += plain;
            if (_utf8[at] == '"')
                return at;
            if (_utf8[at] != '\\')
                return Fail("A control character in a string must be escaped.", at);
            escaped = true;
            if ((at = Escape(at)) < 0)
                return at;
        }
    }

    private int Escape(int start)
    {
        var kind = Byte(start + 1);
        var at = start + 2;
        if (kind != 'u')
            return "\"\\/bfnrt"u8.Contains(kind) ? at : Fail("The escape in the string is not one that JSON has.", start);
        if (!Hex(at, out var unit))
            return Fail("Four hexadecimal digits are expected in the escape.", start);
        at += 4;
        if (!char.IsSurrogate((char)unit))
            return at;
        var paired = char.IsHighSurrogate((char)unit) && _utf8[at..].StartsWith("\\u"u8) && Hex(at + 2, out var low) && char.IsLowSurrogate((char)low);
        return paired ? at + 6 : Fail("The escape is half of a surrogate pair.", start);
    }

    private readonly bool Hex(int at, out int unit)
    {
        unit = 0;
        for (var end = at + 4; at < end; at++)
        {
            if (!char.IsAsciiHexDigit((char)Byte(at)))
                return false;
            unit = (unit << 4) | Convert.ToInt32(((char)Byte(at)).ToString(), 16);
        }
        return true;
    }

    /// <summary>The next place that is no white space.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int Space(int at) => Byte(at) > ' ' ? at : Spaces(at);

    private readonly int Spaces(int at)
    {
        while (at < _utf8.Length && _utf8[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            at++;
        return at;
    }

    /// <summary>The byte there; 0 behind the end (a real 0 is right nowhere).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly byte Byte(int at)
    {
        // A copy of its own is known to keep its length: the bounds are looked at once.
        var utf8 = _utf8;
        return (uint)at < (uint)utf8.Length ? utf8[at] : (byte)0;
    }

    private int Fail(string text, int at)
    {
        (Fault, FaultAt) = (at >= _utf8.Length ? "The input ends too early." : text, Math.Min(at, _utf8.Length));
        return Failed;
    }
}
