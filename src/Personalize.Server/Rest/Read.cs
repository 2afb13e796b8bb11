using Personalize.Fhir.Formats;
using Personalize.Fhir.Primitives;
using Personalize.Server.Http;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>The current version of a resource. Source: http://hl7.org/fhir/R4/http.html#read, #cread.</summary>
internal static class Read
{
    /// <summary>200 with the resource, 304 when the client has it, 404, 410.</summary>
    public static async ValueTask<Outcome<Answer>> Answer(RestRequest request, RestServices services, CancellationToken ct)
    {
        var key = new ResourceKey(request.Target.Type!, request.Target.Id!);
        if (!Subsets.Wished(request).TryGet(out var subset, out var failure))
            return failure;
        foreach (var composed in services.Composed.Where(c => c.Type == key.Type))
            if (await composed.Read(request.Access, key.Id, ct) is { } found)
                return found.Select(stored => Shown(stored, request, subset));
        return (await services.Store.Read(request.Access, key, ct)).Select(stored => Shown(stored, request, subset));
    }

    private static Answer Shown(Stored stored, RestRequest request, Subset subset) =>
        Conditions.Unchanged(request.IfNoneMatch, request.IfModifiedSince, stored.Version, stored.LastUpdated)
            ? new Answer(StatusCodes.Status304NotModified) { Version = stored.Version, LastModified = stored.LastUpdated }
            : Of(stored, subset);

    /// <summary>200 with a version.</summary>
    internal static Answer Of(Stored stored, Subset subset) => Http.Answer.Ok(Subsets.Take(stored, subset).Json) with { Version = stored.Version, LastModified = stored.LastUpdated };
}
