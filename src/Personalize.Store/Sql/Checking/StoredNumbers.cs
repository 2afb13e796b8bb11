using Personalize.Fhir.Search;

namespace Personalize.Store.Sql.Checking;

/// <summary>The numbers that stand in a file for texts, resources and search parameters, as it says itself.</summary>
internal sealed class StoredNumbers
{
    /// <summary>No text, resource or parameter has it.</summary>
    public const long Unknown = -1;

    private const int MostKept = 200_000;
    private readonly Session _session;
    private readonly Dictionary<string, long> _symbols = [];
    private readonly Dictionary<(string, string), long> _resources = [];
    private readonly Dictionary<(string, string), long> _compared = [];
    private readonly Dictionary<long, string> _names = [];
    private readonly HashSet<long> _leftOut = [];
    private readonly HashSet<(string, string)> _parts;
    private readonly HashSet<long> _grouped = [];

    public StoredNumbers(Session session, SearchCatalog catalog)
    {
        _session = session;
        using (var rows = session.Query("SELECT id, text FROM sym"))
            while (rows.Step())
                _symbols[rows.Text(1)] = rows.Int64(0);
        _parts = catalog.Indexed.Where(p => p.GroupDepth > 0).Select(p => (p.ResourceType, p.Code)).ToHashSet();
        var wanted = catalog.Indexed.ToDictionary(p => (p.ResourceType, p.Code), catalog.FingerprintOf);
        foreach (var p in Numbers("retired"))
            _leftOut.Add(p);
        var coming = Numbers("coming").ToHashSet();
        using (var rows = session.Query("SELECT p, type, code, fingerprint FROM param"))
            while (rows.Step())
                Take(rows.Int64(0), (rows.Text(1), rows.Text(2)), !coming.Contains(rows.Int64(0)) && wanted.GetValueOrDefault((rows.Text(1), rows.Text(2))) == rows.Text(3));
        LeftOut = [.. _leftOut.Where(_names.ContainsKey).Select(p => _names[p]).Concat(wanted.Keys.Where(key => !_compared.ContainsKey(key)).Select(Name)).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>The search parameters whose definition is another one than that by which the file was indexed: their rows are not compared. Those that are being indexed too.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <summary>The number of a parameter whose rows are compared; null for another.</summary>
    public long? Compared(SearchParameter parameter) => _compared.TryGetValue((parameter.ResourceType, parameter.Code), out var p) ? p : null;

    /// <summary>True for a parameter whose rows are compared; it may stand with a minus, for the identifiers in references.</summary>
    public bool IsCompared(long p) => _names.ContainsKey(Math.Abs(p)) && !IsLeftOut(p);

    /// <summary>True for a part of a composite: its rows bear the number of an element behind that of the version.</summary>
    public bool IsGrouped(long p) => _grouped.Contains(Math.Abs(p));

    /// <summary>True for a parameter that is gone and has rows still.</summary>
    public bool IsRetired(long p) => IsLeftOut(p) && !_names.ContainsKey(Math.Abs(p));

    /// <summary>True for a parameter that is known but not compared, and for one that is gone and has rows still.</summary>
    public bool IsLeftOut(long p) => _leftOut.Contains(Math.Abs(p));

    /// <summary>What people call it.</summary>
    public string NameOf(long p) => _names.GetValueOrDefault(Math.Abs(p), "?");

    public long Symbol(string text) => _symbols.GetValueOrDefault(text, Unknown);

    public long Resource(string type, string id)
    {
        if (_resources.TryGetValue((type, id), out var known))
            return known;
        if (_resources.Count > MostKept)
            _resources.Clear();
        return _resources[(type, id)] = _session.Number("SELECT n FROM ids WHERE id=? AND type=?", id, Symbol(type)) ?? Unknown;
    }

    /// <summary>The numbers in a table that files of older versions do not have.</summary>
    private long[] Numbers(string table) =>
        _session.Number(_session.Dialect.HasTable, table) is null ? [] : _session.Column($"SELECT p FROM {table}");

    private void Take(long p, (string Type, string Code) key, bool isSame)
    {
        _names[p] = Name(key);
        if (_parts.Contains(key))
            _grouped.Add(p);
        if (isSame)
            _compared[key] = p;
        else
            _leftOut.Add(p);
    }

    private static string Name((string Type, string Code) key) => $"{key.Type}.{key.Code}";
}
