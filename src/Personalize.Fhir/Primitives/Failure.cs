using System.Collections.Immutable;

namespace Personalize.Fhir.Primitives;

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
}
