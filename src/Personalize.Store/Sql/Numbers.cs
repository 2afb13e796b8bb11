using System.Collections.Concurrent;
using System.Collections.Frozen;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>The numbers that stand for texts and search parameters in the database. Only numbers that are committed are kept here; safe for concurrent use.</summary>
internal sealed class Numbers
{
    private readonly ConcurrentDictionary<string, long> _symbols = new();
    private readonly ConcurrentDictionary<long, string> _texts = new();
    private volatile FrozenDictionary<SearchParameter, long> _parameters = FrozenDictionary<SearchParameter, long>.Empty;
    private volatile Func<SearchParameter, IndexSource?> _sourceOf = _ => null;

    /// <summary>The number of a search parameter. One that went keeps its number for the searches that began before.</summary>
    public long Of(SearchParameter parameter) => _parameters[parameter];

    /// <summary>Takes the numbers of parameters that came, or have another number now.</summary>
    /// <param name="parameters">The numbers.</param>
    /// <param name="sourceOf">Where the values of a parameter stand that has no rows of its own for them.</param>
    public void Learn(IReadOnlyDictionary<SearchParameter, long> parameters, Func<SearchParameter, IndexSource?> sourceOf)
    {
        _parameters = _parameters.Where(known => !parameters.ContainsKey(known.Key)).Concat(parameters).ToFrozenDictionary();
        _sourceOf = sourceOf;
    }

    /// <summary>Where the rows of a search parameter stand.</summary>
    public ParameterRows Rows(SearchParameter parameter) =>
        _sourceOf(parameter) is { } source ? new(Of(parameter), [.. source.Parameters.Select(Of)], source.Target) : new(Of(parameter), [Of(parameter)], null);

    /// <summary>The number of a text, or -1 when the store has never seen it.</summary>
    public long Find(Session session, string text)
    {
        if (_symbols.TryGetValue(text, out var known))
            return known;
        if (session.Number("SELECT id FROM sym WHERE text=?", session.Dialect.Key(text)) is not { } id)
            return -1;
        // What the writer sees may still be undone.
        return session is WritingSession ? id : _symbols[text] = id;
    }

    /// <summary>The text of a number that the store has given.</summary>
    public string Text(Session session, long symbol) => _texts.TryGetValue(symbol, out var known) ? known
        : session.Text("SELECT text FROM sym WHERE id=?", symbol) is not { } text ? throw new InvalidDataException($"There is no text of number {symbol}.")
        : session is WritingSession ? text : _texts[symbol] = text;
}
