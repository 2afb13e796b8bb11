using Personalize.Fhir.Primitives;
using Personalize.Server.Http;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>Takes a resource away; its history stays. Source: http://hl7.org/fhir/R4/http.html#delete.</summary>
internal static class Delete
{
    /// <summary>204, also when there was nothing to delete.</summary>
    public static async ValueTask<Outcome<Answer>> Answer(RestRequest request, RestServices services, CancellationToken ct) =>
        Conditions.IfMatch(request.IfMatch).TryGet(out var version, out var failure)
            ? await Writing.Apply(request, Change.Delete(new ResourceKey(request.Target.Type!, request.Target.Id!)) with { IfMatch = version.Id }, services, ct)
            : failure;
}
