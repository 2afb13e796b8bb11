using System.Runtime.CompilerServices;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Json;

namespace Personalize.Fhir.Search;

/// <summary>One walk over the table of a resource that takes the values of all its search parameters.</summary>
internal readonly struct IndexWalk(JsonTree tree, IndexEntries into)
{
    // Index values must not depend on the time at which they are taken.
    private static readonly FhirPathContext _context = new(DateTimeOffset.UnixEpoch);

    public void Run(WalkTree walk, Element root)
    {
        Visit(walk.Root, root.Node);
        foreach (var (parameter, expression) in walk.Rest)
            if (expression.Evaluate(PathValues.Of(root), _context).TryGet(out var values, out _))
                foreach (var value in values.Items)
                    Add(walk, parameter, value);
    }

    private void Visit(WalkNode node, int container)
    {
        var tokens = tree.Tokens;
        if (tokens[container].Kind != JsonKind.Object)
            return;
        var names = node.Names;
        for (int at = container + 1, end = tokens[container].Next; at < end; at = tokens[at].Next)
        {
            var name = tokens[at].Name;
            if ((names >> (name & 63) & 1) == 0)
                continue;
            ref readonly var turn = ref node.Turn(name);
            // What is said about a primitive beside its value is no value.
            if (turn.Name == name && !tokens[at].Has(JsonMarks.Twin))
                Follow(turn.Edges, at);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Follow(WalkEdge[] edges, int row)
    {
        var tokens = tree.Tokens;
        foreach (var edge in edges)
            if (tokens[row].Kind == JsonKind.Array)
                for (var at = row + 1; at < tokens[row].Next; at = tokens[at].Next)
                    Arrive(edge, at);
            else
                Arrive(edge, row);
    }

    private void Arrive(WalkEdge edge, int row)
    {
        if (tree[row].Kind == JsonKind.Null)
            return;
        foreach (var filter in edge.Filters)
            if (!filter.Holds(tree, row))
                return;
        if (edge.Next.GroupDepth > 0)
            into.Group(edge.Next.GroupDepth);
        foreach (var leaf in edge.Next.Leaves)
        {
            var from = into.Count;
            into.Current = leaf.Parameters[0];
            new IndexTaking(tree, into, false).Take(leaf.Form, row);
            var to = into.Count;
            for (var other = 1; other < leaf.Parameters.Length; other++)
                into.Repeat(from, to, leaf.Parameters[other]);
        }
        if (edge.Next.Names != 0)
            Visit(edge.Next, row);
    }

    private void Add(WalkTree walk, SearchParameter parameter, PathValue value)
    {
        into.Current = walk.Number(parameter);
        if (value.Element is not { } element)
            new IndexTaking(tree, into, false).Take(parameter.Type, value.Value);
        else if (element.Node >= 0)
            new IndexTaking(element.Tree, into, !ReferenceEquals(element.Tree, tree)).Take(IndexForms.Of(parameter.Type, element.Type), element.Node);
    }
}
