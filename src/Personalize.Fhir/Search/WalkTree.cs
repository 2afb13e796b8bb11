using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Search;

/// <summary>All search parameters of a resource type as one tree of steps, bound to the names of the schema; what is no plain path stays FHIRPath.</summary>
internal sealed class WalkTree
{
    /// <summary>Composites look for their parts in elements that lie no deeper.</summary>
    public const int DeepestGroup = 8;

    public WalkTree(string resourceType, IEnumerable<SearchParameter> parameters, Func<SearchParameter, IndexSource?> sourceOf)
    {
        Root = new(FhirSchema.R4.Type(resourceType)!);
        Parameters = [.. parameters.Where(p => p.Type is not (SearchParameterType.Composite or SearchParameterType.Special) && p.Code is not ("_id" or "_lastUpdated"))];
        GroupDepths = [.. Parameters.Select(p => (byte)p.GroupDepth)];
        Sources = [.. Parameters.Select(sourceOf)];
        Roles = Chart.Roles(resourceType, Parameters);
        var rest = new List<(SearchParameter, FhirPathExpression)>();
        foreach (var parameter in Parameters)
            Add(resourceType, parameter, rest);
        Root.Close();
        Rest = [.. rest];
    }

    /// <summary>The parameters; each has its place here as its number.</summary>
    public SearchParameter[] Parameters { get; }

    /// <summary>For each parameter its <see cref="SearchParameter.GroupDepth"/>.</summary>
    public byte[] GroupDepths { get; }

    /// <summary>For each parameter where its values stand in an index; null for its own rows.</summary>
    public IndexSource?[] Sources { get; }

    /// <summary>For each parameter what it is to the chart of the type.</summary>
    public ChartRole[] Roles { get; }

    /// <summary>Where the walk begins.</summary>
    public WalkNode Root { get; }

    /// <summary>What must be evaluated.</summary>
    public (SearchParameter Parameter, FhirPathExpression Expression)[] Rest { get; }

    /// <summary>The number of a parameter.</summary>
    public ushort Number(SearchParameter parameter) => checked((ushort)Array.FindIndex(Parameters, p => ReferenceEquals(p, parameter)));

    /// <summary>True when the walk finds the values of an expression by itself.</summary>
    public static bool Finds(string resourceType, string expression) => FhirSchema.R4.Type(resourceType) is { } type
        && expression.Split(" | ").All(part => WalkPath.Of(resourceType, part) is { Count: > 0 } path && IsPlain(type, path, 0));

    /// <summary>True when some element that the path leads to gives values of the parameter's type.</summary>
    public static bool Takes(SearchParameter parameter, IReadOnlyList<WalkStep> path) => FhirSchema.R4.Type(parameter.ResourceType) is { } type && Takes(type, path, 0, parameter.Type);

    private static bool Takes(FhirType type, IReadOnlyList<WalkStep> path, int at, SearchParameterType parameter) => at == path.Count
        ? IndexForms.Of(parameter, type) != IndexForm.None
        : Steps(type, path[at]).Where(p => path[at].Filters.All(f => RowFilter.Passes(f, p.Type))).Any(p => Takes(p.Type, path, at + 1, parameter));

    private void Add(string resourceType, SearchParameter parameter, List<(SearchParameter, FhirPathExpression)> rest)
    {
        var paths = parameter.Expression.Split(" | ").Select(part => WalkPath.Of(resourceType, part)).ToList();
        if (paths.TrueForAll(p => p is { Count: > 0 } && IsPlain(Root.Type, p, 0)))
            paths.ForEach(p => Add(Root, p!, 0, parameter));
        else
            rest.Add((parameter, FhirPathExpression.Parse(parameter.Expression).Value));
    }

