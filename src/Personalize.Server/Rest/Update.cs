using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Server.Http;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>A new version, or a new resource under that id. Source: http://hl7.org/fhir/R4/http.html#update, #concurrency.</summary>
internal static class Update
{
    /// <summary>200, or 201 when it was not there; 400 when the ids differ; 412 when <c>If-Match</c> names another version.</summary>
    public static async ValueTask<Outcome<Answer>> Answer(RestRequest request, RestServices services, CancellationToken ct)
    {
        if (request.IfNoneMatch is not null)
            return new Failure.Invalid([Issue.Error("not-supported", "If-None-Match is not offered on an update.")]);
        if (!Writing.Body(request).Then(resource => SameId(resource, request)).TryGet(out var resource, out var failure))
            return failure;
        return Conditions.IfMatch(request.IfMatch).TryGet(out var version, out failure)
            ? await Writing.Apply(request, Change.Update(request.Target.Id!, resource) with { IfMatch = version.Id }, services, ct)
            : failure;
    }

    private static Outcome<Resource> SameId(Resource resource, RestRequest request) => resource.Id == request.Target.Id
        ? resource
        : new Failure.Invalid("The id in the body is not the id in the URL.", resource.Type + ".id");
}
