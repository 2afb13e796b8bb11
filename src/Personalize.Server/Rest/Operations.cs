using Personalize.Fhir.Primitives;
using Personalize.Server.Http;

namespace Personalize.Server.Rest;

/// <summary>Calls the operations that other parts of the server registered. Source: http://hl7.org/fhir/R4/operations.html.</summary>
internal static class Operations
{
    /// <summary>What the operation answers; 404 when there is none of that name there.</summary>
    public static async ValueTask<Outcome<Answer>> Answer(RestRequest request, RestServices services, CancellationToken ct)
    {
        if (Find(request.Target, services) is not { } found)
            return new Failure.Missing("There is no operation of that name here.");
        return request.Method == "POST" || (request.IsRead && found.ReadsOnly)
            ? await found.Answer(request, ct)
            : Interactions.NotHere(request, found.ReadsOnly ? ["GET", "HEAD", "POST"] : ["POST"]);
    }

    /// <summary>The operation that a URL names; null when there is none.</summary>
    public static Operation? Find(RestTarget target, RestServices services) =>
        services.Operations.FirstOrDefault(o => o.Name == target.Operation && o.Level == Level(target) && (o.Type is null || o.Type == target.Type));

    private static OperationLevel Level(RestTarget target) =>
        target.Id is not null ? OperationLevel.Instance : target.Type is not null ? OperationLevel.Type : OperationLevel.System;
}
