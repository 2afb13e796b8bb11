using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Terminology;

namespace Personalize.Fhir.Search;

/// <summary>Every search parameter that is known: R4's own (<c>r4.search</c>) and added SearchParameter resources. One catalog drives the index writer, the query builder and the matcher. Immutable.</summary>
public sealed partial class SearchCatalog
{
    private static readonly Lazy<SearchCatalog> _r4 = new(() => Read(FhirSchema.Embedded("r4.search")));
    private readonly FrozenDictionary<string, ImmutableSortedDictionary<string, SearchParameter>> _known;
    private readonly FrozenDictionary<string, ImmutableSortedDictionary<string, SearchParameter>> _types;
    private readonly FrozenDictionary<string, ImmutableArray<string>> _compartment;
    private readonly ConcurrentDictionary<string, WalkTree> _trees;
    private readonly Composites _composites;
    private readonly IReadOnlyDictionary<SearchParameter, IndexSource> _sources;

    private SearchCatalog(IEnumerable<SearchParameter> parameters, FrozenDictionary<string, ImmutableArray<string>> compartment, IReadOnlyDictionary<SearchParameter, IndexSource> sources)
    {
        _known = _types = parameters.GroupBy(p => p.ResourceType).ToFrozenDictionary(g => g.Key, g => g.ToImmutableSortedDictionary(p => p.Code, p => p, StringComparer.Ordinal));
        (_compartment, _sources, _trees, _coming) = (compartment, sources, new(), ImmutableDictionary<(string, string), ComingParameter>.Empty);
        _composites = new(Known.Where(p => p.Type == SearchParameterType.Composite), type => For(_known, type));
    }

    /// <summary>R4's own parameters.</summary>
    public static SearchCatalog R4 => _r4.Value;

    /// <summary>What <c>:in</c>, <c>:not-in</c>, <c>:below</c> and <c>:above</c> know of codes.</summary>
    public ValueSets Terms
    {
        get => field ?? ValueSets.R4;
        private init;
    }

    /// <summary>Where the resources are: references to these addresses are indexed, searched and matched as those by type and id.</summary>
    public HomeAddresses Home { get; private init; } = HomeAddresses.None;

    /// <summary>The same parameters with other terms.</summary>
    public SearchCatalog With(ValueSets terms) => new SearchCatalog(Known, _compartment, _sources) { Terms = terms, Home = Home }.WithComing(_coming.Values);

    /// <summary>The same parameters for resources at other addresses.</summary>
    public SearchCatalog With(HomeAddresses home) => new(this, _coming) { Home = home };

    /// <summary>All parameters that can be searched, in no order.</summary>
    public IEnumerable<SearchParameter> All => _types.Values.SelectMany(t => t.Values);

    /// <summary>All parameters that have values in an index: those of <see cref="All"/>, those that are <see cref="Coming"/>, and the parts of composites.</summary>
    public IEnumerable<SearchParameter> Indexed => Known.Concat(_composites.Parts);

    private IEnumerable<SearchParameter> Known => _known.Values.SelectMany(t => t.Values);

    /// <summary>True for a parameter that a search may name: all but those with rules of their own, and composites of what is not known.</summary>
    public bool IsSearched(SearchParameter parameter) => parameter.Type != SearchParameterType.Special && (parameter.Type != SearchParameterType.Composite || !Places(parameter).IsEmpty);

    /// <summary>The places in which a composite looks for its components; empty when it cannot be answered.</summary>
    internal ImmutableArray<CompositePlace> Places(SearchParameter composite) => _composites.Of(composite);

    /// <summary>Where an index finds the values of a parameter without rows of its own; null for one that has its rows.</summary>
    public IndexSource? SourceOf(SearchParameter parameter) => _sources.GetValueOrDefault(parameter);

    /// <summary>A text that changes when the rows of the parameter change: equal fingerprints mean equal rows.</summary>
    public string FingerprintOf(SearchParameter parameter) =>
        $"{parameter.ResourceType}\t{parameter.Code}\t{parameter.Type}\t{parameter.Expression}\n{FormOf(parameter.Type)}{FormOf(SourceOf(parameter))}{(Chart.IsOf(parameter) ? "chart\n" : "")}";

    private static string FormOf(IndexSource? source) => source is null ? "" : $"{string.Join(',', source.Parameters.Select(p => p.Code))}\t{source.Target}\n";

    // Of R4's own alone, as long as they are what they were: what is added changes the rows of no other parameter.
    private Dictionary<SearchParameter, IndexSource> SourcesAmong(IEnumerable<SearchParameter> parameters)
    {
        var all = parameters.ToHashSet();
        return new(_sources.Where(s => all.Contains(s.Key) && s.Value.Parameters.All(all.Contains)));
    }

