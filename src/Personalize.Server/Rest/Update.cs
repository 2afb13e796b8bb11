using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Server.Http;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>A new version, or a new resource: under an id, or of what a search finds. Source: http://hl7.org/fhir/R4/http.html#update, #cond-update, #concurrency.</summary>
internal static class Update
{
    /// <summary>200, or 201 when it was not there; 400 when the ids differ; 412 when <c>If-Match</c> names another version, or with <c>If-None-Match: *</c> when there is one.
    /// By condition also 412 when several are found, and 409 when none is but the id in the body is taken.</summary>
    public static async ValueTask<Outcome<Answer>> Answer(RestRequest request, RestServices services, CancellationToken ct)
    {
        if (request.IfNoneMatch is { } unless && unless.Trim() != "*")
            return new Failure.Invalid("If-None-Match is * on an update: only when there is none.");
        if (!Writing.Body(request).Then(resource => Change(resource, request, services)).TryGet(out var change, out var failure))
            return failure;
        return Conditions.IfMatch(request.IfMatch).TryGet(out var version, out failure)
            ? await Writing.Apply(request, change with { IfMatch = version.Id, IfAbsent = request.IfNoneMatch is not null }, services, ct)
            : failure;
    }

    private static Outcome<Change> Change(Resource resource, RestRequest request, RestServices services) => request.Target.Id is { } id
        ? SameId(resource, request).Select(same => Store.Change.Update(id, same))
        : Writing.Condition(request, services).Select(where => Store.Change.Update(where, resource));

    private static Outcome<Resource> SameId(Resource resource, RestRequest request) => resource.Id == request.Target.Id
        ? resource
        : new Failure.Invalid("The id in the body is not the id in the URL.", resource.Type + ".id");
}
