using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Search;

/// <summary>The values of all search parameters of one resource after another, in memory that is used again: what it holds lasts until it is filled the next time. For one thread at a time.</summary>
public sealed class IndexEntries
{
    // Memory that one huge resource has grown is not kept.
    private const int KeptEntries = 1 << 14;
    private const int KeptBytes = 1 << 20;

    private IndexEntry[] _entries;
    private byte[] _texts;
    private int _textLength;
    private JsonTree? _tree;
    private WalkTree? _walk;
    private SearchCatalog? _catalog;
    private FhirType? _type;
    private readonly int[] _groups = new int[WalkTree.DeepestGroup + 1];
    private int _lastGroup;
    private readonly List<ChartRow> _chart = [];

    /// <summary>An empty list.</summary>
    public IndexEntries()
        : this(new IndexEntry[64], new byte[1024])
    {
    }

    private IndexEntries(IndexEntry[] entries, byte[] texts) => (_entries, _texts) = (entries, texts);

    /// <summary>How many values were found. The same value may stand twice when the resource says it twice.</summary>
    public int Count { get; private set; }

    /// <summary>The values.</summary>
    public ReadOnlySpan<IndexEntry> All => _entries.AsSpan(0, Count);

    /// <summary>Finds the values of all search parameters; <c>_id</c> and <c>_lastUpdated</c> are left out (the row of the resource has them).</summary>
    public void Fill(Resource resource, SearchCatalog catalog)
    {
        if (_entries.Length > KeptEntries || _texts.Length > KeptBytes)
            (_entries, _texts) = (new IndexEntry[64], new byte[1024]);
        (Count, _textLength, _tree, _lastGroup) = (0, 0, resource.Tree, 0);
        if (_walk is null || !ReferenceEquals(_type, resource.Root.Type) || !ReferenceEquals(_catalog, catalog))
            (_walk, _type, _catalog) = (catalog.Tree(resource.Type), resource.Root.Type, catalog);
        new IndexWalk(resource.Tree, this).Run(_walk, resource.Root);
    }

    /// <summary>As <see cref="HomeAddresses.Holds"/>.</summary>
    internal bool IsHome(ReadOnlySpan<byte> before) => _catalog!.Home.Holds(before);

    /// <summary>The same values in memory of their own, no larger than they need, which lasts as long as the resource does.</summary>
    public IndexEntries Copy() => new(_entries[..Count], _texts[.._textLength])
    {
        _textLength = _textLength,
        _tree = _tree,
        _walk = _walk,
        _catalog = _catalog,
        _type = _type,
        Count = Count,
    };

    /// <summary>The parameter that found a value.</summary>
    public SearchParameter Parameter(in IndexEntry entry) => _walk!.Parameters[entry.Number];

    /// <summary>True when an index needs a row for a value: it does not stand among those of another parameter (see <see cref="SearchCatalog.SourceOf"/>).</summary>
    public bool HasRow(in IndexEntry entry) => _walk!.Sources[entry.Number]?.Holds(entry.Kind) != true;

    /// <summary>The bytes of a text, UTF-8.</summary>
    public ReadOnlyMemory<byte> Bytes(IndexText text) =>
        text.Start < 0 ? _texts.AsMemory(~text.Start, text.Length) : text.Length == 0 ? default : _tree!.Bytes.Slice(text.Start, text.Length);

    /// <summary>A text as a string.</summary>
    public string Text(IndexText text) => text.Length == 0 ? "" : Encoding.UTF8.GetString(Bytes(text).Span);

    /// <summary>The rows of the resource in the charts of its patients, each once. They last until they are asked for the next time.</summary>
    public ReadOnlySpan<ChartRow> ChartRows()
    {
        _chart.Clear();
        foreach (ref readonly var patient in All)
            if (_walk!.Roles[patient.Number] == ChartRole.Patient && patient.Kind == IndexKind.Reference && Bytes(patient.Scope).Span.SequenceEqual("Patient"u8))
                ChartOf(patient.Main);
        return CollectionsMarshal.AsSpan(_chart);
    }

    private void ChartOf(IndexText patient)
    {
        foreach (ref readonly var code in All)
            if (_walk!.Roles[code.Number] == ChartRole.Code && code is { Kind: IndexKind.Token, Main.Length: > 0 })
                ChartOf(patient, code);
    }

    private void ChartOf(IndexText patient, in IndexEntry code)
    {
        var isDated = false;
        foreach (ref readonly var date in All)
            if (_walk!.Roles[date.Number] == ChartRole.Date && date.Kind == IndexKind.Date)
            {
                isDated = true;
                Add(new(Parameter(code), patient, code.Main, Math.Max(date.Range.From, Chart.Undated + 1)));
            }
        if (!isDated)
            Add(new(Parameter(code), patient, code.Main, Chart.Undated));
    }

