using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.FhirPath;

/// <summary>An expression has no answer. Thrown inside this folder only; caught once each in <see cref="FhirPathExpression"/>'s parsing and evaluation.</summary>
internal abstract class ExpressionError(ExpressionFault fault, string text, int position) : Exception(text.Length > Longest ? text[..Longest] + "..." : text)
{
    // A name in it may be as long as whoever wrote the expression likes.
    private const int Longest = 300;

    /// <summary>Which kind of failure it is.</summary>
    public ExpressionFault Fault { get; } = fault;

    /// <summary>Where, counted from 0 in characters; -1 when not known so far.</summary>
    public int Position { get; protected set; } = position;
}

/// <summary>Evaluation signals an error. Thrown by operators and functions, which do not know where they stand.</summary>
internal sealed class PathError(string text, ExpressionFault fault = ExpressionFault.Execution) : ExpressionError(fault, text, -1)
{
    /// <summary>True when a limit was reached, not a rule broken.</summary>
    public bool IsTooCostly { get; init; }

    /// <summary>Takes note of the innermost place as an exception filter, which never catches: the way without errors costs nothing.</summary>
    public bool Locate(int position)
    {
        if (Position < 0)
            Position = position;
        return false;
    }
}

/// <summary>The text is no expression. Thrown by lexer and parser.</summary>
internal sealed class SyntaxError(string text, int position) : ExpressionError(ExpressionFault.Syntax, text, position);

/// <summary>The expression can be read but cannot mean anything: it names what does not exist, or joins what does not fit. Thrown by the binder and the analysis of types.</summary>
internal sealed class SemanticError(string text, int position) : ExpressionError(ExpressionFault.Semantic, text, position);
