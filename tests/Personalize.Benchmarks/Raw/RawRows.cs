using System.Numerics;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Search;

namespace Personalize.Benchmarks.Raw;

/// <summary>A row of an index table: hashed or plain whole numbers, all of them its key. Tables of fewer columns leave the last ones 0.</summary>
internal readonly record struct RawRow(long A, long B, long C, long D) : IComparable<RawRow>
{
    public int CompareTo(RawRow other) => A != other.A ? A.CompareTo(other.A) : B != other.B ? B.CompareTo(other.B) : C != other.C ? C.CompareTo(other.C) : D.CompareTo(other.D);
}

/// <summary>A text of the index of strings.</summary>
internal readonly record struct RawText(long Parameter, byte[] Norm, long Rid) : IComparable<RawText>
{
    public int CompareTo(RawText other) => Parameter != other.Parameter ? Parameter.CompareTo(other.Parameter)
        : Norm.AsSpan().SequenceCompareTo(other.Norm) is not 0 and var order ? order : Rid.CompareTo(other.Rid);
}

/// <summary>A resource before it is written.</summary>
internal readonly record struct RawResource(long Rid, long Type, string Id, byte[] Json);

/// <summary>The rows of some resources, taken out beforehand: what is left to do is to write them.</summary>
internal sealed class RawRows(RawCatalog catalog)
{
    [ThreadStatic]
    private static IndexEntries? _ofThread;

    public List<RawResource> Resources { get; } = [];
    public List<RawRow> Ids { get; } = [];
    public List<RawRow> Tokens { get; } = [];
    public List<RawRow> Dates { get; } = [];
    public List<RawRow> Numbers { get; } = [];
    public List<RawRow> Compartments { get; } = [];
    public List<RawText> Texts { get; } = [];

    /// <summary>How many index rows there are.</summary>
    public int Count => Ids.Count + Tokens.Count + Dates.Count + Numbers.Count + Compartments.Count + Texts.Count;

    /// <summary>The rows of the resources of numbers from one on.</summary>
    public static RawRows Of(RawCatalog catalog, byte[][] resources, int from)
    {
        var rows = new RawRows(catalog);
        for (var at = 0; at < resources.Length; at++)
            rows.Add(Resource.Parse(resources[at]).Value, Clones.IdOf(from + at), from + at + 1);
        return rows;
    }

    /// <summary>Takes the rows of a resource.</summary>
    public void Add(Resource resource, string id, long rid)
    {
        Resources.Add(new(rid, RawCatalog.Hash(resource.Type), id, resource.Bytes.ToArray()));
        Ids.Add(new(RawCatalog.KeyOf(resource.Type, id), rid, 0, 0));
        var entries = _ofThread ??= new();
        entries.Fill(resource, catalog.Search);
        var (patient, code, date) = (0L, 0L, 0L);
        foreach (ref readonly var entry in entries.All)
        {
            Add(entries, entry, rid);
            var name = entries.Parameter(entry).Code;
            if (name == "patient" && entry.Kind == IndexKind.Reference)
                patient = catalog.TargetOf("Patient", entries.Text(entry.Main));
            else if (name == "code" && entry.Kind == IndexKind.Token && code == 0)
                code = RawCatalog.Hash(entries.Bytes(entry.Main).Span);
            else if (name == "date" && entry.Kind == IndexKind.Date)
                date = entry.Range.From;
        }
        if (patient != 0)
            Compartments.Add(new(patient, RawCatalog.Hash(resource.Type) ^ code, -date, rid));
    }

    /// <summary>Adds the index rows of others.</summary>
    public void AddIndex(RawRows others)
    {
        Ids.AddRange(others.Ids);
        Tokens.AddRange(others.Tokens);
        Dates.AddRange(others.Dates);
        Numbers.AddRange(others.Numbers);
        Compartments.AddRange(others.Compartments);
        Texts.AddRange(others.Texts);
    }

