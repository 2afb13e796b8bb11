using System.Collections.Immutable;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Json;

/// <summary>JSON as UTF-8 bytes and one flat table of nodes over them; names are interned. Immutable.</summary>
public sealed class JsonTree
{
    /// <summary>The deepest nesting of objects and arrays that is read.</summary>
    public const int MaxDepth = 64;

    [ThreadStatic] private static JsonScratch? _scratch;

    private JsonToken[] _tokens;

    internal JsonTree(ReadOnlyMemory<byte> bytes, JsonToken[] tokens, int count, JsonNames names) => (Bytes, _tokens, Count, Names) = (bytes, tokens, count, names);

    /// <summary>The bytes, as received.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The names that have a number here.</summary>
    public JsonNames Names { get; }

    /// <summary>The outermost value.</summary>
    public JsonItem Root => new(this, 0);

    /// <summary>How many values there are.</summary>
    public int Count { get; }

    /// <summary>Reads strict JSON (RFC 8259): UTF-8 without fault, no duplicate key, at most 64 levels, nothing behind the end. The memory must not change afterwards.</summary>
    public static Outcome<JsonTree> Parse(ReadOnlyMemory<byte> utf8) => Parse(utf8, JsonNames.None);

    /// <summary>Reads strict JSON and gives the names of that table their numbers.</summary>
    public static Outcome<JsonTree> Parse(ReadOnlyMemory<byte> utf8, JsonNames names)
    {
        // One table a thread is grown and used again, so that a tree costs no more than its own rows.
        var scratch = _scratch ??= new();
        var read = Parse(utf8, names, scratch);
        if (read.Failure is null)
            read.Value._tokens = read.Value._tokens.AsSpan(0, read.Value.Count).ToArray();
        scratch.Trim();
        return read;
    }

    /// <summary>As <see cref="Parse(ReadOnlyMemory{byte}, JsonNames)"/>, with rows that are not the tree's own: it must not be asked once they are filled with something else.</summary>
    internal static Outcome<JsonTree> Parse(ReadOnlyMemory<byte> utf8, JsonNames names, JsonScratch scratch)
    {
        var parser = new JsonParser(utf8.Span, names, scratch);
        var isRead = parser.Run();
        scratch.Rows = parser.Tokens;
        return isRead ? new JsonTree(utf8, parser.Tokens, parser.Count, names) : Fault(utf8.Span, parser.Fault, parser.FaultAt);
    }

    /// <summary>Takes the rows away: whoever asks for one from now on is told by an exception.</summary>
    internal void Release() => _tokens = [];

    /// <summary>Line (from 1) and column (in bytes, from 1) at which a value begins; of JSON that was made of XML those of the XML (column in characters).</summary>
    public (int Line, int Column) Position(int node) => Source?.At(_tokens[node].Place) ?? PositionOf(Bytes.Span, _tokens[node].Place);

    /// <summary>Where its values stood in the document from which it was made; null when its own bytes are that document.</summary>
    internal SourcePlaces? Source { get; private init; }

    /// <summary>The same tree with the places of the document from which it was made.</summary>
    internal JsonTree From(SourcePlaces source) => new(Bytes, _tokens, Count, Names) { Source = source };

    internal ref readonly JsonToken this[int node] => ref _tokens[node];

    internal ReadOnlySpan<byte> Raw(int node) => Bytes.Span.Slice(_tokens[node].Start, _tokens[node].Length);

    internal string Text(int node) => _tokens[node].Kind switch
    {
        JsonKind.True => "true",
        JsonKind.False => "false",
        _ => JsonText.Read(Raw(node), _tokens[node].Has(JsonMarks.Escaped)),
    };

    internal ReadOnlySpan<JsonToken> Tokens => _tokens;

    /// <summary>The key as it stands, quotes and escapes aside; empty for an item of an array.</summary>
    internal string Key(int node)
    {
        ref readonly var token = ref _tokens[node];
        if (token.KeyStart < 0)
            return "";
        if (token.Name != JsonNames.Unknown)
            return token.Has(JsonMarks.Twin) ? "_" + Names.Name(token.Name) : Names.Name(token.Name);
        return JsonText.Read(JsonKeys.RawKey(token, Bytes.Span), token.Has(JsonMarks.KeyEscaped));
    }

    /// <summary>A tree of its own with a copy of the bytes of that value alone.</summary>
    internal JsonTree Cut(int node)
    {
        var token = _tokens[node];
        var rows = _tokens[node..token.Next];
        rows[0].KeyStart = -1;
        rows[0].Name = JsonNames.Unknown;
        foreach (ref var row in rows.AsSpan())
        {
            row.Start -= token.Place;
            row.KeyStart -= row.KeyStart < 0 ? 0 : token.Place;
            row.Next -= node;
        }
        return new(Bytes[token.Place..token.End].ToArray(), rows, rows.Length, Names) { Source = Source?.From(token.Place) };
    }

    internal static (int Line, int Column) PositionOf(ReadOnlySpan<byte> utf8, int at)
    {
        var before = utf8[..Math.Min(at, utf8.Length)];
        return (before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'));
    }

    private static Failure.Invalid Fault(ReadOnlySpan<byte> utf8, string text, int at)
    {
        var (line, column) = PositionOf(utf8, at);
        return new(ImmutableArray.Create(new Issue(IssueSeverity.Fatal, "invalid", text, null, line, column)));
    }
}
