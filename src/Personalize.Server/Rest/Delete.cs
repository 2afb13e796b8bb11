using Personalize.Fhir.Primitives;
using Personalize.Server.Http;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>Takes a resource away; its history stays. Source: http://hl7.org/fhir/R4/http.html#delete.</summary>
internal static class Delete
{
    /// <summary>204, also when there was nothing to delete. By condition one resource is deleted, or with <c>_count</c> up to so many; more are 412.</summary>
    public static async ValueTask<Outcome<Answer>> Answer(RestRequest request, RestServices services, CancellationToken ct)
    {
        if (!Conditions.IfMatch(request.IfMatch).TryGet(out var version, out var failure))
            return failure;
        if (request.Target.Id is { } id)
            return await Writing.Apply(request, Change.Delete(new ResourceKey(request.Target.Type!, id)) with { IfMatch = version.Id }, services, ct);
        return Writing.Condition(request, services).TryGet(out var where, out failure)
            ? await Writing.Apply(request, Change.Delete(where, Condition.MostOf(where)) with { IfMatch = version.Id }, services, ct)
            : failure;
    }
}
