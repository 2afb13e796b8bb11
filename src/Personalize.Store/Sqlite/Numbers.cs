using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sqlite;

/// <summary>The numbers that stand for texts, resources and search parameters in the file. Only numbers that are committed are kept here; safe for concurrent use.</summary>
internal sealed class Numbers
{
    private readonly ConcurrentDictionary<string, long> _symbols = new();
    private readonly FrozenDictionary<(string, string), long> _parameters;

    public Numbers(IReadOnlyDictionary<(string Type, string Code), long> parameters) => _parameters = parameters.ToFrozenDictionary();

    /// <summary>The number of a search parameter.</summary>
    public long Of(SearchParameter parameter) => _parameters[(parameter.ResourceType, parameter.Code)];

    /// <summary>The number of a text, or -1 when the store has never seen it.</summary>
    public long Find(Session session, string text)
    {
        if (_symbols.TryGetValue(text, out var known))
            return known;
        return session.Number("SELECT id FROM sym WHERE text=?", text) is { } id ? _symbols[text] = id : -1;
    }

    /// <summary>The number of a resource, or null when it was neither stored nor referred to.</summary>
    public long? Resource(Session session, ResourceKey key) => Resource(session, key.Type, key.Id.ToString());

    /// <summary>The number of a resource, or null when it was neither stored nor referred to.</summary>
    public long? Resource(Session session, string type, string id) =>
        Find(session, type) is >= 0 and var typeId ? session.Number("SELECT n FROM ids WHERE id=? AND type=?", id, typeId) : null;
}

/// <summary>The writer's view: makes numbers, and forgets those of a commit that was undone.</summary>
internal sealed class WriterNumbers(Session session, Numbers numbers)
{
    private const int MaxKnown = 200_000;
    private const int LongestKnown = 200;
    private readonly Dictionary<string, long> _symbols = [];
    private readonly Dictionary<(long, string), long> _resources = [];
    private readonly List<string> _newSymbols = [];
    private readonly List<(long, string)> _newResources = [];

    public long Of(SearchParameter parameter) => numbers.Of(parameter);

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
        var id = session.Number("SELECT id FROM sym WHERE text=?", text);
        if (id is null)
        {
            id = session.Number("INSERT INTO sym(text) VALUES(?) RETURNING id", text);
            _newSymbols.Add(text);
        }
        return _symbols[text] = id!.Value;
    }

    public long Resource(string type, string id)
    {
        var key = (Symbol(type), id);
        if (_resources.TryGetValue(key, out var known))
            return known;
        var n = session.Number("SELECT n FROM ids WHERE id=? AND type=?", id, key.Item1);
        if (n is null)
        {
            n = session.Number("INSERT INTO ids(id, type) VALUES(?,?) RETURNING n", id, key.Item1);
            _newResources.Add(key);
        }
        return _resources[key] = n!.Value;
    }

    /// <summary>What was made since then is in the file for good.</summary>
    public void Keep()
    {
        _newSymbols.Clear();
        _newResources.Clear();
        if (_resources.Count > MaxKnown)
            _resources.Clear();
    }

    /// <summary>What was made since then was undone.</summary>
    public void Forget()
    {
        _newSymbols.ForEach(s => _symbols.Remove(s));
        _newResources.ForEach(r => _resources.Remove(r));
        Keep();
    }
}
