using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Personalize.Fhir.Json;

/// <summary>Reads JSON in one pass, without recursion, into the rows of a node table.</summary>
internal ref struct JsonParser
{
    // One table a thread is grown and used again, so that a resource costs no more than its own rows.
    [ThreadStatic] private static JsonToken[]? _scratch;
    [ThreadStatic] private static int[]? _open;
    [ThreadStatic] private static JsonKeys? _twice;

    private readonly ReadOnlySpan<byte> _utf8;
    private readonly JsonNames _names;
    private readonly int[] _stack;
    private readonly JsonKeys _keys;
    private JsonToken[] _tokens;
    private int _count;
    private int _depth;
    private int _at;

    public JsonParser(ReadOnlySpan<byte> utf8, JsonNames names)
    {
        _utf8 = utf8;
        _names = names;
        _tokens = _scratch ??= new JsonToken[1024];
        _stack = _open ??= new int[JsonTree.MaxDepth];
        _keys = _twice ??= new();
    }

    /// <summary>What is wrong, as a sentence; empty when nothing is.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>The byte at which it is wrong.</summary>
    public int FaultAt { get; private set; }

    public bool TryRun([NotNullWhen(true)] out JsonToken[]? tokens)
    {
        tokens = null;
        if (!IsUtf8() || !Run())
            return false;
        tokens = _tokens.AsSpan(0, _count).ToArray();
        // A table that one huge input has grown is not kept.
        _scratch = _tokens.Length <= 1 << 18 ? _tokens : null;
        return true;
    }

    private bool IsUtf8()
    {
        if (Utf8.IsValid(_utf8))
            return true;
        var (at, used) = (0, 0);
        while (Rune.DecodeFromUtf8(_utf8[at..], out _, out used) == OperationStatus.Done)
            at += used;
        return Fail("The bytes are not valid UTF-8.", at);
    }

    private bool Run()
    {
        SkipSpace();
        if (!Value(-1, JsonNames.Unknown, JsonMarks.None))
            return false;
        var fresh = true;
        while (_depth > 0)
            if (!Step(ref fresh))
                return false;
        SkipSpace();
        return _at == _utf8.Length || Fail("There is something behind the end of the JSON value.", _at);
    }

    /// <summary>One member or item of the container that is open, or its end.</summary>
    private bool Step(ref bool fresh)
    {
        SkipSpace();
        var isObject = _tokens[_stack[_depth - 1]].Kind == JsonKind.Object;
        var next = Peek();
        if (next == (isObject ? '}' : ']'))
        {
            fresh = false;
            return Close(isObject);
        }
        if (!fresh)
        {
            if (next != ',')
                return Fail(isObject ? "A comma or a closing brace is expected." : "A comma or a closing bracket is expected.", _at);
            _at++;
            SkipSpace();
        }
        var before = _depth;
        if (!(isObject ? Member() : Value(-1, JsonNames.Unknown, JsonMarks.None)))
            return false;
        fresh = _depth > before;
        return true;
    }

    private bool Member()
    {
        if (Peek() != '"')
            return Fail("A property name in quotes is expected.", _at);
        var start = _at + 1;
        if (!Text(out var escaped))
            return false;
        var marks = escaped ? JsonMarks.KeyEscaped : JsonMarks.None;
        var key = _utf8[start..(_at - 1)];
        if (escaped)
            key = Encoding.UTF8.GetBytes(JsonText.Read(key, true));
        var isTwin = key.Length > 1 && key[0] == '_';
        var name = _names.Find(isTwin ? key[1..] : key);
        if (isTwin && name != JsonNames.Unknown)
        {
            marks |= JsonMarks.Twin;
            _tokens[_stack[_depth - 1]].Marks |= JsonMarks.HasTwins;
        }
        SkipSpace();
        if (Peek() != ':')
            return Fail("A colon is expected behind the property name.", _at);
        _at++;
        SkipSpace();
        return Value(start, name, marks);
    }

    private bool Value(int key, ushort name, JsonMarks marks)
    {
        if (_count == _tokens.Length)
            Array.Resize(ref _tokens, _count * 2);
        ref var token = ref _tokens[_count++];
        token = new() { Start = _at, KeyStart = key, Name = name, Marks = marks, Next = _count };
        switch (Peek())
        {
            case (byte)'"':
                token.Kind = JsonKind.String;
                token.Start = _at + 1;
                var read = Text(out var escaped);
                token.Length = _at - 1 - token.Start;
                token.Marks |= escaped ? JsonMarks.Escaped : JsonMarks.None;
                return read;
            case (byte)'{':
                token.Kind = JsonKind.Object;
                return Open();
            case (byte)'[':
                token.Kind = JsonKind.Array;
                return Open();
            case (byte)'t':
                token.Kind = JsonKind.True;
                return Literal("true"u8, ref token);
            case (byte)'f':
                token.Kind = JsonKind.False;
                return Literal("false"u8, ref token);
            case (byte)'n':
                token.Kind = JsonKind.Null;
                return Literal("null"u8, ref token);
            default:
                token.Kind = JsonKind.Number;
                var isNumber = Number();
                token.Length = _at - token.Start;
                return isNumber;
        }
    }

    private bool Open()
    {
        if (_depth == JsonTree.MaxDepth)
            return Fail($"It is nested more than {JsonTree.MaxDepth} levels deep.", _at);
        _stack[_depth++] = _count - 1;
        _at++;
        return true;
    }

    private bool Close(bool isObject)
    {
        var top = _stack[--_depth];
        _at++;
        _tokens[top].Length = _at - _tokens[top].Start;
        _tokens[top].Next = _count;
        if (!isObject)
            return true;
        var twice = _keys.FirstTwice(_tokens.AsSpan(0, _count), top, _utf8, _names);
        return twice < 0 || Fail("The same property stands twice in one object.", _tokens[twice].KeyStart - 1);
    }

    private bool Literal(ReadOnlySpan<byte> literal, ref JsonToken token)
    {
        if (!_utf8[_at..].StartsWith(literal))
            return Fail("A JSON value is expected.", _at);
        token.Length = literal.Length;
        _at += literal.Length;
        return true;
    }

    private bool Number()
    {
        var start = _at;
        if (Peek() == '-')
            _at++;
        if (!char.IsAsciiDigit((char)Peek()))
            return Fail(start == _at ? "A JSON value is expected." : "A digit is expected behind the minus sign.", start == _at ? start : _at);
        if (Peek() == '0')
        {
            _at++;
            if (char.IsAsciiDigit((char)Peek()))
                return Fail("A number must not begin with a zero before another digit.", start);
        }
        SkipDigits();
        if (Peek() == '.')
        {
            _at++;
            if (!Digits("A digit is expected behind the decimal point."))
                return false;
        }
        if (Peek() is (byte)'e' or (byte)'E')
        {
            _at++;
            if (Peek() is (byte)'+' or (byte)'-')
                _at++;
            return Digits("A digit is expected in the exponent.");
        }
        return true;
    }

    private bool Digits(string otherwise)
    {
        if (!char.IsAsciiDigit((char)Peek()))
            return Fail(otherwise, _at);
        SkipDigits();
        return true;
    }

    private void SkipDigits()
    {
        while (_at < _utf8.Length && (uint)(_utf8[_at] - '0') <= 9)
            _at++;
    }

    /// <summary>Reads a string from its first quote to behind its last.</summary>
    private bool Text(out bool escaped)
    {
        escaped = false;
        var quote = _at++;
        while (true)
        {
            var plain = JsonText.IndexOfSpecial(_utf8[_at..]);
            if (plain < 0)
                return Fail("The string has no end.", quote);
            _at += plain;
            switch (_utf8[_at])
            {
                case (byte)'"':
                    _at++;
                    return true;
                case (byte)'\\':
                    escaped = true;
                    if (!Escape())
                        return false;
                    break;
                default:
                    return Fail("A control character in a string must be escaped.", _at);
            }
        }
    }

    private bool Escape()
    {
        var start = _at++;
        var kind = Peek();
        _at++;
        if (kind != 'u')
            return "\"\\/bfnrt"u8.Contains(kind) || Fail("The escape in the string is not one that JSON has.", start);
        if (!Hex(out var unit))
            return Fail("Four hexadecimal digits are expected in the escape.", start);
        if (!char.IsSurrogate((char)unit))
            return true;
        var paired = char.IsHighSurrogate((char)unit) && _utf8[_at..].StartsWith("\\u"u8);
        _at += paired ? 2 : 0;
        return (paired && Hex(out var low) && char.IsLowSurrogate((char)low)) || Fail("The escape is half of a surrogate pair.", start);
    }

    private bool Hex(out int unit)
    {
        unit = 0;
        for (var digit = 0; digit < 4; digit++, _at++)
        {
            if (!char.IsAsciiHexDigit((char)Peek()))
                return false;
            unit = (unit << 4) | Convert.ToInt32(((char)Peek()).ToString(), 16);
        }
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipSpace()
    {
        if (_at >= _utf8.Length || _utf8[_at] <= ' ')
            SkipSpaces();
    }

    private void SkipSpaces()
    {
        while (_at < _utf8.Length && _utf8[_at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            _at++;
    }

    /// <summary>The next byte; 0 at the end (a real 0 is right nowhere).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly byte Peek() => _at < _utf8.Length ? _utf8[_at] : (byte)0;

    private bool Fail(string text, int at)
    {
        (Fault, FaultAt) = (at >= _utf8.Length ? "The input ends too early." : text, Math.Min(at, _utf8.Length));
        return false;
    }
}
