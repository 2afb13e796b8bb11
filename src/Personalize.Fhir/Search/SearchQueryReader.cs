using System.Collections.Immutable;
using System.Globalization;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Terminology;

namespace Personalize.Fhir.Search;

/// <summary>Reads the parameters of a search.</summary>
internal sealed class SearchQueryReader(string type, SearchCatalog catalog, ValueSets terms, DateTimeOffset? now)
{
    // A store turns each into a condition, and its language has an end to what it can nest.
    private const int MostConditions = 500;
    private const int MostSortKeys = 10;

    private readonly List<Issue> _issues = [];
    private readonly ClauseReader _clauses = new(catalog, terms, now);

    /// <summary>Everything; all that is wrong is told at once.</summary>
    public Outcome<SearchQuery> Read(IEnumerable<KeyValuePair<string, string>> parameters, bool lenient)
    {
        if (FhirSchema.R4.Type(type) is not { IsResource: true })
            return new Failure.Invalid("The type that is searched is no resource type of FHIR R4.");
        var query = new SearchQuery(type, []);
        foreach (var parameter in parameters)
            if (Add(query, parameter.Key, parameter.Value).TryGet(out var next, out var failure))
                query = next with { Self = next.Self.Add(parameter) };
            else if (!lenient || failure is not Unknown)
                _issues.AddRange(failure.Issues);
        if (Conditions(query) > MostConditions)
            _issues.Add(Issue.Error("too-costly", $"The search has more than {MostConditions} conditions, alternatives counted."));
        if (query.Sort.Length > MostSortKeys)
            _issues.Add(Issue.Error("too-costly", $"The search is sorted by more than {MostSortKeys} parameters."));
        return _issues.Count > 0 ? new Failure.Invalid([.. _issues]) : query;
    }

    private static int Conditions(SearchQuery query) => query.Includes.Length + query.RevIncludes.Length
        + query.Clauses.Sum(clause => Math.Max(1, clause.Values.Sum(value => value is CompositeSearch composite ? composite.Components.Length : 1)) + clause.Chain.Sum(Conditions) + (clause.Has is { } has ? Conditions(has) : 0));

    private Outcome<SearchQuery> Add(SearchQuery query, string name, string value) => name switch
    {
        // No string of FHIR holds it, and not every database can be asked for it.
        _ when value.Contains('\0', StringComparison.Ordinal) => Bad(name, "holds the character U+0000"),
        "_format" or "_pretty" or "_elements" => query,
        "_count" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? query with { Count = count, CountOnly = query.CountOnly || count == 0 } : Bad(name, "is not a whole number"),
        "_summary" => value is "true" or "text" or "data" or "count" or "false" ? query with { CountOnly = query.CountOnly || value == "count" } : Bad(name, "is not one of true, text, data, count, false"),
        "_total" => Total(value) is { } total ? query with { Total = total } : Bad(name, "is not one of none, estimate, accurate"),
        "_sort" => Sort(value).Select(keys => query with { Sort = query.Sort.AddRange(keys) }),
        "_include" or "_include:iterate" or "_include:recurse" => Include(name, value).Select(i => query with { Includes = query.Includes.Add(i) }),
        "_revinclude" or "_revinclude:iterate" or "_revinclude:recurse" => Include(name, value).Select(i => query with { RevIncludes = query.RevIncludes.Add(i) }),
        _ => _clauses.Read(type, name, value, 0).Select(clause => query with { Clauses = query.Clauses.Add(clause) }),
    };

    private static TotalMode? Total(string value) => value switch
    {
        "none" => TotalMode.None,
        "estimate" => TotalMode.Estimate,
        "accurate" => TotalMode.Accurate,
        _ => null,
    };

    private Outcome<ImmutableArray<SortKey>> Sort(string value)
    {
        var keys = ImmutableArray.CreateBuilder<SortKey>();
        foreach (var part in value.Split(','))
        {
            var code = part.TrimStart('-');
            if (catalog.Find(type, code) is null && catalog.FindComing(type, code) is { } coming)
                return new NotYet(coming);
            if (catalog.Find(type, code) is not { Type: not (SearchParameterType.Composite or SearchParameterType.Special) } parameter)
                return Bad("_sort", "names something that cannot be sorted by");
            keys.Add(new(parameter, part.StartsWith('-')));
        }
        return keys.ToImmutable();
    }

    private Outcome<Inclusion> Include(string name, string value)
    {
        // Before R4 it was called recurse.
        var isRepeated = name.Contains(':', StringComparison.Ordinal);
        if (value == "*")
            return new Inclusion("*", null, null, isRepeated);
        var parts = value.Split(':');
        if (parts.Length is < 2 or > 3 || FhirSchema.R4.Type(parts[0]) is not { IsResource: true } || (parts.Length == 3 && FhirSchema.R4.Type(parts[2]) is not { IsResource: true }))
            return Bad(name, "does not have the form Type:parameter or Type:parameter:Type");
        var parameter = parts[1] == "*" ? null : catalog.Find(parts[0], parts[1]);
        if (parameter is null && catalog.FindComing(parts[0], parts[1]) is { } coming)
            return new NotYet(coming);
        if (parts[1] != "*" && parameter is not { Type: SearchParameterType.Reference })
            return Bad(name, "does not name a reference parameter of its type");
        return new Inclusion(parts[0], parameter, parts.Length == 3 ? parts[2] : null, isRepeated);
    }

    private static Failure.Invalid Bad(string name, string what) => new($"The value of the parameter {name} {what}.");
}
