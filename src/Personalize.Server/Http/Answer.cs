using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Formats;
using Personalize.Fhir.Primitives;

namespace Personalize.Server.Http;

/// <summary>What an interaction answers: over HTTP by itself, or as an entry of a bundle.</summary>
/// <param name="Status">The HTTP status.</param>
public sealed record Answer(int Status)
{
    // Long enough for a database to come back, short enough for a person to wait.
    private const string RetryAfterSeconds = "2";

    private const int MostUnflushed = 1 << 16;

    /// <summary>The body in pieces, one resource in <see cref="Format"/>; empty for none.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Body { get; init; } = [];

    /// <summary>The format of the body: JSON until it is laid out for the caller.</summary>
    public WireFormat Format { get; private init; }

    /// <summary>The version, for <c>ETag</c>; null for none.</summary>
    public string? Version { get; init; }

    /// <summary>When that version was made.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Where it is, relative to the FHIR base: <c>Patient/1/_history/2</c>.</summary>
    public string? Location { get; init; }

    /// <summary>Why it failed; the body is its OperationOutcome.</summary>
    public Failure? Failure { get; init; }

    /// <summary>True when the body is an OperationOutcome about what was done, not a resource that was asked for.</summary>
    public bool IsOutcome { get; init; }

    /// <summary>True when it is worth while to ask again soon, for <c>Retry-After</c>: it failed for now, or a part of it did.</summary>
    public bool IsForLater { get; init; }

    /// <summary>The methods that are offered, for 405.</summary>
    public string? Allow { get; init; }

    /// <summary>The <c>ETag</c>: <c>W/"2"</c>.</summary>
    public string? ETag => Version is null ? null : $"W/\"{Version}\"";

    /// <summary>200 with one piece of JSON.</summary>
    public static Answer Ok(ReadOnlyMemory<byte> json) => new(200) { Body = [json] };

    /// <summary>The failure's status and OperationOutcome.</summary>
    public static Answer Of(Failure failure) => new(Outcomes.Status(failure)) { Failure = failure, IsOutcome = true, IsForLater = failure is Failure.Unavailable or Failure.TimedOut or Failure.TooMany, Body = [Outcomes.Json(failure.Issues)] };

    /// <summary>The same answer with its body in that layout: JSON as it is stays in its pieces. What XML cannot hold is answered with 406 and why.</summary>
    public Answer In(Layout layout)
    {
        if (Body.Count == 0 || layout == Layout.Plain)
            return this;
        var resource = Resource.Parse(Joined()).Value;
        if (layout.Format == WireFormat.Json)
            return this with { Body = [JsonLayout.Pretty(resource.Tree)] };
        return FhirXml.Write(resource, layout.Pretty).TryGet(out var xml, out var failure)
            ? this with { Body = [xml], Format = WireFormat.Xml }
            : (Of(failure) with { Status = StatusCodes.Status406NotAcceptable }).In(layout);
    }

    /// <summary>Writes status, headers and body; for HEAD no body.</summary>
    public async Task Write(HttpContext context, Uri fhirBase)
    {
        var response = context.Response;
        response.StatusCode = Status;
        // What is said of patients is kept by nobody on the way; a client that keeps it asks by its version.
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (ETag is not null)
            response.Headers.ETag = ETag;
        if (LastModified is { } time)
            response.Headers.LastModified = time.ToString("R", CultureInfo.InvariantCulture);
        if (Location is not null)
            response.Headers.Location = fhirBase + Location;
        if (IsForLater)
            response.Headers.RetryAfter = RetryAfterSeconds;
        if (Allow is not null)
            response.Headers.Allow = Allow;
        if (Status == StatusCodes.Status401Unauthorized && response.Headers.WWWAuthenticate.Count == 0)
            response.Headers.WWWAuthenticate = "Bearer realm=\"fhir\"";
        if (Status == StatusCodes.Status403Forbidden)
            response.Headers.WWWAuthenticate = "Bearer error=\"insufficient_scope\"";
        if (Body.Count > 0)
            await WriteBody(context);
    }

    private async Task WriteBody(HttpContext context)
    {
        var (response, length) = (context.Response, Body.Sum(piece => (long)piece.Length));
        response.ContentType = (Format == WireFormat.Xml ? MediaTypes.FhirXml : MediaTypes.FhirJson) + "; charset=utf-8";
        response.Headers.Append("Vary", "Accept, Accept-Encoding");
        var coding = length < ContentCodings.LeastBytes ? null : ContentCodings.Wished(context.Request.Headers.AcceptEncoding);
        if (coding is null)
            response.ContentLength = length;
        else
            response.Headers.ContentEncoding = coding;
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        if (coding is null)
            await WritePlain(response.BodyWriter, context.RequestAborted);
        else
            await WriteCompressed(response.Body, coding, context.RequestAborted);
    }

    // Each flush goes to the socket.
    private async Task WritePlain(PipeWriter body, CancellationToken ct)
    {
        foreach (var piece in Body)
        {
            body.Write(piece.Span);
            if (body.UnflushedBytes >= MostUnflushed)
                await body.FlushAsync(ct);
        }
        await body.FlushAsync(ct);
    }

    private async Task WriteCompressed(Stream body, string coding, CancellationToken ct)
    {
        await using var compressed = ContentCodings.Compress(body, coding);
        foreach (var piece in Body)
            await compressed.WriteAsync(piece, ct);
    }

    private byte[] Joined()
    {
        var joined = new byte[Body.Sum(piece => piece.Length)];
        var at = 0;
        foreach (var piece in Body)
        {
            piece.Span.CopyTo(joined.AsSpan(at));
            at += piece.Length;
        }
        return joined;
    }
}
