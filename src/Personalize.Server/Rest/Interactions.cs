using Personalize.Fhir.Primitives;
using Personalize.Server.Http;

namespace Personalize.Server.Rest;

/// <summary>The one dispatcher: which interaction a request is. Source: FHIR R4, RESTful API, http.html.</summary>
public static class Interactions
{
    /// <summary>Answers a request that came over HTTP, stands in a bundle, or is made by <c>load</c>. Fails with <see cref="Failure.TimedOut"/> when a read takes longer than it may.</summary>
    public static ValueTask<Outcome<Answer>> Answer(RestRequest request, RestServices services, CancellationToken ct) => Answer(request, services, services.LongestRead, ct);

    /// <summary>As <see cref="Answer(RestRequest, RestServices, CancellationToken)"/>; a read takes no longer than that.</summary>
    internal static async ValueTask<Outcome<Answer>> Answer(RestRequest request, RestServices services, TimeSpan longest, CancellationToken ct)
    {
        if (!OnlyReads(request, services))
            return await Dispatch(request, services, ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        stop.CancelAfter(longest);
        try
        {
            return await Dispatch(request, services, stop.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new Failure.TimedOut("It took too long: ask for less at once.");
        }
    }

    /// <summary>True for what has a limit of time.</summary>
    internal static bool OnlyReads(RestRequest request, RestServices services) =>
        request.IsRead || request.Target.IsSearchForm || (request.Target.Operation is not null && Operations.Find(request.Target, services) is not { Writes: true });

    private static async ValueTask<Outcome<Answer>> Dispatch(RestRequest request, RestServices services, CancellationToken ct) => request switch
    {
        { Target.IsMetadata: true } => Capabilities.Answer(request.Method, request.Query.FirstOrDefault(p => p.Key == "mode").Value, services, request.FhirBase),
        { Target.Compartment: not null } => await InCompartment(request, services, ct),
        { Target.Operation: not null } => await Operations.Answer(request, services, ct),
        { Target.IsSearchForm: true, Method: "POST" } => await Search.Answer(request, services, ct),
        { Target.IsSearchForm: true } => NotHere(request, ["POST"]),
        { Target: { IsHistory: true, Version: not null }, IsRead: true } => await VRead.Answer(request, services, ct),
        { Target.IsHistory: true, IsRead: true } => await History.Answer(request, services, ct),
        { Target.IsHistory: true } => NotHere(request, ["GET", "HEAD"]),
        { Target.Id: not null } => await OnInstance(request, services, ct),
        { IsRead: true } when request.Target.Type is not null || !request.Query.IsEmpty => await Search.Answer(request, services, ct),
        { Target.Type: not null, Method: "POST" } => await Create.Answer(request, services, ct),
        { Target.Type: not null, Query.IsEmpty: false } => await OnFound(request, services, ct),
        { Target.Type: not null } => NotHere(request, ["GET", "HEAD", "POST"]),
        { Method: "POST" } => await Transaction.Answer(request, services, ct),
        _ => NotHere(request, ["POST"]),
    };

    private static async ValueTask<Outcome<Answer>> InCompartment(RestRequest request, RestServices services, CancellationToken ct)
    {
        if (request.Target.IsSearchForm ? request.Method != "POST" : !request.IsRead)
            return NotHere(request, request.Target.IsSearchForm ? ["POST"] : ["GET", "HEAD"]);
        return await Search.Answer(request, services, ct);
    }

    private static async ValueTask<Outcome<Answer>> OnInstance(RestRequest request, RestServices services, CancellationToken ct) => request switch
    {
        { IsRead: true } => await Read.Answer(request, services, ct),
        { Method: "PUT" } => await Update.Answer(request, services, ct),
        { Method: "PATCH" } => await Patch.Answer(request, services, ct),
        { Method: "DELETE" } => await Delete.Answer(request, services, ct),
        _ => NotHere(request, ["GET", "HEAD", "PUT", "PATCH", "DELETE"]),
    };

    /// <summary>On what a search in the URL finds: never on all of a type.</summary>
    private static async ValueTask<Outcome<Answer>> OnFound(RestRequest request, RestServices services, CancellationToken ct) => request.Method switch
    {
        "PUT" => await Update.Answer(request, services, ct),
        "PATCH" => await Patch.Answer(request, services, ct),
        "DELETE" => await Delete.Answer(request, services, ct),
        _ => NotHere(request, ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]),
    };

    /// <summary>405 with what is offered instead.</summary>
    internal static Answer NotHere(RestRequest request, string[] allowed) =>
        Http.Answer.Of(new Failure.NotAllowed($"{(request.Method.All(char.IsAsciiLetterUpper) ? request.Method : "This method")} is not offered here.")) with { Allow = string.Join(", ", allowed) };
}