    // Counted on when the values of a type become others.
    private static string FormOf(SearchParameterType type) => type is SearchParameterType.Token or SearchParameterType.Quantity ? "2\n" : "";

    /// <summary>The catalog with SearchParameter resources added; one of the same type and code takes the place of the older one, unless it derives from that one or says the same: then it is another name of it.
    /// Fails with <see cref="Failure.Invalid"/> on a resource of another type, an unknown base, or an expression that does not parse.</summary>
    public Outcome<SearchCatalog> With(IEnumerable<Resource> searchParameters)
    {
        var parameters = Known.ToDictionary(p => (p.ResourceType, p.Code));
        foreach (var resource in searchParameters)
        {
            if (!Parameters(resource).TryGet(out var added, out var failure))
                return failure;
            foreach (var parameter in added.Where(p => !IsAlias(p, resource)))
                parameters[(parameter.ResourceType, parameter.Code)] = parameter;
        }
        return new SearchCatalog(parameters.Values, _compartment, SourcesAmong(parameters.Values)) { Terms = Terms, Home = Home };
    }

    /// <summary>The catalog with what clients have stored: the active SearchParameters that <see cref="Check"/> accepts.</summary>
    public SearchCatalog WithStored(IEnumerable<Resource> searchParameters)
    {
        List<Resource> sound = [.. searchParameters.Where(p => IsMeant(p) && Check(p) is null)];
        return sound.Count > 0 && With(sound).TryGet(out var catalog, out _) ? catalog : this;
    }

    /// <summary>Why a SearchParameter cannot be stored as active: its expression does not parse, its base is no type, its components are not known, or it would change the meaning of one of R4's. Null when it can, and when it is no active one or has no expression.</summary>
    public Failure? Check(Resource searchParameter)
    {
        if (!IsMeant(searchParameter))
            return null;
        if (!Parameters(searchParameter).TryGet(out var parameters, out var failure))
            return new Failure.Unprocessable([.. failure.Issues.Select(issue => issue with { Expression = issue.Expression ?? "SearchParameter.expression" })]);
        if (parameters.Exists(p => R4.Find(p.ResourceType, p.Code) is not null && !R4.IsAlias(p, searchParameter)))
            return new Failure.Unprocessable("R4 has a search parameter of that code on that base: take another code, or derive from it (derivedFrom).", "SearchParameter.code");
        return parameters.TrueForAll(IsSearchable) ? null
            : new Failure.Unprocessable("What it is composed of is not known, or not told by plain paths; parameters with rules of their own are not supported.", "SearchParameter.component");
    }

    /// <summary>True when searches know a SearchParameter: as it is, or as another name of the one that it derives from.</summary>
    public bool Knows(Resource searchParameter) => IsMeant(searchParameter) && Parameters(searchParameter).TryGet(out var parameters, out _)
        && parameters.TrueForAll(p => IsAlias(p, searchParameter) || p.Equals(Own(p.ResourceType, p.Code)));

    private bool IsSearchable(SearchParameter parameter) => parameter.Type != SearchParameterType.Special
        && (parameter.Type != SearchParameterType.Composite || !new Composites([parameter], type => For(_known, type)).Of(parameter).IsEmpty);

    /// <summary>True for another name of a parameter that is known: derived from it, or with the same expression.</summary>
    private bool IsAlias(SearchParameter parameter, Resource resource) => Find(parameter.ResourceType, parameter.Code) is { } known && known.Type == parameter.Type
        && (known.Canonical == resource.Root.Child("derivedFrom")?.Text || known.Expression == parameter.Expression);

    private static bool IsMeant(Resource resource) => resource.Type == "SearchParameter" && resource.Root.Child("status")?.Text == "active" && resource.Root.Child("expression")?.Text is not null;

    /// <summary>The parameter of that name on that type (those of all resources included), or null.</summary>
    public SearchParameter? Find(string resourceType, string code) =>
        Own(resourceType, code) ?? Own("DomainResource", code) ?? Own("Resource", code);

    /// <summary>All parameters of a type, those of all resources included, sorted by code.</summary>
    public ImmutableArray<SearchParameter> For(string resourceType) => For(_types, resourceType);

    private static ImmutableArray<SearchParameter> For(FrozenDictionary<string, ImmutableSortedDictionary<string, SearchParameter>> all, string resourceType) =>
        [.. new[] { resourceType, "DomainResource", "Resource" }.Where(all.ContainsKey).SelectMany(t => all[t].Values).DistinctBy(p => p.Code).OrderBy(p => p.Code, StringComparer.Ordinal)];

