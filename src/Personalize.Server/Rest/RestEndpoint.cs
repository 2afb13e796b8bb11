using System.Data.Common;
using System.Diagnostics;
using System.Text;
using Personalize.Fhir.Formats;
using Personalize.Fhir.Primitives;
using Personalize.Server.Http;

namespace Personalize.Server.Rest;

/// <summary>The door of the REST API: every request under <c>/fhir</c> comes through here, is asked who it is, and leaves with an answer.</summary>
public static class RestEndpoint
{
    /// <summary>Serves the API under <c>/fhir</c>.</summary>
    public static void Map(IEndpointRouteBuilder routes, RestServices services)
    {
        var log = routes.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger("Personalize.Rest");
        services = services with { Faulted = fault => Log.Faulted(log, Activity.Current?.TraceId.ToString() ?? "", fault.GetType().Name, fault.StackTrace) };
        routes.Map("/fhir/{**path}", context => Serve(context, services, log));
    }

    /// <summary>The FHIR base as the caller sees it; ends with a slash.</summary>
    public static Uri BaseOf(HttpRequest request) => new($"{request.Scheme}://{request.Host}{request.PathBase}/fhir/");

    private static async Task Serve(HttpContext context, RestServices services, ILogger log)
    {
        var id = RequestId(context);
        try
        {
            var answer = (await Answer(context, services)).TryGet(out var good, out var failure) ? good : Http.Answer.Of(failure);
            await answer.In(LayoutOf(context.Request)).Write(context, BaseOf(context.Request));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            Log.ClientLeft(log, id);
        }
        catch (DbException fault) when (IsAway(fault) && !context.Response.HasStarted)
        {
            Log.Faulted(log, id, fault.GetType().Name, fault.StackTrace);
            await Http.Answer.Of(new Failure.Unavailable("The database cannot be reached now.")).Write(context, BaseOf(context.Request));
        }
        catch (Exception fault) when (!context.Response.HasStarted)
        {
            Log.Faulted(log, id, fault.GetType().Name, fault.StackTrace);
            var issue = new Issue(IssueSeverity.Fatal, "exception", $"The server failed at this request; it is logged as {id}.");
            await new Answer(StatusCodes.Status500InternalServerError) { Body = [Outcomes.Json([issue])] }.Write(context, BaseOf(context.Request));
        }
    }

