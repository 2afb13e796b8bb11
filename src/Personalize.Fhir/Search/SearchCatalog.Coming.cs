using System.Collections.Frozen;
using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Search;

/// <summary>A search parameter whose values are being indexed: what is written has them, searches do not know it yet.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Done">How many resources were looked through.</param>
/// <param name="All">How many there were to look through when that began.</param>
public sealed record ComingParameter(SearchParameter Parameter, long Done, long All);

/// <content>Parameters that are indexed and not searched yet.</content>
public sealed partial class SearchCatalog
{
    private readonly ImmutableDictionary<(string Type, string Code), ComingParameter> _coming;

    private SearchCatalog(SearchCatalog whole, ImmutableDictionary<(string Type, string Code), ComingParameter> coming)
    {
        (_known, _compartment, _sources, _trees, _composites, _coming, Terms, Home) = (whole._known, whole._compartment, whole._sources, whole._trees, whole._composites, coming, whole.Terms, whole.Home);
        _types = coming.Count == whole._coming.Count && coming.Keys.All(whole._coming.ContainsKey) ? whole._types : Searched(_known, coming);
    }

    /// <summary>The parameters that are indexed and not searched yet.</summary>
    public IEnumerable<ComingParameter> Coming => _coming.Values;

    /// <summary>True while there are such parameters.</summary>
    public bool HasComing => !_coming.IsEmpty;

    /// <summary>True for a parameter that is indexed and not searched yet.</summary>
    public bool IsComing(SearchParameter parameter) => HasComing && _coming.ContainsKey((parameter.ResourceType, parameter.Code));

    /// <summary>The same parameters, of which these are not searched yet; nor are composites that rest on them.</summary>
    /// <param name="coming">All of them; none makes all searched.</param>
    public SearchCatalog WithComing(IEnumerable<ComingParameter> coming)
    {
        var all = coming.ToImmutableDictionary(c => (c.Parameter.ResourceType, c.Parameter.Code));
        if (all.IsEmpty && _coming.IsEmpty)
            return this;
        foreach (var composite in Known.Where(p => p.Type == SearchParameterType.Composite))
            if (Places(composite).SelectMany(place => place.Components).Select(c => all.GetValueOrDefault((c.ResourceType, c.Code))).FirstOrDefault(c => c is not null) is { } part)
                all = all.SetItem((composite.ResourceType, composite.Code), part with { Parameter = composite });
        return new(this, all);
    }

    /// <summary>The parameter of that name on that type which is indexed and not searched yet; null when there is none.</summary>
    public ComingParameter? FindComing(string resourceType, string code) => _coming.IsEmpty ? null
        : _coming.GetValueOrDefault((resourceType, code)) ?? _coming.GetValueOrDefault(("DomainResource", code)) ?? _coming.GetValueOrDefault(("Resource", code));

    /// <summary>How far the indexing of a SearchParameter is; null when it is not being indexed.</summary>
    public (long Done, long All)? Indexing(Resource searchParameter)
    {
        if (_coming.IsEmpty || !IsMeant(searchParameter) || !Parameters(searchParameter).TryGet(out var parameters, out _))
            return null;
        var coming = parameters.Select(p => _coming.GetValueOrDefault((p.ResourceType, p.Code)) is { } one && one.Parameter.Equals(p) ? one : null).OfType<ComingParameter>().ToList();
        return coming.Count == 0 ? null : (coming.Sum(c => c.Done), coming.Sum(c => c.All));
    }

    /// <summary>True when the same parameters can be searched as in another catalog; false when that is not known.</summary>
    public bool SearchesLike(SearchCatalog other) => ReferenceEquals(_types, other._types);

    /// <summary>True when a resource has the same index values as by another catalog, whatever of them is searched; false when that is not known.</summary>
    public bool IndexesLike(SearchCatalog other) => ReferenceEquals(_trees, other._trees) && ReferenceEquals(Home, other.Home);

    /// <summary>Why a query that was read with another catalog cannot be asked of this one: a parameter that it names is not searched any more, or means something else. Null when it can.</summary>
    public Failure? Refuses(SearchQuery query)
    {
        foreach (var clause in query.Clauses)
            if ((Refuses(clause.Parameter) ?? RefusesAny(clause.Chain) ?? (clause.Has is { } has ? Refuses(has) : null)) is { } refused)
                return refused;
        foreach (var key in query.Sort)
            if (Refuses(key.Parameter) is { } refused)
                return refused;
        return Refuses(query.Includes) ?? Refuses(query.RevIncludes) ?? RefusesAny(query.OfTypes);
    }

    private Failure? RefusesAny(ImmutableArray<SearchQuery> queries)
    {
        foreach (var query in queries)
            if (Refuses(query) is { } refused)
                return refused;
        return null;
    }

    private Failure? Refuses(ImmutableArray<Inclusion> inclusions)
    {
        foreach (var inclusion in inclusions)
            if (inclusion.Parameter is { } parameter && Refuses(parameter) is { } refused)
                return refused;
        return null;
    }

    private Failure? Refuses(SearchParameter parameter)
    {
        var own = Own(parameter.ResourceType, parameter.Code);
        if (parameter.Equals(own))
            return null;
        if (own is not null)
            return new Failure.Unavailable($"The parameter {parameter.Code} of the type {parameter.ResourceType} has just become another: ask again.");
        return new Failure.Invalid(_coming.TryGetValue((parameter.ResourceType, parameter.Code), out var coming) ? new NotYet(coming).Issues : new Unknown(parameter.Code, parameter.ResourceType).Issues);
    }

    private static FrozenDictionary<string, ImmutableSortedDictionary<string, SearchParameter>> Searched(
        FrozenDictionary<string, ImmutableSortedDictionary<string, SearchParameter>> known, ImmutableDictionary<(string Type, string Code), ComingParameter> coming) =>
        coming.IsEmpty ? known : known.ToFrozenDictionary(t => t.Key, t => t.Value.RemoveRange(coming.Keys.Where(c => c.Type == t.Key).Select(c => c.Code)));
}

/// <summary>A parameter that is being indexed: refused whatever the client asks for, since what is found would not be all.</summary>
internal sealed record NotYet(ComingParameter Coming)
    : Failure([Issue.Error("not-supported", FormattableString.Invariant($"The parameter {Coming.Parameter.Code} of the type {Coming.Parameter.ResourceType} is not searched yet: indexing {Coming.Done} of {Coming.All}."))]);
