using System.Collections.Immutable;

namespace Personalize.Fhir.Search;

/// <summary>Where an index finds the values of a parameter that other parameters find as well: it needs no rows of its own for them.</summary>
/// <param name="Parameters">The parameters whose values together are its values; all of its own type and on the same resource type.</param>
/// <param name="Target">For references to resources of this type alone: only these are its values. What does not tell the type of its target (a URL, an identifier) has rows of its own. Null when all values are meant.</param>
public sealed record IndexSource(ImmutableArray<SearchParameter> Parameters, string? Target)
{
    /// <summary>True when values of that kind stand among those of the <see cref="Parameters"/>.</summary>
    public bool Holds(IndexKind kind) => Target is null || kind == IndexKind.Reference;
}

/// <summary>Finds, by their expressions alone, the parameters that need no rows of their own, such as <c>patient</c> (the subjects that are Patients) and <c>combo-code</c> (the codes and those of components).</summary>
internal static class IndexSources
{
    // A search asks for all of them at each step.
    private const int MostParameters = 3;

    /// <summary>A parameter as the paths that find its values.</summary>
    /// <param name="Parameter">The parameter.</param>
    /// <param name="Paths">Its paths; without the target where that is the same for all.</param>
    /// <param name="Target">The type of resource to which references must lead; null for any.</param>
    private sealed record Spread(SearchParameter Parameter, ImmutableHashSet<string> Paths, string? Target);

    /// <summary>The sources of those among these parameters that have any.</summary>
    public static IReadOnlyDictionary<SearchParameter, IndexSource> Among(IEnumerable<SearchParameter> parameters)
    {
        var sources = new Dictionary<SearchParameter, IndexSource>();
        foreach (var alike in parameters.Where(p => p.Code is not ("_id" or "_lastUpdated")).GroupBy(p => (p.ResourceType, p.Type)))
        {
            var spreads = alike.Select(Of).OfType<Spread>().OrderBy(s => s.Paths.Count).ThenBy(s => s.Parameter.Code, StringComparer.Ordinal).ToList();
            // What rests on others is no source itself, so that every row stands where it is looked for.
            var whole = new List<Spread>();
            foreach (var spread in spreads.Where(s => s.Target is null))
                if (Cover(spread, whole) is { } source)
                    sources[spread.Parameter] = source;
                else
                    whole.Add(spread);
            foreach (var spread in spreads.Where(s => s.Target is not null))
                if (Cover(spread, whole) is { } source)
                    sources[spread.Parameter] = source;
        }
        return sources;
    }

    private static IndexSource? Cover(Spread spread, List<Spread> whole)
    {
        List<Spread> parts = [.. whole.Where(s => s.Paths.IsSubsetOf(spread.Paths))];
        var needed = parts.Where(part => !parts.Exists(other => !ReferenceEquals(other, part) && part.Paths.IsSubsetOf(other.Paths))).ToList();
        return needed.Count is > 0 and <= MostParameters && spread.Paths.SetEquals(needed.SelectMany(part => part.Paths))
            ? new([.. needed.Select(part => part.Parameter)], spread.Target) : null;
    }

    /// <summary>Null for a parameter whose values no plain paths find, or paths that lead to targets of several types.</summary>
    private static Spread? Of(SearchParameter parameter)
    {
        if (parameter.Type is SearchParameterType.Composite or SearchParameterType.Special || !WalkTree.Finds(parameter.ResourceType, parameter.Expression))
            return null;
        var paths = parameter.Expression.Split(" | ").Select(part => WalkPath.Of(parameter.ResourceType, part)!).Where(path => WalkTree.Takes(parameter, path)).ToList();
        var targets = paths.Select(path => path[^1].Filters.OfType<PointingTo>().Select(f => f.Type).SingleOrDefault()).Distinct().ToList();
        return targets.Count == 1 ? new(parameter, [.. paths.Select(Text)], targets[0]) : null;
    }

    private static string Text(IReadOnlyList<WalkStep> path) =>
        string.Join('.', path.Select((step, at) => $"{step.Name}[{string.Join(',', step.Filters.Where(f => at < path.Count - 1 || f is not PointingTo))}]"));
}
