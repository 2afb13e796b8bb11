using Personalize.Fhir.FhirPath.Syntax;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.FhirPath;

/// <summary>A FHIRPath expression, parsed once and bound to closures. Immutable; safe to share between threads.</summary>
public sealed class FhirPathExpression
{
    private readonly Step _step;

    private FhirPathExpression(string text, Step step, IReadOnlyList<string> constants) => (Text, _step, Constants) = (text, step, constants);

    /// <summary>The text that it was made from.</summary>
    public string Text { get; }

    /// <summary>The names of the external constants that it mentions (<c>%age</c> gives <c>age</c>), distinct, in order of appearance.</summary>
    public IReadOnlyList<string> Constants { get; }

    /// <summary>Parses; fails with <see cref="Failure.Invalid"/> that names the position on a syntax error or an unknown function.</summary>
    public static Outcome<FhirPathExpression> Parse(string text)
    {
        try
        {
            var binder = new Binder();
            var step = binder.Bind(Parser.Parse(text));
            return new FhirPathExpression(text, step, binder.Constants);
        }
        catch (SyntaxError error)
        {
            return new Failure.Invalid($"{error.Message} (character {error.Position + 1} of the expression).");
        }
    }

    /// <summary>Evaluates on a focus; empty focus is allowed. Fails with <see cref="Failure.Unprocessable"/> when FHIRPath says that evaluation signals an error.</summary>
    public Outcome<PathValues> Evaluate(PathValues focus, FhirPathContext context)
    {
        var frame = Frame.Rent(context, focus);
        try
        {
            _step(frame, frame.Root);
            return frame.Take(frame.From(frame.Root.End));
        }
        catch (PathError error)
        {
            return new Failure.Unprocessable($"{error.Message}.");
        }
        finally
        {
            frame.Return();
        }
    }

    /// <summary>The text.</summary>
    public override string ToString() => Text;
}
