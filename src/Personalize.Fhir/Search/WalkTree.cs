using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;

namespace Personalize.Fhir.Search;

/// <summary>All search parameters of a resource type as one tree of steps; what is no plain path stays FHIRPath.</summary>
internal sealed class WalkTree
{
    // Index values must not depend on the time at which they are taken.
    private static readonly FhirPathContext _context = new(DateTimeOffset.UnixEpoch);
    private readonly Node _root = new();
    private readonly List<(SearchParameter Parameter, FhirPathExpression Expression)> _rest = [];

    public WalkTree(string resourceType, IEnumerable<SearchParameter> parameters)
    {
        foreach (var parameter in parameters.Where(p => p.Type is not (SearchParameterType.Composite or SearchParameterType.Special) && p.Code is not ("_id" or "_lastUpdated")))
            Add(resourceType, parameter);
    }

    /// <summary>Tells of every element that a parameter finds.</summary>
    public void Visit(Resource resource, Action<SearchParameter, PathValue?, Element?> found)
    {
        Visit(_root, resource.Root, found);
        foreach (var (parameter, expression) in _rest)
            if (expression.Evaluate(PathValues.Of(resource.Root), _context).TryGet(out var values, out _))
                foreach (var value in values.Items)
                    found(parameter, value, value.Element);
    }

    private static void Visit(Node node, Element element, Action<SearchParameter, PathValue?, Element?> found)
    {
        foreach (var child in element.Children())
            foreach (var edge in node.Edges)
                if (edge.Name == child.Name && Holds(edge.Filters, child))
                    Arrive(edge.Next, child, found);
    }

    private static void Arrive(Node node, Element element, Action<SearchParameter, PathValue?, Element?> found)
    {
        foreach (var parameter in node.Parameters)
            found(parameter, null, element);
        if (node.Edges.Count > 0)
            Visit(node, element, found);
    }

    private static bool Holds(IReadOnlyList<WalkFilter> filters, Element element)
    {
        foreach (var filter in filters)
            if (!filter.Holds(element))
                return false;
        return true;
    }

    private void Add(string resourceType, SearchParameter parameter)
    {
        var paths = parameter.Expression.Split(" | ").Select(part => WalkPath.Of(resourceType, part)).ToList();
        if (paths.TrueForAll(p => p is { Count: > 0 }))
            paths.ForEach(p => Add(p!, parameter));
        else
            _rest.Add((parameter, FhirPathExpression.Parse(parameter.Expression).Value));
    }

    private void Add(IReadOnlyList<WalkStep> path, SearchParameter parameter)
    {
        var node = _root;
        foreach (var step in path)
        {
            var edge = node.Edges.Find(e => e.Name == step.Name && e.Filters.SequenceEqual(step.Filters));
            if (edge is null)
                node.Edges.Add(edge = new(step.Name, step.Filters, new()));
            node = edge.Next;
        }
        node.Parameters.Add(parameter);
    }

    private sealed class Node
    {
        public List<Edge> Edges { get; } = [];

        public List<SearchParameter> Parameters { get; } = [];
    }

    private sealed record Edge(string Name, IReadOnlyList<WalkFilter> Filters, Node Next);
}