    private void Add(IndexEntries entries, in IndexEntry entry, long rid)
    {
        var p = catalog.NumberOf(entries.Parameter(entry));
        switch (entry.Kind)
        {
            case IndexKind.String:
                Texts.Add(new(p, entries.Bytes(entry.Other).ToArray(), rid));
                break;
            case IndexKind.Date:
                Dates.Add(new(p, entry.Range.From, rid, entry.Range.Until));
                break;
            case IndexKind.Number:
                Numbers.Add(new(p, BitConverter.DoubleToInt64Bits(entry.Low), RawCatalog.Hash(entries.Bytes(entry.Main).Span), rid));
                break;
            case IndexKind.Reference:
                Tokens.Add(new(RawCatalog.Key(p, catalog.TargetOf(entries.Text(entry.Scope), entries.Text(entry.Main))), 0, rid, 0));
                break;
            default:
                Tokens.Add(new(RawCatalog.Key(p, RawCatalog.Hash(entries.Bytes(entry.Main).Span)), RawCatalog.Hash(entries.Bytes(entry.Scope).Span), rid, 0));
                break;
        }
    }
}

/// <summary>The numbers of parameters and texts.</summary>
internal sealed class RawCatalog(SearchCatalog search)
{
    private readonly Dictionary<SearchParameter, long> _numbers = search.Indexed.Select((p, at) => (p, at)).ToDictionary(p => p.p, p => (long)p.at);

    public SearchCatalog Search => search;

    public long NumberOf(SearchParameter parameter) => _numbers[parameter];

    /// <summary>The number of a parameter by its names.</summary>
    public long NumberOf(string type, string code) => NumberOf(search.Find(type, code)!);

    /// <summary>The rows of resources that are, or will be, stored, by their ids.</summary>
    public Dictionary<string, long> Targets { get; } = [];

    /// <summary>The resources of these numbers, and those that they refer to, will be stored, each in the row of its number and one.</summary>
    public void Expect(Clones clones, int from, int count)
    {
        for (var number = from / clones.Generation * clones.Generation; number < from + count + clones.Generation; number++)
            Targets[Clones.IdOf(number)] = number + 1;
    }

    /// <summary>Takes the targets from the tables of a file.</summary>
    public void ReadTargets(string file)
    {
        using var database = new RawDatabase(file);
        var rows = database.Prepare("SELECT id, rid FROM res");
        while (rows.Step())
            Targets[System.Text.Encoding.ASCII.GetString(rows.Bytes(0))] = rows.Integer(1);
    }

    /// <summary>What references to a resource bear: its row, so that they lie together; for one that is not stored its key.</summary>
    public long TargetOf(string type, string id) => Targets.TryGetValue(id, out var rid) ? rid : KeyOf(type, id);

    /// <summary>A resource's key.</summary>
    public static long KeyOf(string type, string id) => Hash(type) ^ Hash(id);

    /// <summary>A code of the parameter <c>code</c>.</summary>
    public long Token(string type, string code) => Key(NumberOf(type, "code"), Hash(code));

    /// <summary>The least text that begins so, and the least behind all that do.</summary>
    public static (byte[] Low, byte[] High) Prefix(string prefix)
    {
        var (low, high) = (System.Text.Encoding.UTF8.GetBytes(prefix), System.Text.Encoding.UTF8.GetBytes(prefix));
        high[^1]++;
        return (low, high);
    }

    /// <summary>A parameter and a value in one number.</summary>
    public static long Key(long parameter, long value) => (parameter << 48) | (value & 0xFFFF_FFFF_FFFF);

    public static long Hash(string text) => Hash(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>FNV-1a, its bits mixed.</summary>
    public static long Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = 14695981039346656037UL;
        foreach (var one in bytes)
            hash = (hash ^ one) * 1099511628211UL;
        return (long)(BitOperations.RotateLeft(hash, 29) ^ hash);
    }
}
