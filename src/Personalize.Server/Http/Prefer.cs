using Microsoft.Extensions.Primitives;

namespace Personalize.Server.Http;

/// <summary>What a write answers with.</summary>
public enum ReturnForm
{
    /// <summary>Not said: the resource, but in the response of a bundle nothing.</summary>
    Unset,
    /// <summary>Headers alone.</summary>
    Minimal,
    /// <summary>The resource.</summary>
    Representation,
    /// <summary>An OperationOutcome.</summary>
    OperationOutcome,
}

/// <summary>What the client would rather have. Source: FHIR R4, RESTful API, <c>Prefer</c>; RFC 7240.</summary>
/// <param name="Return">What a write answers with.</param>
/// <param name="Lenient">True drops unknown search parameters.</param>
public sealed record Prefer(ReturnForm Return, bool Lenient)
{
    /// <summary>True when the client asks for an answer later (<c>respond-async</c>), which is not given here.</summary>
    public bool Async { get; init; }

    /// <summary>True when it said that what is not supported is an error (<c>handling=strict</c>).</summary>
    public bool Strict { get; init; }

    /// <summary>Nothing said.</summary>
    public static Prefer Nothing { get; } = new(ReturnForm.Unset, false);

    /// <summary>Reads the header; what is unknown has no effect (RFC 7240, section 2).</summary>
    public static Prefer Read(StringValues header)
    {
        var prefer = Nothing;
        foreach (var part in header.SelectMany(line => (line ?? "").Split([',', ';'], StringSplitOptions.TrimEntries)))
            prefer = part.Replace(" ", "", StringComparison.Ordinal) switch
            {
                "return=minimal" => prefer with { Return = ReturnForm.Minimal },
                "return=representation" => prefer with { Return = ReturnForm.Representation },
                "return=OperationOutcome" => prefer with { Return = ReturnForm.OperationOutcome },
                "handling=lenient" => prefer with { Lenient = true, Strict = false },
                "handling=strict" => prefer with { Lenient = false, Strict = true },
                "respond-async" => prefer with { Async = true },
                _ => prefer,
            };
        return prefer;
    }
}
