using System.Text;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>The writer's view: makes numbers, and forgets those of a commit that was undone.</summary>
internal sealed class WriterNumbers(WritingSession session, Numbers numbers)
{
    private const int MaxKnown = 200_000;
    private const int LongestKnown = 200;
    private readonly Dictionary<string, long> _symbols = [];
    private readonly Dictionary<long, Dictionary<string, long>> _resources = [];
    private int _knownResources;
    private readonly HashSet<(long, string)> _absent = [];
    private readonly List<string> _newSymbols = [];
    private readonly List<(long, string)> _newResources = [];
    private long _lastN;

    /// <summary>What was given last; set by <see cref="Begin"/>.</summary>
    public Counters Counters { get; private set; } = new();

    /// <summary>A transaction begins, with these counters.</summary>
    public void Begin(Counters counters)
    {
        (Counters, _lastN) = (counters, counters.N);
        _absent.Clear();
    }

    public long Of(SearchParameter parameter) => numbers.Of(parameter);

    /// <summary>True for a resource that has its number since this transaction.</summary>
    public bool IsNew(long n) => n > _lastN;

    /// <summary>The number of a resource, when this writer has met it.</summary>
    public long? Known(ResourceKey key) => _symbols.TryGetValue(key.Type, out var type) ? Known(type, key.Id.ToString()) : null;

    /// <summary>Asks for the numbers of resources together; gives those that have one.</summary>
    public long[] Expect(IReadOnlyList<ResourceKey> keys)
    {
        var wanted = keys.Select(key => (Type: Symbol(key.Type), Id: key.Id.ToString())).ToHashSet();
        var unknown = wanted.Where(key => Known(key.Type, key.Id) is null).ToHashSet();
        if (unknown.Count > 0)
            Ask(unknown);
        _absent.UnionWith(unknown);
        return [.. wanted.Select(key => Known(key.Type, key.Id)).OfType<long>()];
    }

    /// <summary>As <see cref="Symbol(string)"/>; of a text that is known no string is made.</summary>
    public long Symbol(ReadOnlySpan<byte> utf8)
    {
        Span<char> text = stackalloc char[LongestKnown];
        return utf8.Length <= LongestKnown && _symbols.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..Encoding.UTF8.GetChars(utf8, text)], out var known)
            ? known : Symbol(Encoding.UTF8.GetString(utf8));
    }

    public long Symbol(string text)
    {
        if (_symbols.TryGetValue(text, out var known))
            return known;
        if (session.Number("SELECT id FROM sym WHERE text=?", session.Dialect.Key(text)) is not { } id)
        {
            session.Insert(Tables.Sym, id = ++Counters.Symbol, text);
            _newSymbols.Add(text);
        }
        return _symbols[text] = id;
    }

    /// <summary>As <see cref="Resource(string, string)"/>; of one that is known no strings are made.</summary>
    public long Resource(ReadOnlySpan<byte> type, ReadOnlySpan<byte> id)
    {
        Span<char> text = stackalloc char[LongestKnown];
        return id.Length <= LongestKnown && _resources.TryGetValue(Symbol(type), out var ofType)
            && ofType.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..Encoding.UTF8.GetChars(id, text)], out var known)
            ? known : Resource(Encoding.UTF8.GetString(type), Encoding.UTF8.GetString(id));
    }

    public long Resource(string type, string id)
    {
        var key = (Symbol(type), id);
        if (Known(key.Item1, id) is { } known)
            return known;
        if (Given(key, Counters.N + 1) is { } n)
            return Know(key.Item1, id, n);
        _newResources.Add(key);
        return Know(key.Item1, id, ++Counters.N);
    }

    /// <summary>The number of a resource; null when it had none and has the next one now. Where rows are not kept back, one look into the index does both.</summary>
    private long? Given((long Type, string Id) key, long next)
    {
        if (!session.IsShared && session.TryInsert(Tables.Ids, next, key.Id, key.Type))
            return null;
        if (!_absent.Contains(key) && session.Number("SELECT n FROM ids WHERE id=? AND type=?", key.Id, key.Type) is { } n)
            return n;
        session.Insert(Tables.Ids, next, key.Id, key.Type);
        return null;
    }

    /// <summary>What was made since then is in the database for good.</summary>
    public void Keep()
    {
        _newSymbols.Clear();
        _newResources.Clear();
        if (_symbols.Count > MaxKnown)
            _symbols.Clear();
        if (_knownResources <= MaxKnown)
            return;
        _resources.Clear();
        _knownResources = 0;
    }

    /// <summary>What was made since then was undone; numbers that were given for it are left out.</summary>
    public void Forget(int symbols = 0, int resources = 0)
    {
        _newSymbols[symbols..].ForEach(s => _symbols.Remove(s));
        _newResources[resources..].ForEach(r => _resources.GetValueOrDefault(r.Item1)?.Remove(r.Item2));
        _newSymbols.RemoveRange(symbols, _newSymbols.Count - symbols);
        _newResources.RemoveRange(resources, _newResources.Count - resources);
    }

    /// <summary>How many numbers were made in this transaction, for <see cref="Forget"/>.</summary>
    public (int Symbols, int Resources) Made => (_newSymbols.Count, _newResources.Count);

    private long? Known(long type, string id) => _resources.TryGetValue(type, out var ofType) && ofType.TryGetValue(id, out var n) ? n : null;

    private long Know(long type, string id, long n)
    {
        if (!_resources.TryGetValue(type, out var ofType))
            _resources[type] = ofType = [];
        _knownResources++;
        return ofType[id] = n;
    }

    private void Ask(HashSet<(long Type, string Id)> unknown)
    {
        using var rows = session.Query($"SELECT id, type, n FROM ids WHERE id {session.Dialect.AnyOf}", unknown.Select(key => key.Id).Distinct().ToArray());
        while (rows.Step())
            if (unknown.Remove((rows.Int64(1), rows.Text(0))))
                Know(rows.Int64(1), rows.Text(0), rows.Int64(2));
    }
}
