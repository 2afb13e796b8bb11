using Personalize.Fhir.FhirPath.Functions;
using Personalize.Fhir.FhirPath.Operators;
using Personalize.Fhir.FhirPath.Syntax;

namespace Personalize.Fhir.FhirPath;

/// <summary>Binds a tree to closures: names of types, functions and constants are looked up once, here.</summary>
internal sealed class Binder
{
    private readonly List<string> _constants = [];
    private readonly HashSet<string> _variables = new(StringComparer.Ordinal);

    /// <summary>The external constants met so far; what <c>defineVariable</c> names is none.</summary>
    public IReadOnlyList<string> Constants => [.. _constants.Except(_variables)];

    /// <summary>Takes note of a name that the expression itself defines.</summary>
    public void Defines(string name) => _variables.Add(name);

    /// <summary>An expression that begins a path: its first name may be the type of the focus.</summary>
    public Step Bind(Node node) => Conditions.Of(this, node) is { } ask ? Conditions.Pushed(ask) : Values(node);

    /// <summary>The same as a question: a Boolean does not go over the stack.</summary>
    public Ask Condition(Node node) => Conditions.Of(this, node) ?? Conditions.Read(Values(node));

    private Step Values(Node node) => node switch
    {
        LiteralNode literal => Push(PathValue.Of(literal.Value)),
        EmptyNode => (_, _) => { }
        ,
        ConstantNode constant => Constant(constant),
        MemberNode member => new Member(member.Name).AtStart(),
        PathNode path => Counted(path) ?? Chain(Bind(path.Source), path.Step),
        IndexerNode indexer => At(indexer.Position, Indexer(Bind(indexer.Source), Bind(indexer.Index))),
        SignNode sign => At(sign.Position, Sign(Bind(sign.Operand), sign.IsMinus)),
        OperatorNode { Operator: "|" } union when LiteralSet.Of(union) is { } values => LiteralSet.Push(values),
        OperatorNode op => At(op.Position, Operator(op.Operator, Bind(op.Left), Bind(op.Right))),
        TypeNode type => At(type.Position, Typed(type)),
        SortKeyNode key => Bind(key.Key),
        _ => Invocation(node),
    };

    private Step Invocation(Node node) => node switch
    {
        MemberNode member => new Member(member.Name).Step,
        CallNode call => At(call.Position, FunctionTable.Bind(new Call(this, call))),
        VariableNode variable => Variable(variable.Name),
        _ => throw new SyntaxError("A name or a function is expected", node.Position),
    };

    /// <summary>An error of the step is one at that place, unless it came from deeper inside.</summary>
    private static Step At(int position, Step step) => (frame, focus) =>
    {
        try
        {
            step(frame, focus);
        }
        catch (PathError error) when (error.Locate(position))
        {
            throw;
        }
    };

    private static Step Push(PathValue value) => (frame, _) => frame.Push(value);

    private Step? Counted(PathNode path) => Shortcuts.Count(this, path) is { } count ? (frame, focus) => frame.Push(count(frame, focus)) : null;

    private Step Chain(Step source, Node step)
    {
        var next = Invocation(step);
        return (frame, focus) =>
        {
            var start = frame.Top;
            source(frame, focus);
            var middle = frame.From(start);
            next(frame, middle);
            frame.Collapse(start, middle.End);
        };
    }

    private static Step Indexer(Step source, Step index) => (frame, focus) =>
    {
        var start = frame.Top;
        source(frame, focus);
        var items = frame.From(start);
        var position = Singleton.Integer(frame, frame.Argument(index));
        PathValue? found = position >= 0 && position < items.Count ? frame[items.Start + position.Value] : null;
        frame.Reset(start);
        if (found is { } item)
            frame.Push(item);
    };

    private static Step Variable(string name) => name switch
    {
        "this" => (frame, _) => frame.Push(frame.This),
        "total" => (frame, _) => frame.Push(frame.Total),
        _ => (frame, _) =>
        {
            if (frame.Index >= 0)
                frame.Push(frame.Index);
        }
    };

    private Step Constant(ConstantNode node)
    {
        if (EnvironmentConstants.Find(node.Name) is { } known)
            return known;
        var name = node.Name;
        if (!_constants.Contains(name))
            _constants.Add(name);
        return At(node.Position, (frame, _) => frame.Push(frame.Variable(name) ?? frame.Context.Constant?.Invoke(name) ?? throw new PathError($"There is no constant %{name}")));
    }

    private static Step Sign(Step operand, bool isMinus) => (frame, focus) =>
    {
        var start = frame.Top;
        operand(frame, focus);
        var signed = Singleton.One(frame, frame.From(start)) is { Value: { } value } ? Arithmetic.Sign(value, isMinus) : null;
        frame.Reset(start);
        if (signed is not null)
            frame.Push(PathValue.Of(signed));
    };

    private Step Typed(TypeNode node)
    {
        var test = TypeTest.Of(node.Type);
        if (node.IsTest && References.EndsWithResolve(node.Operand, out var references))
            return References.TypeOfTarget(references is null ? null : Bind(references), test);
        var operand = Bind(node.Operand);
        Action<Frame, Slice> apply = node.IsTest ? (frame, items) => TypeFunctions.Is(frame, items, test) : (frame, items) => TypeFunctions.Narrow(frame, items, test);
        return (frame, focus) =>
        {
            var start = frame.Top;
            operand(frame, focus);
            var items = frame.From(start);
            apply(frame, items);
            frame.Collapse(start, items.End);
        };
    }

    private static Step Operator(string op, Step left, Step right) => op switch
    {
        "|" => Both(left, right, Combining.Union),
        "&" => Both(left, right, Arithmetic.Concatenate),
        "+" => Both(left, right, (f, a, b, start) => Arithmetic.Apply(f, a, b, start, Arithmetic.Add)),
        "-" => Both(left, right, (f, a, b, start) => Arithmetic.Apply(f, a, b, start, Arithmetic.Subtract)),
        "*" => Both(left, right, (f, a, b, start) => Arithmetic.Apply(f, a, b, start, Arithmetic.Multiply)),
        "/" => Both(left, right, (f, a, b, start) => Arithmetic.Apply(f, a, b, start, Arithmetic.Divide)),
        "div" => Both(left, right, (f, a, b, start) => Arithmetic.Apply(f, a, b, start, Arithmetic.DivideWhole)),
        "mod" => Both(left, right, (f, a, b, start) => Arithmetic.Apply(f, a, b, start, Arithmetic.Modulo)),
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "The parser knows no such operator."),
    };

    /// <summary>Evaluates both sides, then replaces them by the answer.</summary>
    private static Step Both(Step left, Step right, Action<Frame, Slice, Slice, int> combine) => (frame, focus) =>
    {
        var start = frame.Top;
        left(frame, focus);
        var first = frame.From(start);
        right(frame, focus);
        combine(frame, first, frame.From(first.End), start);
    };
}
