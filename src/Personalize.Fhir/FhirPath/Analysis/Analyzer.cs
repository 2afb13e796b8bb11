using Personalize.Fhir.FhirPath.Syntax;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.FhirPath.Analysis;

/// <summary>Checks an expression against the type of its focus before it runs: names that no type has, functions and operators on what they cannot take, order where there is none.
/// Says nothing where types are not known. Source: FHIRPath 2.0, Type Safety and Strict Evaluation.</summary>
internal sealed class Analyzer(Shape root)
{
    /// <summary>Throws <see cref="SemanticError"/> when the expression cannot mean anything on that type.</summary>
    public static void Check(Node expression, FhirType focus)
    {
        var shape = Shape.Of([focus]);
        new Analyzer(shape).Begin(expression, shape);
    }

    /// <summary>An expression that begins a path, where the focus may be named by its type.</summary>
    public Shape Begin(Node node, Shape focus) => node switch
    {
        LiteralNode literal => Shape.OfValue(literal.Value),
        EmptyNode => Shape.Any,
        ConstantNode constant => Constant(constant.Name),
        MemberNode member => Start(member, focus),
        PathNode path => Step(path.Step, Begin(path.Source, focus), focus),
        IndexerNode indexer => Index(indexer, focus),
        SignNode sign => OperatorShapes.Sign(Begin(sign.Operand, focus), sign.Position),
        OperatorNode op => OperatorShapes.Of(op, Begin(op.Left, focus), Begin(op.Right, focus)),
        TypeNode type => Typed(type, Begin(type.Operand, focus)),
        SortKeyNode key => Begin(key.Key, focus),
        _ => Step(node, focus, focus),
    };

    private Shape Step(Node node, Shape input, Shape focus) => node switch
    {
        MemberNode member => Children(member, input),
        CallNode call => new FunctionShapes(this, call, input, focus).Result(),
        VariableNode { Name: "this" } => focus,
        VariableNode { Name: "index" } => Shape.Integer,
        _ => Shape.Any,
    };

    private Shape Constant(string name) => name switch
    {
        "context" => root,
        "ucum" or "sct" or "loinc" => Shape.Text,
        _ when name.StartsWith("vs-", StringComparison.Ordinal) || name.StartsWith("ext-", StringComparison.Ordinal) => Shape.Text,
        _ => Shape.Any,
    };

    private static Shape Start(MemberNode member, Shape focus)
    {
        if (focus.Types.Any(t => t.Fhir?.Is(member.Name) == true))
            return focus;
        var names = FhirSchema.R4.Type(member.Name);
        if (names is { IsResource: true } && focus.IsKnown && focus.Types.All(t => t.Fhir?.Element(member.Name) is null))
            throw new SemanticError($"The focus is {focus}, not {member.Name}", member.Position);
        return names is { IsResource: true } ? Shape.Of([names]) : Children(member, focus);
    }

    private static Shape Children(MemberNode member, Shape input)
    {
        if (!input.IsKnown || input.Types.Any(t => t.Fhir is null))
            return Shape.Any;
        var definitions = input.Types.Select(t => t.Fhir!.Element(member.Name)).OfType<ElementDef>().ToList();
        if (definitions.Count == 0)
            throw Unknown(member, input);
        return definitions.All(d => d.Types.Count > 0) ? Shape.Of(definitions.SelectMany(d => d.Types)) with { IsOrdered = input.IsOrdered } : Shape.Any;
    }

    private static SemanticError Unknown(MemberNode member, Shape input)
    {
        var choice = input.Types.SelectMany(t => t.Fhir!.Elements).FirstOrDefault(e => e.IsChoice && e.Properties.Any(p => p.Name == member.Name));
        return new SemanticError(choice is null ? $"{input} has no element {member.Name}" : $"{member.Name} is written {choice.Name} in FHIRPath", member.Position);
    }

    private Shape Index(IndexerNode indexer, Shape focus)
    {
        var source = Begin(indexer.Source, focus);
        Require(Begin(indexer.Index, focus), indexer.Index.Position, "An Integer", SystemKind.Integer);
        RequireOrder(source, indexer.Position);
        return source;
    }

    private static Shape Typed(TypeNode node, Shape operand) => node.IsTest ? Shape.Boolean : Narrowed(node.Type.Namespace, node.Type.Name, operand);

    /// <summary>What is left of a collection when only items of a type stay.</summary>
    public static Shape Narrowed(string? space, string name, Shape input)
    {
        var fhir = space is null or "FHIR" ? FhirSchema.R4.Type(name) : null;
        return fhir is null ? Shape.Any : Shape.Of([fhir]) with { IsOrdered = input.IsOrdered };
    }

    /// <summary>Throws when no item can be of these kinds.</summary>
    public static void Require(Shape shape, int position, string wanted, params ReadOnlySpan<SystemKind> kinds)
    {
        if (shape.CannotBe(kinds))
            throw new SemanticError($"{wanted} is expected where there is {shape}", position);
    }

    /// <summary>Throws when the order of the items means nothing.</summary>
    public static void RequireOrder(Shape shape, int position)
    {
        if (!shape.IsOrdered)
            throw new SemanticError("These items have no order of which this could make use", position);
    }
}
