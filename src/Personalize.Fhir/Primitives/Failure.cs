using System.Collections.Immutable;

namespace Personalize.Fhir.Primitives;

/// <summary>The three ways in which a FHIRPath expression fails, in the order in which they are found.</summary>
public enum ExpressionFault
{
    /// <summary>The text is no expression.</summary>
    Syntax,
    /// <summary>It names what does not exist, or joins types that do not fit.</summary>
    Semantic,
    /// <summary>Evaluation signals an error or reaches a limit.</summary>
    Execution,
}

/// <summary>Expected trouble, as a value: a closed set, turned into an HTTP status in one place.</summary>
/// <param name="Issues">What to tell the caller; at least one.</param>
public abstract record Failure(ImmutableArray<Issue> Issues)
{
    private static ImmutableArray<Issue> One(string code, string text, string? expression = null) => [Issue.Error(code, text, expression)];

    /// <summary>Not readable as FHIR: bad JSON, wrong structure, a malformed parameter (400).</summary>
    public sealed record Invalid(ImmutableArray<Issue> Issues) : Failure(Issues)
    {
        /// <summary>One issue of code <c>invalid</c>.</summary>
        public Invalid(string text, string? expression = null) : this(One("invalid", text, expression)) { }
    }

    /// <summary>Readable, but against the rules of its type: a missing element, a code outside a required binding (422).</summary>
    public sealed record Unprocessable(ImmutableArray<Issue> Issues) : Failure(Issues)
    {
        /// <summary>One issue of code <c>processing</c>.</summary>
        public Unprocessable(string text, string? expression = null) : this(One("processing", text, expression)) { }
    }

    /// <summary>A FHIRPath expression has no answer: it cannot be read, cannot mean anything, or its evaluation signals an error (400; 422 for the last).</summary>
    /// <param name="Fault">Which of the three.</param>
    /// <param name="Text">What is wrong, without a full stop.</param>
    /// <param name="Line">Line of the expression, from 1.</param>
    /// <param name="Column">Column of that line in characters, from 1.</param>
    /// <param name="Character">Place in the expression in characters, from 1.</param>
    /// <param name="Code">Of the value set <c>issue-type</c>: <c>invalid</c>, <c>processing</c>, or <c>too-costly</c> when a limit was reached.</param>
    public sealed record FhirPath(ExpressionFault Fault, string Text, int Line, int Column, int Character, string Code)
        : Failure([new Issue(IssueSeverity.Error, Code, $"{Text} (character {Character} of the expression).", null, Line, Column)]);

    /// <summary>Nobody known asks: no token, or one that does not hold (401).</summary>
    public sealed record Unauthenticated(string Text) : Failure(One("login", Text));

    /// <summary>The access does not allow it (403).</summary>
    public sealed record Denied(string Text) : Failure(One("forbidden", Text));

    /// <summary>There is no such thing (404).</summary>
    public sealed record Missing(string Text) : Failure(One("not-found", Text));

    /// <summary>It was there and is deleted, or a paging link is too old (410).</summary>
    public sealed record Gone(string Text) : Failure(One("deleted", Text));

    /// <summary>The verb or interaction is not offered here (405).</summary>
    public sealed record NotAllowed(string Text) : Failure(One("not-supported", Text));

    /// <summary>It clashes with what is stored (409).</summary>
    public sealed record Conflict(string Text) : Failure(One("conflict", Text));

    /// <summary>A guard did not hold: another version, or several matches (412).</summary>
    public sealed record Stale(string Text, string? Expression = null) : Failure(One("conflict", Text, Expression));

    /// <summary>The body is over the limit (413).</summary>
    public sealed record TooLarge(string Text) : Failure(One("too-long", Text));

    /// <summary>There is no room left to store it (507).</summary>
    public sealed record Full(string Text) : Failure(One("no-store", Text));

    /// <summary>It cannot be done now, and may be done soon: what it needs cannot be reached (503).</summary>
    public sealed record Unavailable(string Text) : Failure(One("transient", Text));

    /// <summary>It took longer than anybody is to wait (503).</summary>
    public sealed record TimedOut(string Text) : Failure(One("timeout", Text));

    /// <summary>One caller asks for too much at once (429).</summary>
    public sealed record TooMany(string Text) : Failure(One("throttled", Text));
}
