namespace Personalize.Fhir.FhirPath;

/// <summary>Evaluation signals an error. Thrown by operators and functions, caught once, in <see cref="FhirPathExpression.Evaluate"/>.</summary>
internal sealed class PathError(string text) : Exception(text);

/// <summary>The text is no expression. Thrown by lexer, parser and binder, caught once, in <see cref="FhirPathExpression.Parse"/>.</summary>
internal sealed class SyntaxError(string text, int position) : Exception(text)
{
    /// <summary>Where, counted from 0 in characters.</summary>
    public int Position { get; } = position;
}
