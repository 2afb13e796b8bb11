using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath.Analysis;
using Personalize.Fhir.FhirPath.Syntax;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.FhirPath;

/// <summary>A FHIRPath expression, parsed once and bound to closures. Immutable; safe to share between threads.</summary>
public sealed class FhirPathExpression
{
    private readonly Step _step;

    // The same as a question, when the answer is always one Boolean or none.
    private readonly Ask? _ask;

    private FhirPathExpression(string text, Step step, Ask? ask, IReadOnlyList<string> constants) => (Text, _step, _ask, Constants) = (text, step, ask, constants);

    /// <summary>The text that it was made from.</summary>
    public string Text { get; }

    /// <summary>The names of the external constants that it mentions (<c>%age</c> gives <c>age</c>), distinct, in order of appearance.</summary>
    public IReadOnlyList<string> Constants { get; }

    /// <summary>Parses; fails with <see cref="Failure.FhirPath"/> on a syntax error, an unknown function or type, or a wrong number of arguments.</summary>
    public static Outcome<FhirPathExpression> Parse(string text) => Parse(text, null);

    /// <summary>Parses for a focus of that type, strictly: fails also on elements that the type does not have, on functions and operators that never fit their operands, and where order is asked of what has none.
    /// Source: FHIRPath 2.0, Type Safety and Strict Evaluation.</summary>
    public static Outcome<FhirPathExpression> ParseFor(string text, FhirType focus) => Parse(text, focus);

    private static Outcome<FhirPathExpression> Parse(string text, FhirType? focus)
    {
        try
        {
            var node = Parser.Parse(text);
            var binder = new Binder();
            var ask = Conditions.Of(binder, node);
            var step = ask is null ? binder.Bind(node) : Conditions.Pushed(ask);
            if (focus is not null)
                Analyzer.Check(node, focus);
            return new FhirPathExpression(text, step, ask, binder.Constants);
        }
        catch (ExpressionError error)
        {
            return Failed(text, error);
        }
    }

    /// <summary>Evaluates on a focus; empty focus is allowed. Fails with <see cref="Failure.FhirPath"/> when FHIRPath says that evaluation signals an error, or when a limit of the context is reached.</summary>
    public Outcome<PathValues> Evaluate(PathValues focus, FhirPathContext context)
    {
        var frame = Frame.Rent(context);
        try
        {
            frame.Focus(focus);
            _step(frame, frame.Root);
            return frame.Take(frame.From(frame.Root.End));
        }
        catch (PathError error)
        {
            return Failed(Text, error);
        }
        finally
        {
            frame.Return();
        }
    }

    /// <summary>Evaluates on one element, otherwise as <see cref="Evaluate(PathValues, FhirPathContext)"/>.</summary>
    public Outcome<PathValues> Evaluate(Element focus, FhirPathContext context)
    {
        using var answer = Open(focus, context);
        return answer.Failure is { } failure ? failure : answer.Keep();
    }

    /// <summary>Evaluates as a condition, as constraints are: one Boolean is itself, one other item true, anything else unknown. Allocates nothing unless it fails; fails as <see cref="Evaluate(PathValues, FhirPathContext)"/> does.</summary>
    public Outcome<Truth> Test(Element focus, FhirPathContext context)
    {
        if (_ask is not null)
            return Asked(_ask, focus, context);
        using var answer = Open(focus, context);
        return answer.Failure is { } failure ? failure : answer.Truth;
    }

    private Outcome<Truth> Asked(Ask ask, Element focus, FhirPathContext context)
    {
        var frame = Frame.Rent(context);
        try
        {
            frame.Focus(focus);
            return ask(frame, frame.Root) is { } holds ? holds ? Truth.True : Truth.False : Truth.Unknown;
        }
        catch (PathError error)
        {
            return Failed(Text, error);
        }
        finally
        {
            frame.Return();
        }
    }

    /// <summary>Evaluates without allocating: the answer lends its values until it is disposed of, on the same thread.</summary>
    public FhirPathAnswer Open(Element focus, FhirPathContext context)
    {
        var frame = Frame.Rent(context);
        var isOpen = false;
        try
        {
            frame.Focus(focus);
            _step(frame, frame.Root);
            isOpen = true;
            return new FhirPathAnswer(frame, null);
        }
        catch (PathError error)
        {
            return new FhirPathAnswer(null, Failed(Text, error));
        }
        finally
        {
            // Also when a delegate of the context throws.
            if (!isOpen)
                frame.Return();
        }
    }

    private static Failure.FhirPath Failed(string text, ExpressionError error)
    {
        var at = Math.Clamp(error.Position, 0, text.Length);
        var lineStart = at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;
        var code = error is PathError { IsTooCostly: true } ? "too-costly" : error.Fault == ExpressionFault.Execution ? "processing" : "invalid";
        return new Failure.FhirPath(error.Fault, error.Message, text.AsSpan(0, at).Count('\n') + 1, at - lineStart + 1, at + 1, code);
    }

    /// <summary>The text.</summary>
    public override string ToString() => Text;
}
