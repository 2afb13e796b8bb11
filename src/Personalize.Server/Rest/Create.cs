using Personalize.Fhir.Primitives;
using Personalize.Server.Http;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>A new resource, or with <c>If-None-Exist</c> only when there is none like it. Source: http://hl7.org/fhir/R4/http.html#create, #ccreate.</summary>
internal static class Create
{
    /// <summary>201 with Location and ETag; 200 when a conditional create found one; 412 when it found several.</summary>
    public static async ValueTask<Outcome<Answer>> Answer(RestRequest request, RestServices services, CancellationToken ct)
    {
        if (!Writing.Body(request).TryGet(out var resource, out var failure))
            return failure;
        var change = Change.Create(resource);
        if (request.IfNoneExist is not { } condition)
            return await Writing.Apply(request, change, services, ct);
        return Condition.Read(resource.Type, condition, services.Catalog).TryGet(out var query, out failure)
            ? await Writing.Apply(request, change with { IfNoneExist = OwnAddresses.Relative(query, request.FhirBase) }, services, ct)
            : failure;
    }
}