    /// <summary>The codes of the reference parameters that put a resource of this type into the compartment of a Patient; empty when the type has no part in it.</summary>
    public ImmutableArray<string> PatientCompartment(string resourceType) => _compartment.GetValueOrDefault(resourceType, []);

    /// <summary>The types of which resources may lie in the compartment of a Patient: Patient first, the others sorted.</summary>
    public ImmutableArray<string> PatientCompartmentTypes => ["Patient", .. _compartment.Keys.Where(type => type != "Patient").Order(StringComparer.Ordinal)];

    internal WalkTree Tree(string resourceType) => _trees.GetOrAdd(resourceType, static (type, all) => new WalkTree(type, [.. For(all._known, type), .. all._composites.On(type)], all.SourceOf), this);

    /// <summary>The value sets bound to the elements of type <c>code</c> that a parameter finds: such an element bears no system, its value set implies it.</summary>
    internal static IEnumerable<string> CodeSets(SearchParameter parameter) => parameter.Expression.Split(" | ")
        .Select(part => WalkPath.Of(parameter.ResourceType, part)).OfType<IReadOnlyList<WalkStep>>()
        .SelectMany(path => Definitions(FhirSchema.R4.Type(parameter.ResourceType), path, 0))
        .Where(d => d.ValueSet is not null && d.Types.Any(t => t.Name == "code")).Select(d => d.ValueSet!).Distinct();

    /// <summary>True for a parameter that has one value at most in each resource, by the cardinalities of its path; the types of a choice are one path.</summary>
    public static bool IsSingle(SearchParameter parameter) => _single.GetOrAdd(parameter, static p =>
    {
        var paths = p.Expression.Split(" | ").Select(part => WalkPath.Of(p.ResourceType, part)).ToList();
        return paths.TrueForAll(path => path is { Count: > 0 } && path.Select(step => step.Name).SequenceEqual(paths[0]!.Select(step => step.Name)))
            && FhirSchema.R4.Type(p.ResourceType) is { } type && IsSingle(type, paths[0]!, 0);
    });

    private static readonly ConcurrentDictionary<SearchParameter, bool> _single = new();

    private static bool IsSingle(FhirType type, IReadOnlyList<WalkStep> path, int at) => at == path.Count
        || (type.Element(path[at].Name) is { Max: 1 } element && element.Types.All(t => IsSingle(t, path, at + 1)));

    private static IEnumerable<ElementDef> Definitions(FhirType? type, IReadOnlyList<WalkStep> path, int at)
    {
        if (type?.Element(path[at].Name) is not { } definition)
            return [];
        return at == path.Count - 1 ? [definition] : definition.Types.SelectMany(t => Definitions(t, path, at + 1));
    }

    private SearchParameter? Own(string type, string code) => _types.GetValueOrDefault(type)?.GetValueOrDefault(code);

    private static Outcome<List<SearchParameter>> Parameters(Resource resource)
    {
        var lines = SearchCompiler.Lines(resource.Tree.Root).Select(Line).ToList();
        if (lines.Count == 0)
            return new Failure.Invalid("A search parameter needs a base and an expression.", "SearchParameter");
        if (lines.Exists(p => FhirSchema.R4.Type(p.ResourceType) is not { IsResource: true }))
            return new Failure.Invalid("The base does not name a resource type of FHIR R4.", "SearchParameter.base");
        var failed = lines.Select(p => FhirPathExpression.Parse(p.Expression).Failure).FirstOrDefault(f => f is not null);
        return failed is null ? lines : failed;
    }

    private static SearchCatalog Read(string text)
    {
        var lines = text.Split('\n').Where(l => l.Length > 0 && l[0] != '#').ToLookup(l => l[0] == '@');
        var compartment = lines[true].Select(l => l.Split('\t')).Where(f => f[0] == "@Patient").ToFrozenDictionary(f => f[1], f => f[2].Split(',').ToImmutableArray());
        List<SearchParameter> parameters = [.. lines[false].Select(Line)];
        return new(parameters, compartment, IndexSources.Among(parameters));
    }

    private static SearchParameter Line(string line)
    {
        var fields = line.Split('\t');
        IReadOnlyList<string> targets = fields[4] == "-" ? [] : fields[4].Split(',');
        return new(fields[0], fields[1], Enum.Parse<SearchParameterType>(fields[2], true), fields[3], targets, fields[5]) { Components = [.. fields.Skip(6).Select(Component)] };
    }

    private static SearchComponent Component(string field)
    {
        var space = field.IndexOf(' ', StringComparison.Ordinal);
        return new(field[..space], field[(space + 1)..]);
    }
}
