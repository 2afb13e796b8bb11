using Personalize.Fhir.FhirPath.Functions;
using Personalize.Fhir.FhirPath.Operators;
using Personalize.Fhir.FhirPath.Syntax;

namespace Personalize.Fhir.FhirPath;

/// <summary>Binds the nodes whose answer is one Boolean: operators of logic and comparison, functions such as <c>exists</c> and <c>not</c>. Constraints consist of them, and so none of their parts goes over the stack.</summary>
internal static class Conditions
{
    /// <summary>The node as a question; null for one that can answer anything else than a Boolean.</summary>
    public static Ask? Of(Binder binder, Node node) => node switch
    {
        OperatorNode op => Operator(binder, op),
        PathNode { Step: CallNode call } path => Shortcuts.Presence(binder, path) ?? Shortcuts.HasValue(binder, path) ?? Called(binder, path.Source, call),
        CallNode call when FunctionTable.Condition(call) is { } function => At(call.Position, function(new Call(binder, call))),
        _ => null,
    };

    /// <summary>What the step pushes, read as a condition.</summary>
    public static Ask Read(Step step) => (frame, focus) =>
    {
        var start = frame.Top;
        step(frame, focus);
        var truth = Singleton.Boolean(frame, frame.From(start));
        frame.Reset(start);
        return truth;
    };

    /// <summary>Pushes the answer, when it is known.</summary>
    public static Step Pushed(Ask ask) => (frame, focus) =>
    {
        if (ask(frame, focus) is { } known)
            frame.Push(known);
    };

    private static Ask? Called(Binder binder, Node source, CallNode call)
    {
        if (FunctionTable.Condition(call) is not { } function)
            return null;
        if (call.Name == "not")
            return At(call.Position, Logic.Not(binder.Condition(source)));
        var input = binder.Bind(source);
        var ask = At(call.Position, function(new Call(binder, call)));
        return (frame, focus) =>
        {
            var start = frame.Top;
            input(frame, focus);
            var answer = ask(frame, frame.From(start));
            frame.Reset(start);
            return answer;
        };
    }

    private static Ask? Operator(Binder binder, OperatorNode op) => op.Operator switch
    {
        "and" => At(op.Position, Logic.And(binder.Condition(op.Left), binder.Condition(op.Right))),
        "or" => At(op.Position, Logic.Or(binder.Condition(op.Left), binder.Condition(op.Right))),
        "xor" => At(op.Position, Logic.Xor(binder.Condition(op.Left), binder.Condition(op.Right))),
        "implies" => At(op.Position, Logic.Implies(binder.Condition(op.Left), binder.Condition(op.Right))),
        "=" => At(op.Position, Same(binder, op)),
        "!=" => At(op.Position, Logic.Not(Same(binder, op))),
        "~" => Compared(binder, op, (f, a, b) => Equivalence.Same(f, a, b)),
        "!~" => Compared(binder, op, (f, a, b) => !Equivalence.Same(f, a, b)),
        "<" => Ordered(binder, op, order => order < 0),
        ">" => Ordered(binder, op, order => order > 0),
        "<=" => Ordered(binder, op, order => order <= 0),
        ">=" => Ordered(binder, op, order => order >= 0),
        "in" => LiteralSet.Of(op.Right) is { } values ? LiteralSet.Contains(binder.Bind(op.Left), values) : Compared(binder, op, Combining.IsIn),
        "contains" => Compared(binder, op, (f, a, b) => Combining.IsIn(f, b, a)),
        _ => null,
    };

    /// <summary>Two Booleans are compared as they are; a literal is not pushed.</summary>
    private static Ask Same(Binder binder, OperatorNode op)
    {
        // Each side is bound once: nested comparisons would double the work with each level.
        var (left, right) = (Of(binder, op.Left), Of(binder, op.Right));
        if (left is not null && right is not null)
            return (frame, focus) => left(frame, focus) is var a && right(frame, focus) is var b && a is not null && b is not null ? a == b : null;
        var first = left is null ? binder.Bind(op.Left) : Pushed(left);
        return op.Right is LiteralNode literal ? SameAs(first, PathValue.Of(literal.Value)) : Both(first, right is null ? binder.Bind(op.Right) : Pushed(right), Equality.Same);
    }

    private static Ask SameAs(Step step, PathValue literal) => (frame, focus) =>
    {
        var start = frame.Top;
        step(frame, focus);
        var count = frame.Top - start;
        if (count == 1)
            frame.SpendOn(frame[start]);
        bool? same = count == 1 ? Equality.Same(frame[start], literal) : count == 0 ? null : false;
        frame.Reset(start);
        return same;
    };

    private static Ask Ordered(Binder binder, OperatorNode op, Func<int, bool> holds)
    {
        if (Shortcuts.IsCount(op.Left) && Shortcuts.IsCount(op.Right))
            return At(op.Position, Ordered(Shortcuts.Count(binder, op.Left)!, Shortcuts.Count(binder, op.Right)!, holds));
        return Compared(binder, op, (frame, a, b) => Order.Compare(frame, a, b) is { } order ? holds(order) : null);
    }

    private static Ask Ordered(Tally left, Tally right, Func<int, bool> holds) => (frame, focus) => holds(left(frame, focus).CompareTo(right(frame, focus)));

    private static Ask Compared(Binder binder, OperatorNode op, Func<Frame, Slice, Slice, bool?> test) => At(op.Position, Both(binder.Bind(op.Left), binder.Bind(op.Right), test));

    /// <summary>Evaluates both sides and compares what they pushed.</summary>
    private static Ask Both(Step left, Step right, Func<Frame, Slice, Slice, bool?> test) => (frame, focus) =>
    {
        var start = frame.Top;
        left(frame, focus);
        var first = frame.From(start);
        right(frame, focus);
        var answer = test(frame, first, frame.From(first.End));
        frame.Reset(start);
        return answer;
    };

    /// <summary>An error of the question is one at that place, unless it came from deeper inside.</summary>
    private static Ask At(int position, Ask ask) => (frame, focus) =>
    {
        try
        {
            return ask(frame, focus);
        }
        catch (PathError error) when (error.Locate(position))
        {
            throw;
        }
    };
}