    // A code may stand there with several systems.
    private void Add(in ChartRow row)
    {
        foreach (ref readonly var other in CollectionsMarshal.AsSpan(_chart))
            if (ReferenceEquals(other.Parameter, row.Parameter) && other.From == row.From && IsSame(other.Code, row.Code) && IsSame(other.Patient, row.Patient))
                return;
        _chart.Add(row);
    }

    private bool IsSame(IndexText one, IndexText other) => one.Length == other.Length && Bytes(one).Span.SequenceEqual(Bytes(other).Span);

    /// <summary>The same value as an object of its own, which stays.</summary>
    public IndexValue Value(in IndexEntry entry) => entry.Group == 0 ? Bare(entry) : Bare(entry) with { Group = entry.Group };

    private IndexValue Bare(in IndexEntry entry) => entry.Kind switch
    {
        IndexKind.String => new StringIndex(Parameter(entry), Text(entry.Main), Text(entry.Other)),
        IndexKind.Token => new TokenIndex(Parameter(entry), Text(entry.Scope), Text(entry.Main)),
        IndexKind.Date => new DateIndex(Parameter(entry), entry.Range),
        IndexKind.Number => new NumberIndex(Parameter(entry), entry.Low, entry.High, Text(entry.Scope), Text(entry.Main), Text(entry.Other)),
        IndexKind.Reference => new ReferenceIndex(Parameter(entry), Text(entry.Scope), Text(entry.Main), false),
        IndexKind.Url => new ReferenceIndex(Parameter(entry), Text(entry.Scope), Text(entry.Main), true),
        IndexKind.Identifier => new IdentifierIndex(Parameter(entry), Text(entry.Scope), Text(entry.Main)),
        IndexKind.Canonical => new CanonicalIndex(Parameter(entry), entry.Low, entry.High, Text(entry.Main)),
        IndexKind.Words => new WordsIndex(Parameter(entry), Text(entry.Main)),
        IndexKind.OfType => new OfTypeIndex(Parameter(entry), Text(entry.Scope), Text(entry.Main)),
        _ => new UriIndex(Parameter(entry), Text(entry.Main)),
    };

    /// <summary>The number of the parameter that values are added for.</summary>
    internal ushort Current { get; set; }

    internal void Add(IndexKind kind, IndexText scope, IndexText main, IndexText other = default, long from = 0, long until = 0)
    {
        if (Count == _entries.Length)
            Array.Resize(ref _entries, Count * 2);
        _entries[Count++] = new(Current, GroupOf(Current), kind, scope, main, other, from, until);
    }

    /// <summary>An element begins in which parts of a composite lie together.</summary>
    internal void Group(int depth) => _groups[depth] = ++_lastGroup;

    private int GroupOf(ushort parameter) => _walk!.GroupDepths[parameter] is > 0 and var depth ? _groups[depth] : 0;

    /// <summary>Adds what was added from there on once more, for another parameter.</summary>
    internal void Repeat(int from, int to, ushort parameter)
    {
        while (_entries.Length < Count + to - from)
            Array.Resize(ref _entries, _entries.Length * 2);
        for (var at = from; at < to; at++)
            _entries[Count++] = _entries[at].For(parameter, GroupOf(parameter));
    }

    /// <summary>Keeps a text that does not stand in the resource as it is.</summary>
    internal IndexText Keep(string text)
    {
        var room = Room(Encoding.UTF8.GetMaxByteCount(text.Length));
        Utf8.FromUtf16(text, room, out _, out var length);
        return Kept(length);
    }

    /// <summary>Keeps a copy of bytes.</summary>
    internal IndexText Keep(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        return Kept(text.Length);
    }

    /// <summary>Keeps a copy of ASCII in lower case.</summary>
    internal IndexText KeepLower(ReadOnlySpan<byte> ascii)
    {
        Ascii.ToLower(ascii, Room(ascii.Length), out var length);
        return Kept(length);
    }

    /// <summary>Keeps two texts with a bar between them.</summary>
    internal IndexText KeepJoined(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var room = Room(first.Length + 1 + second.Length);
        first.CopyTo(room);
        room[first.Length] = (byte)'|';
        second.CopyTo(room[(first.Length + 1)..]);
        return Kept(first.Length + 1 + second.Length);
    }

    private Span<byte> Room(int length)
    {
        if (_texts.Length - _textLength < length)
            Array.Resize(ref _texts, Math.Max(_texts.Length * 2, _textLength + length));
        return _texts.AsSpan(_textLength, length);
    }

    private IndexText Kept(int length)
    {
        var text = new IndexText(~_textLength, length);
        _textLength += length;
        return text;
    }
}
