using System.Globalization;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Tests;

/// <summary>Makes searches at random, the same for the same seed: from values that resources have, so that many of them find something.</summary>
internal sealed class RandomSearches(int seed, SearchCatalog catalog, IReadOnlyList<Resource> all, Func<ResourceKey, Resource?> find)
{
    private const int DeepestChain = 2;
    private const int MostNamed = 60;

    private readonly Random _random = new(seed);
    private readonly ILookup<string, Resource> _byType = all.ToLookup(r => r.Type);

    /// <summary>The next search, such as <c>Patient?gender:not=male</c>.</summary>
    public string Next()
    {
        var resource = One(all);
        var clauses = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Clause(resource, 0)).OfType<(string Name, string Value)>().ToList();
        if (_random.Next(4) == 0 && Has(resource) is { } has)
            return $"{has.Type}?{Pair((has.Name, has.Value))}";
        return $"{resource.Type}?{string.Join('&', clauses.Select(Pair))}";
    }

    private static string Pair((string Name, string Value) clause) => $"{clause.Name}={Uri.EscapeDataString(clause.Value)}";

    private T One<T>(IReadOnlyList<T> some) => some[_random.Next(some.Count)];

    private (string Name, string Value)? Clause(Resource resource, int depth)
    {
        var values = Values(resource);
        if (_random.Next(8) == 0)
            return (One([.. catalog.For(resource.Type).Where(catalog.IsSearched)]).Code + ":missing", One<string>(["true", "false"]));
        return values.Count == 0 ? null : Clause(One(values), depth);
    }

    private (string Type, string Name, string Value)? Has(Resource resource)
    {
        var named = Values(resource).OfType<ReferenceIndex>().Where(r => !r.IsUrl && find(ResourceKey.Of(r.Type, r.Target)) is not null && _byType[r.Type].Count() <= MostNamed).ToList();
        if (named.Count == 0 || Clause(resource, DeepestChain) is not { } clause)
            return null;
        var reference = One(named);
        return (reference.Type, $"_has:{resource.Type}:{reference.Parameter.Code}:{clause.Name}", clause.Value);
    }

    private List<IndexValue> Values(Resource resource)
    {
        var entries = new IndexEntries();
        entries.Fill(resource, catalog);
        var values = new List<IndexValue>();
        foreach (ref readonly var entry in entries.All)
            if (catalog.Find(resource.Type, entries.Parameter(entry).Code) is not null)
                values.Add(entries.Value(entry));
        return values;
    }

    private (string Name, string Value)? Clause(IndexValue value, int depth) => value switch
    {
        TokenIndex { Code.Length: > 0 } token => (value.Parameter.Code + One<string>(["", "", ":not"]), One<string>([Escaped(token.Code), $"{Escaped(token.System)}|{Escaped(token.Code)}", $"|{Escaped(token.Code)}", $"{Escaped(token.Code)},nothing"])),
        StringIndex { Normal.Length: > 2 } text => One<(string, string)>([(value.Parameter.Code, Escaped(text.Normal[..3])), (value.Parameter.Code + ":contains", Escaped(text.Normal[1..])), (value.Parameter.Code + ":exact", Escaped(text.Text))]),
        DateIndex { Range.From: > -62_000_000_000_000 } date => (value.Parameter.Code, Prefix() + DateTimeOffset.FromUnixTimeMilliseconds(date.Range.From).ToString(One<string>(["yyyy", "yyyy-MM", "yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ssZ"]), CultureInfo.InvariantCulture)),
        NumberIndex { Low: > -1e12 and < 1e12 } number => (value.Parameter.Code, Number(number)),
        ReferenceIndex { IsUrl: false } reference => Reference(reference, depth),
        IdentifierIndex identifier => (value.Parameter.Code + ":identifier", $"{Escaped(identifier.System)}|{Escaped(identifier.Value)}"),
        WordsIndex { Normal.Length: > 3 } words => (value.Parameter.Code + ":text", Escaped(words.Normal[..4])),
        OfTypeIndex typed => (value.Parameter.Code + ":of-type", $"{Escaped(typed.System)}|{Escaped(typed.Key[..typed.Key.IndexOf('|', StringComparison.Ordinal)])}|{Escaped(typed.Key[(typed.Key.IndexOf('|', StringComparison.Ordinal) + 1)..])}"),
        UriIndex uri => One<(string, string)>([(value.Parameter.Code, Escaped(uri.Uri)), (value.Parameter.Code + ":below", Escaped(uri.Uri[..(uri.Uri.Length / 2)])), (value.Parameter.Code + ":above", Escaped(uri.Uri) + "/more")]),
        _ => null,
    };

    private (string Name, string Value)? Reference(ReferenceIndex reference, int depth)
    {
        if (depth < DeepestChain && _random.Next(2) == 0 && find(ResourceKey.Of(reference.Type, reference.Target)) is { } target && Clause(target, depth + 1) is { } chained)
            return ($"{reference.Parameter.Code}:{reference.Type}.{chained.Name}", chained.Value);
        return One<(string, string)>([(reference.Parameter.Code, $"{reference.Type}/{reference.Target}"), (reference.Parameter.Code, reference.Target), ($"{reference.Parameter.Code}:{reference.Type}", reference.Target)]);
    }

    private string Number(NumberIndex number)
    {
        var text = Prefix() + ((decimal)number.Low).ToString(CultureInfo.InvariantCulture);
        return number.Parameter.Type == SearchParameterType.Number || number.Code.Length == 0 ? text : One<string>([text, $"{text}||{Escaped(number.Code)}", $"{text}|{Escaped(number.System)}|{Escaped(number.Code)}"]);
    }

    private string Prefix() => One<string>(["", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"]);

    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal).Replace("$", "\\$", StringComparison.Ordinal);
}
