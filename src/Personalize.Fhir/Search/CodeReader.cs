using System.Collections.Frozen;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Terminology;

namespace Personalize.Fhir.Search;

/// <summary>Reads the value of a token with <c>:in</c>, <c>:not-in</c>, <c>:below</c> or <c>:above</c> as the codes that it means. Source: FHIR R4, Search, Modifiers.</summary>
internal static class CodeReader
{
    /// <summary>More codes than that are not searched for at once.</summary>
    private const int MaxCodes = 20_000;

    /// <summary>The value sets and code systems that parameters name, each once.</summary>
    public static IReadOnlyList<string> Canonicals(IEnumerable<KeyValuePair<string, string>> parameters) =>
        [.. parameters.SelectMany(p => Named(p.Key[(p.Key.LastIndexOf(':') + 1)..], p.Value)).Where(canonical => canonical.Length > 0).Distinct(StringComparer.Ordinal)];

    private static IEnumerable<string> Named(string modifier, string value) => modifier switch
    {
        "in" or "not-in" => SearchText.Split(value, ',').Select(SearchText.Unescape),
        "below" or "above" => SearchText.Split(value, ',').Select(part => SearchText.Unescape(SearchText.Split(part, '|')[0])),
        _ => [],
    };

    /// <summary>The codes, by system. Fails when they are not all known here: an answer would be a guess.</summary>
    public static Outcome<IReadOnlyList<SearchValue>> Read(SearchParameter parameter, SearchModifier modifier, string text, ValueSets terms) =>
        Meant(modifier, text, terms).Then(codes => codes.Count > MaxCodes
            ? new Failure.Invalid($"It means more than {MaxCodes} codes.")
            : (Outcome<IReadOnlyList<SearchValue>>)Grouped(parameter, codes));

    private static Outcome<List<(string? System, string Code)>> Meant(SearchModifier modifier, string text, ValueSets terms)
    {
        if (modifier is SearchModifier.In or SearchModifier.NotIn)
            return Expansion.Of(terms, SearchText.Unescape(text)).Select(expansion => expansion.Codes.Select(code => (code.System, code.Code)).ToList());
        var parts = SearchText.Split(text, '|').ConvertAll(SearchText.Unescape);
        if (parts is not [{ Length: > 0 } system, { Length: > 0 } code])
            return new Failure.Invalid("It takes system|code.");
        return (modifier == SearchModifier.Below ? Hierarchy.Below(terms, system, code) : Hierarchy.Above(terms, system, code)).Select(codes => codes.Select(c => ((string?)system, c)).ToList());
    }

    // An element of type code bears no system: it matches where its own value set has the code.
    private static List<SearchValue> Grouped(SearchParameter parameter, List<(string? System, string Code)> codes)
    {
        var implied = SearchCatalog.CodeSets(parameter).ToList();
        return [.. codes.GroupBy(c => (c.System, IsImplied: c.System is not null && implied.Exists(set => ValueSets.R4.Contains(set, c.System, c.Code) == true)))
            .Select(g => new CodesSearch(g.Key.System, g.Select(c => c.Code).ToFrozenSet(StringComparer.Ordinal), g.Key.IsImplied))];
    }
}
