using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Personalize.Fhir.Primitives;

namespace Personalize.Server.Http;

/// <summary>The one place where a failure becomes an HTTP status and an OperationOutcome. Source: FHIR R4, RESTful API, HTTP status codes; OperationOutcome.</summary>
public static class Outcomes
{
    /// <summary>No more issues than this are told; the rest is counted in the last one.</summary>
    public const int MostIssues = 100;

    /// <summary>The status of a failure.</summary>
    public static int Status(Failure failure) => failure switch
    {
        Failure.Invalid => StatusCodes.Status400BadRequest,
        Failure.FhirPath { Fault: not ExpressionFault.Execution } => StatusCodes.Status400BadRequest,
        Failure.FhirPath => StatusCodes.Status422UnprocessableEntity,
        Failure.Unauthenticated => StatusCodes.Status401Unauthorized,
        Failure.Denied => StatusCodes.Status403Forbidden,
        Failure.Missing => StatusCodes.Status404NotFound,
        Failure.NotAllowed => StatusCodes.Status405MethodNotAllowed,
        Failure.Conflict => StatusCodes.Status409Conflict,
        Failure.Gone => StatusCodes.Status410Gone,
        Failure.Stale => StatusCodes.Status412PreconditionFailed,
        Failure.TooLarge => StatusCodes.Status413PayloadTooLarge,
        Failure.Unprocessable => StatusCodes.Status422UnprocessableEntity,
        Failure.Full => StatusCodes.Status507InsufficientStorage,
        Failure.TooMany => StatusCodes.Status429TooManyRequests,
        Failure.Unavailable or Failure.TimedOut => StatusCodes.Status503ServiceUnavailable,
        _ => throw new UnreachableException(failure.GetType().Name),
    };

    /// <summary>An OperationOutcome with these issues.</summary>
    public static ReadOnlyMemory<byte> Json(ImmutableArray<Issue> issues)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartObject();
        json.WriteString("resourceType", "OperationOutcome");
        json.WriteStartArray("issue");
        foreach (var issue in issues.Take(MostIssues))
            Write(json, issue);
        if (issues.Length > MostIssues)
            Write(json, new Issue(IssueSeverity.Information, "informational", $"{issues.Length - MostIssues} more issues are not listed."));
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenMemory;
    }

    /// <summary>An OperationOutcome with one issue of information.</summary>
    public static ReadOnlyMemory<byte> Good(string text) => Json([new Issue(IssueSeverity.Information, "informational", text)]);

    private static void Write(Utf8JsonWriter json, Issue issue)
    {
        json.WriteStartObject();
        json.WriteString("severity", issue.Severity.ToString().ToLowerInvariant());
        json.WriteString("code", issue.Code);
        json.WriteStartObject("details");
        json.WriteString("text", issue.Text);
        json.WriteEndObject();
        if (issue.Line > 0)
            json.WriteString("diagnostics", $"line {issue.Line}, column {issue.Column}");
        if (issue.Expression is not null)
        {
            json.WriteStartArray("expression");
            json.WriteStringValue(issue.Expression);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }
}