    private static async Task<Outcome<Answer>> Answer(HttpContext context, RestServices services)
    {
        var request = context.Request;
        // Says nothing of what is there: every address has the same answer.
        if (HttpMethods.IsOptions(request.Method))
            return new Answer(StatusCodes.Status204NoContent) { Allow = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS" };
        if (MediaTypes.Wished(request.Query["_format"], request.Headers.Accept) is null)
            return Refused(StatusCodes.Status406NotAcceptable, "JSON and XML are answered here: Accept: application/fhir+json or application/fhir+xml, or _format=json or xml.");
        var named = RestTarget.Parse(request.RouteValues["path"] as string ?? "");
        if (named is { Failure: null, Value.IsMetadata: true })
            return Capabilities.Answer(request.Method, request.Query["mode"], services, BaseOf(request));
        // Who asks comes before what is there: nobody learns the one without being known.
        if (!(await services.AccessOf(context)).TryGet(out var access, out var failure) || !named.TryGet(out var target, out failure))
            return failure;
        if (!services.Gate.Enter(access.Actor).TryGet(out var place, out failure))
            return failure;
        var asked = Headers(request, new RestRequest(access, request.Method, target, BaseOf(request)));
        // A wish that is not met is no error (RFC 7240, section 2) unless the client says so. Source: FHIR R4, RESTful API, 3.1.0.1.4 and Asynchronous Request Patterns.
        if (asked.Prefer is { Async: true, Strict: true })
        {
            place.Dispose();
            return Refused(StatusCodes.Status400BadRequest, "Requests are answered at once here, not later (respond-async); without handling=strict this one is too.");
        }
        using (place)
            return await WithBody(context, asked, services);
    }

    private static RestRequest Headers(HttpRequest request, RestRequest asked) => asked with
    {
        Query = Parameters.Read(request.QueryString.Value),
        Prefer = Prefer.Read(request.Headers["Prefer"]),
        IfMatch = request.Headers.IfMatch,
        IfNoneMatch = request.Headers.IfNoneMatch,
        IfModifiedSince = request.Headers.IfModifiedSince,
        IfNoneExist = request.Headers["If-None-Exist"],
    };

    private static async Task<Outcome<Answer>> WithBody(HttpContext context, RestRequest asked, RestServices services)
    {
        var ct = context.RequestAborted;
        if (asked.Method is not ("POST" or "PUT" or "PATCH"))
            return await Interactions.Answer(asked, services, ct);
        if (ContentCodings.Inflate(context.Request.Body, context.Request.Headers.ContentEncoding) is not { } inflated)
        {
            context.Response.Headers.AcceptEncoding = ContentCodings.Offered;
            return Refused(StatusCodes.Status415UnsupportedMediaType, "Bodies are taken as they are, or with Content-Encoding gzip or br.");
        }
        using var share = services.Bodies.Enter();
        if (!(await BodyReader.Read(context.Request, inflated, services.MaxBody, share, ct)).TryGet(out var body, out var failure))
            return failure;
        var type = context.Request.ContentType;
        if (asked.Target.IsSearchForm)
            return body.IsEmpty || MediaTypes.IsForm(type)
                ? await Interactions.Answer(asked with { Query = [.. asked.Query, .. Parameters.Read(Encoding.UTF8.GetString(body.Span))] }, services, ct)
                : Refused(StatusCodes.Status415UnsupportedMediaType, "A search form is application/x-www-form-urlencoded.");
        if (asked.Method == "PATCH" && MediaTypes.IsJsonPatch(type))
            return await Interactions.Answer(asked with { Body = body, IsJsonPatch = true }, services, ct);
        if (asked.Method == "PATCH" && MediaTypes.IsXmlPatch(type))
            return await Interactions.Answer(asked with { Body = body, IsXmlPatch = true }, services, ct);
        if (body.IsEmpty || MediaTypes.IsJson(type))
            return await Interactions.Answer(asked with { Body = body }, services, ct);
        if (!MediaTypes.IsXml(type))
            return Refused(StatusCodes.Status415UnsupportedMediaType, "JSON and XML in UTF-8 are taken here: Content-Type: application/fhir+json or application/fhir+xml.");
        if (!FhirXml.Read(body).TryGet(out var resource, out failure))
            return failure;
        var answer = await Interactions.Answer(asked with { Body = resource.Bytes, Parsed = resource }, services, ct);
        return asked.Method == "PATCH" && answer.Failure is { } refused ? Unplaced(refused) : answer;
    }

    // What is wrong with the result of a patch has its lines there, not in the XML that was sent.
    private static Failure Unplaced(Failure failure) => failure with { Issues = [.. failure.Issues.Select(issue => issue with { Line = 0, Column = 0 })] };

    private static Layout LayoutOf(HttpRequest request) =>
        new(MediaTypes.Wished(request.Query["_format"], request.Headers.Accept) ?? WireFormat.Json, request.Query["_pretty"] == "true");

    private static Answer Refused(int status, string text) => new(status) { Body = [Outcomes.Json([Issue.Error("not-supported", text)])] };

    // It stops, starts, or was not reached.
    private static bool IsAway(DbException fault) => fault.IsTransient || fault.SqlState?.StartsWith("57P", StringComparison.Ordinal) == true;

    private static string RequestId(HttpContext context)
    {
        var given = context.Request.Headers["X-Request-Id"].ToString();
        var plain = given.Length is > 0 and <= 64 && given.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');
        var id = plain ? given : Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
        context.Response.Headers["X-Request-Id"] = id;
        return id;
    }
}
