using Personalize.Fhir.Elements;
using Personalize.Fhir.Patch;
using Personalize.Fhir.Primitives;
using Personalize.Server.Http;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>Changes parts of a resource: JSON Patch, XML Patch or FHIRPath Patch. Source: http://hl7.org/fhir/R4/http.html#patch, fhirpatch.html; RFC 6902; RFC 5261.</summary>
internal static class Patch
{
    /// <summary>200 with the new version; 404 and 410 when there is nothing to patch; 412 when a condition finds several, or when <c>If-Match</c> names another version; 422 when an operation cannot be done or its result is not valid.</summary>
    public static async ValueTask<Outcome<Answer>> Answer(RestRequest request, RestServices services, CancellationToken ct)
    {
        if (!Wished(request, services).TryGet(out var change, out var failure))
            return failure;
        return Conditions.IfMatch(request.IfMatch).TryGet(out var version, out failure)
            ? OfPatch(await Writing.Apply(request, change with { IfMatch = version.Id }, services, ct))
            : failure;
    }

    /// <summary>Where a fault lies in the patched resource is told by its path: nobody has seen the lines of that resource. Faults of the patch itself keep their places.</summary>
    private static Outcome<Answer> OfPatch(Outcome<Answer> outcome) => outcome.Failure is { } failure
        ? failure with { Issues = [.. failure.Issues.Select(i => i.Expression?.StartsWith("Parameters.parameter", StringComparison.Ordinal) == false ? i with { Line = 0, Column = 0 } : i)] }
        : outcome;

    private static Outcome<Change> Wished(RestRequest request, RestServices services)
    {
        if (request.Body.IsEmpty)
            return new Failure.Invalid("The body is empty.");
        if (request.Target.Id is not { } id)
            return Writing.Condition(request, services).Then(where => Wished(request, json => Change.Patch(where, json), parameters => Change.Patch(where, parameters), edit => Change.Patch(where, edit)));
        var key = new ResourceKey(request.Target.Type!, id);
        return Wished(request, json => Change.Patch(key, json), parameters => Change.Patch(key, parameters), edit => Change.Patch(key, edit));
    }

    private static Outcome<Change> Wished(RestRequest request, Func<ReadOnlyMemory<byte>, Change> ofJson, Func<Resource, Change> ofParameters, Func<Func<Resource, Outcome<Resource>>, Change> ofEdit) =>
        request.IsJsonPatch ? ofJson(request.Body)
        : request.IsXmlPatch ? ofEdit(resource => XmlPatch.Apply(resource, request.Body))
        : request.Content().Then<Change>(body => body.Type == "Parameters" ? ofParameters(body) : new Failure.Invalid("A FHIRPath Patch is a Parameters resource.", "resourceType"));
}
