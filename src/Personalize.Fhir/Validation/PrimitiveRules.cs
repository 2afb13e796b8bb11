using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;
using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Validation;

/// <summary>What is wrong with a primitive: its kind of JSON, or else its syntax.</summary>
internal sealed record PrimitiveFault(bool IsKind, string Text);

/// <summary>The syntax of FHIR's primitives, judged on the bytes. Source: FHIR R4, Data Types, the regular expression of each.</summary>
internal static class PrimitiveRules
{
    private const int MaxString = 1024 * 1024;
    private static readonly PrimitiveFault _notBoolean = new(true, "true or false is expected (in JSON without quotes).");
    private static readonly PrimitiveFault _notNumber = new(true, "A JSON number is expected.");
    private static readonly PrimitiveFault _notString = new(true, "A JSON string is expected.");
    private static readonly PrimitiveFault _empty = new(false, "A string must not be empty.");
    private static readonly PrimitiveFault _tooLong = new(false, "A string must not be longer than 1 MB.");
    private static readonly PrimitiveFault _control = new(false, "The string holds a control character.");
    private static readonly PrimitiveFault?[] _syntax = [.. Enum.GetNames<PrimitiveKind>().Select(n => new PrimitiveFault(false, $"The value does not have the form of {Article(n)}."))];
    private static readonly SearchValues<byte> _idCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-."u8);
    private static readonly SearchValues<byte> _space = SearchValues.Create(" \t\r\n\f\v"u8);
    private static readonly SearchValues<byte> _controls = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (byte)c).Where(c => c is not (9 or 10 or 13))]);

    // Primitives of which any string will do, and those of which any will do that holds no white space.
    private const uint Prose = 1u << (int)PrimitiveKind.String | 1u << (int)PrimitiveKind.Markdown;
    private const uint Names = Prose | 1u << (int)PrimitiveKind.Code | 1u << (int)PrimitiveKind.Uri | 1u << (int)PrimitiveKind.Url | 1u << (int)PrimitiveKind.Canonical;

    /// <summary>True for most values: strings that are seen to be sound without a look at their bytes. The others may be so too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPlainlySound(PrimitiveKind kind, in JsonToken token) =>
        ((token.Has(JsonMarks.Solid) ? Names : Prose) >> (int)kind & 1) != 0 && token.Kind == JsonKind.String && !token.Has(JsonMarks.Escaped) && (uint)(token.Length - 1) < MaxString;

    /// <summary>The fault of the value at that row; null when it is sound.</summary>
    public static PrimitiveFault? Fault(PrimitiveKind kind, JsonTree tree, int node)
    {
        ref readonly var token = ref tree[node];
        // The way of nearly all: a plain string that is neither empty nor huge.
        if (token.Kind == JsonKind.String && !token.Has(JsonMarks.Escaped) && (uint)(token.Length - 1) < MaxString && kind is not (PrimitiveKind.Boolean or PrimitiveKind.Decimal or PrimitiveKind.Integer or PrimitiveKind.PositiveInt or PrimitiveKind.UnsignedInt))
            return IsWellFormed(kind, tree.Raw(node)) ? null : _syntax[(int)kind];
        switch (kind)
        {
            case PrimitiveKind.Boolean:
                return token.Kind is JsonKind.True or JsonKind.False ? null : _notBoolean;
            case PrimitiveKind.Decimal:
                return token.Kind == JsonKind.Number ? null : _notNumber;
            case PrimitiveKind.Integer or PrimitiveKind.PositiveInt or PrimitiveKind.UnsignedInt:
                return token.Kind != JsonKind.Number ? _notNumber : IsInteger(kind, tree.Raw(node)) ? null : _syntax[(int)kind];
            default:
                if (token.Kind != JsonKind.String)
                    return _notString;
                return token.Has(JsonMarks.Escaped) && !IsPlainProse(kind, tree.Raw(node)) ? Text(kind, Encoding.UTF8.GetBytes(tree.Text(node)), true) : Text(kind, tree.Raw(node), false);
        }
    }

    /// <summary>Escapes in text for people, such as quotes and ends of lines, that change nothing in what is asked of it: it need not be unescaped.</summary>
    private static bool IsPlainProse(PrimitiveKind kind, ReadOnlySpan<byte> raw) =>
        (kind is PrimitiveKind.String or PrimitiveKind.Markdown || (kind == PrimitiveKind.Xhtml && raw[0] != '\\')) && raw.Length <= MaxString
        && raw.IndexOf("\\u"u8) < 0 && raw.IndexOf("\\b"u8) < 0 && raw.IndexOf("\\f"u8) < 0;

    private static PrimitiveFault? Text(PrimitiveKind kind, ReadOnlySpan<byte> text, bool escaped)
    {
        if (text.IsEmpty)
            return _empty;
        // Only an escape can bring a control character in: bare ones are no JSON.
        if (escaped && text.ContainsAny(_controls))
            return _control;
        if (text.Length > MaxString && kind is PrimitiveKind.String or PrimitiveKind.Markdown or PrimitiveKind.Code)
            return _tooLong;
        return IsWellFormed(kind, text) ? null : _syntax[(int)kind];
    }

    private static bool IsWellFormed(PrimitiveKind kind, ReadOnlySpan<byte> text) => kind switch
    {
        PrimitiveKind.Code => IsCode(text),
        PrimitiveKind.Id => text.Length <= 64 && !text.ContainsAnyExcept(_idCharacters),
        PrimitiveKind.Uri or PrimitiveKind.Url or PrimitiveKind.Canonical => !HasControlOrSpace(text) || !text.ContainsAny(_space),
        PrimitiveKind.Oid => IsOid(text),
        PrimitiveKind.Uuid => IsUuid(text),
        PrimitiveKind.Date => TemporalRules.IsDate(text),
        PrimitiveKind.DateTime => TemporalRules.IsDateTime(text),
        PrimitiveKind.Instant => TemporalRules.IsInstant(text),
        PrimitiveKind.Time => TemporalRules.IsTime(text),
        PrimitiveKind.Base64Binary => Base64.IsValid(text) || IsPaddedLoosely(text),
        PrimitiveKind.Xhtml => text.TrimStart(" \t\r\n"u8).StartsWith("<div"u8),
        _ => true,
    };

    /// <summary>Whether it is base64 but for the last character before the padding, whose bits that say nothing need not be zero (RFC 4648, 3.5).</summary>
    private static bool IsPaddedLoosely(ReadOnlySpan<byte> text)
    {
        var last = text.LastIndexOfAnyExcept("= \t\r\n"u8);
        if (last < 0 || text[last..].IndexOf((byte)'=') < 0 || !(char.IsAsciiLetterOrDigit((char)text[last]) || text[last] is (byte)'+' or (byte)'/'))
            return false;
        var padded = text.ToArray();
        padded[last] = (byte)'A';
        return Base64.IsValid(padded);
    }

    /// <summary>No white space at the ends, and inside only single spaces.</summary>
    private static bool IsCode(ReadOnlySpan<byte> text)
    {
        if (!HasControlOrSpace(text))
            return true;
        for (var at = text.IndexOfAny(_space); at >= 0; at = Next(text, at))
            if (text[at] != ' ' || at == 0 || at == text.Length - 1 || _space.Contains(text[at + 1]))
                return false;
        return true;

        static int Next(ReadOnlySpan<byte> text, int at) => text[(at + 1)..].IndexOfAny(_space) is >= 0 and var next ? at + 1 + next : -1;
    }

    private static bool HasControlOrSpace(ReadOnlySpan<byte> text) => text.ContainsAnyInRange((byte)0, (byte)' ');

    private static bool IsInteger(PrimitiveKind kind, ReadOnlySpan<byte> digits)
    {
        var least = kind switch { PrimitiveKind.PositiveInt => 1, PrimitiveKind.UnsignedInt => 0, _ => int.MinValue };
        return Utf8Parser.TryParse(digits, out int value, out var used) && used == digits.Length && value >= least && !digits.SequenceEqual("-0"u8);
    }

    private static bool IsOid(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("urn:oid:"u8) || text.Length < 11 || text[8] is < (byte)'0' or > (byte)'2' || text[9] != '.')
            return false;
        foreach (var range in text[10..].Split((byte)'.'))
        {
            var part = text[10..][range];
            if (part.IsEmpty || part.ContainsAnyExceptInRange((byte)'0', (byte)'9') || (part.Length > 1 && part[0] == '0'))
                return false;
        }
        return true;
    }

    private static bool IsUuid(ReadOnlySpan<byte> text)
    {
        if (text.Length != 45 || !text.StartsWith("urn:uuid:"u8))
            return false;
        var uuid = text[9..];
        for (var at = 0; at < uuid.Length; at++)
            if (at is 8 or 13 or 18 or 23 ? uuid[at] != '-' : !char.IsAsciiHexDigitLower((char)uuid[at]))
                return false;
        return true;
    }

    private static string Article(string kind)
    {
        var name = char.ToLowerInvariant(kind[0]) + kind[1..];
        return "aeiou".Contains(name[0], StringComparison.Ordinal) ? $"an {name}" : $"a {name}";
    }
}
