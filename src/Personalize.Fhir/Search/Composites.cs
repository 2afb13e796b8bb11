using System.Collections.Immutable;

namespace Personalize.Fhir.Search;

/// <summary>Where a composite looks for its components: each is a parameter of the resource, or a part that must be found in the same element as the other parts.</summary>
/// <param name="Components">In the order of the composite.</param>
internal sealed record CompositePlace(ImmutableArray<SearchParameter> Components);

/// <summary>The composites of a catalog. One that looks at the resource itself means that its components hold at once, and needs no values of its own; one that looks at an element has parts whose values bear the number of the element.</summary>
internal sealed class Composites
{
    private readonly Dictionary<SearchParameter, ImmutableArray<CompositePlace>> _places = [];
    private readonly SortedDictionary<(string, string), SearchParameter> _parts = [];

    /// <summary>Reads composites.</summary>
    /// <param name="composites">The parameters of that type.</param>
    /// <param name="all">All parameters of a resource type.</param>
    public Composites(IEnumerable<SearchParameter> composites, Func<string, ImmutableArray<SearchParameter>> all)
    {
        foreach (var composite in composites)
            if (Places(composite, all(composite.ResourceType)) is { } places)
                _places[composite] = places;
    }

    /// <summary>The parts, as parameters of their own, which no search can name.</summary>
    public IEnumerable<SearchParameter> Parts => _parts.Values;

    /// <summary>The parts on a resource type.</summary>
    public IEnumerable<SearchParameter> On(string resourceType) => _parts.Values.Where(p => p.ResourceType == resourceType);

    public ImmutableArray<CompositePlace> Of(SearchParameter composite) => _places.GetValueOrDefault(composite, []);

    private ImmutableArray<CompositePlace>? Places(SearchParameter composite, ImmutableArray<SearchParameter> all)
    {
        var places = composite.Expression.Split(" | ").Select(root => Place(composite, root.Trim(), all)).ToList();
        return composite.Components.Count > 0 && places.TrueForAll(place => place is not null) ? [.. places.OfType<CompositePlace>()] : null;
    }

    private CompositePlace? Place(SearchParameter composite, string root, ImmutableArray<SearchParameter> all)
    {
        var components = composite.Components.Select(component => Component(composite.ResourceType, root, component, all)).ToList();
        return components.TrueForAll(c => c is not null) ? new([.. components.OfType<SearchParameter>()]) : null;
    }

    private SearchParameter? Component(string type, string root, SearchComponent component, ImmutableArray<SearchParameter> all)
    {
        const string OfResource = "%resource.";
        if (all.FirstOrDefault(p => p.Canonical == component.Canonical) is not { } named)
            return null;
        // R4 writes the type in capitals once.
        var parts = component.Expression.Replace("DateTime)", "dateTime)", StringComparison.Ordinal).Split(" | ").Select(part => part.Trim()).ToList();
        var isWhole = root == type || parts[0].StartsWith(OfResource, StringComparison.Ordinal);
        var expression = string.Join(" | ", parts.Select(part => isWhole ? $"{type}.{part.Replace(OfResource, "", StringComparison.Ordinal)}" : $"{root}.{part}"));
        // R4's DocumentReference.relationship names its two parameters the wrong way round: what has the same path is asked first.
        var same = all.Where(p => Paths(p, p.Expression) is { Count: > 0 } own && own.SetEquals(Paths(p, expression) ?? [])).OrderBy(p => p.Type == named.Type ? 0 : 1).FirstOrDefault();
        if (isWhole && same is not null)
            return same;
        named = same ?? named;
        var depth = isWhole ? 0 : WalkPath.Of(type, root)?.Count ?? WalkTree.DeepestGroup + 1;
        return depth <= WalkTree.DeepestGroup && WalkTree.Finds(type, expression) ? Part(type, $"{expression[(type.Length + 1)..]}${named.Type}", named, expression, depth) : null;
    }

    private SearchParameter Part(string type, string code, SearchParameter named, string expression, int depth) => _parts.TryGetValue((type, code), out var known) ? known
        : _parts[(type, code)] = new(type, code, named.Type, expression, named.Targets, named.Canonical) { GroupDepth = depth };

    /// <summary>The paths of an expression by which a parameter of that type finds anything, whatever way they are written; null when it is more than paths.</summary>
    private static HashSet<string>? Paths(SearchParameter parameter, string expression)
    {
        var paths = expression.Split(" | ").Select(part => WalkPath.Of(parameter.ResourceType, part)).ToList();
        return paths.TrueForAll(p => p is not null) ? [.. paths.Where(path => WalkTree.Takes(parameter, path!)).Select(path => string.Join('.', path!.Select(step => $"{step.Name}[{string.Join(',', step.Filters)}]")))] : null;
    }
}
