using Personalize.Fhir.Primitives;
using Personalize.Server.Http;

namespace Personalize.Server.Rest;

/// <summary>One version of a resource. Source: http://hl7.org/fhir/R4/http.html#vread.</summary>
internal static class VRead
{
    /// <summary>200 with the version, 404, 410 when that version is the deletion.</summary>
    public static async ValueTask<Outcome<Answer>> Answer(RestRequest request, RestServices services, CancellationToken ct) =>
        Subsets.Wished(request).TryGet(out var subset, out var failure)
            ? (await services.Store.ReadVersion(request.Access, new ResourceKey(request.Target.Type!, request.Target.Id!), request.Target.Version!, ct)).Select(stored => Read.Of(stored, subset))
            : failure;
}