    /// <summary>True when the types alone say where each step leads: not through a resource inside, nor below a primitive, nor by the text of a choice.</summary>
    private static bool IsPlain(FhirType type, IReadOnlyList<WalkStep> path, int at)
    {
        if (at == path.Count)
            return true;
        if (type.IsResource && at > 0 || type.Primitive != PrimitiveKind.None)
            return false;
        return Steps(type, path[at]).All(p => !p.Type.IsResource || path[at].Filters.Count == 0)
            && Steps(type, path[at]).All(p => path[at].Filters.OfType<WithText>().All(f => p.Type.Element(f.Child)?.IsChoice != true))
            && Steps(type, path[at]).Where(p => path[at].Filters.All(f => RowFilter.Passes(f, p.Type))).All(p => IsPlain(p.Type, path, at + 1));
    }

    private static IReadOnlyList<JsonProperty> Steps(FhirType type, WalkStep step) => type.Element(step.Name)?.Properties ?? [];

    private void Add(WalkNode node, IReadOnlyList<WalkStep> path, int at, SearchParameter parameter)
    {
        foreach (var property in Steps(node.Type, path[at]).Where(p => path[at].Filters.All(f => RowFilter.Passes(f, p.Type))))
        {
            var next = node.Edge(property, [.. path[at].Filters.Select(f => RowFilter.Of(f, property.Type)).OfType<RowFilter>()]);
            if (at + 1 == parameter.GroupDepth)
                next.GroupDepth = at + 1;
            if (at < path.Count - 1)
                Add(next, path, at + 1, parameter);
            else
                next.Add(parameter.Type, Number(parameter));
        }
    }
}

/// <summary>A place in the tree: elements of one type.</summary>
internal sealed class WalkNode(FhirType type)
{
    /// <summary>The type of the elements here.</summary>
    public FhirType Type { get; } = type;

    /// <summary>How deep it lies when parts of a composite are found together in an element here; else 0.</summary>
    public int GroupDepth { get; set; }

    private readonly List<WalkEdge> _edges = [];
    private NameSlots<WalkTurn> _turns;

    /// <summary>A bit for each name that leads on, by the last six bits of its number: most children are turned away by it alone.</summary>
    public ulong Names { get; private set; }

    /// <summary>Where it goes on under the name of that number; of another name when it does not.</summary>
    public ref readonly WalkTurn Turn(ushort name) => ref _turns[name];

    /// <summary>What is taken here.</summary>
    public WalkLeaf[] Leaves { get; private set; } = [];

    /// <summary>The node behind that property and those filters.</summary>
    public WalkNode Edge(JsonProperty property, RowFilter[] filters)
    {
        foreach (var edge in _edges)
            if (edge.Name == property.Id && edge.Filters.SequenceEqual(filters))
                return edge.Next;
        var next = new WalkNode(property.Type);
        _edges.Add(new(property.Id, filters, next));
        Names |= 1UL << (property.Id & 63);
        return next;
    }

    /// <summary>Lays out all that was added, here and below.</summary>
    public void Close()
    {
        _turns = new([.. _edges.GroupBy(edge => edge.Name, (name, edges) => new WalkTurn(name, [.. edges]))]);
        _edges.ForEach(edge => edge.Next.Close());
    }

    /// <summary>Takes the values of a parameter here, once.</summary>
    public void Add(SearchParameterType parameterType, ushort parameter)
    {
        var form = IndexForms.Of(parameterType, Type);
        var leaf = Array.FindIndex(Leaves, l => l.Form == form);
        if (form == IndexForm.None)
            return;
        if (leaf < 0)
            Leaves = [.. Leaves, new(form, [parameter])];
        else
            Leaves[leaf] = new(form, [.. Leaves[leaf].Parameters.Where(p => p != parameter), parameter]);
    }
}

/// <summary>The steps under one name: several where filters tell them apart.</summary>
internal readonly record struct WalkTurn(ushort Name, WalkEdge[] Edges) : INamed<WalkTurn>
{
    /// <inheritdoc/>
    public static WalkTurn Nothing { get; } = new(ushort.MaxValue, []);
}

/// <summary>A step to the elements under one name in JSON.</summary>
internal sealed record WalkEdge(ushort Name, RowFilter[] Filters, WalkNode Next);

/// <summary>Parameters, by their numbers, that take the same values of an element.</summary>
internal sealed record WalkLeaf(IndexForm Form, ushort[] Parameters);
