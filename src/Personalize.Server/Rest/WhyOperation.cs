using Personalize.Engine.Content;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Server.Rest;

/// <summary><c>Patient/{id}/$why</c> as REST offers it.</summary>
internal static class WhyOperation
{
    private const string Definition = Canonicals.Root + "/OperationDefinition/patient-why";

    /// <summary><c>$why</c> on a patient, answered by what <see cref="Why"/> finds.</summary>
    public static Operation Of(Why why) => new("why", "Patient", OperationLevel.Instance, Definition, ReadsOnly: true, async (request, ct) =>
    {
        if (!Code(request).TryGet(out var code, out var failure))
            return failure;
        return (await why.Answer(request.Access, request.Target.Id!, code.Length == 0 ? null : code, ct)).Select(Http.Answer.Ok);
    });

    // In the URL, or in the Parameters that were posted; empty for all.
    private static Outcome<string> Code(RestRequest request)
    {
        if (request.Query.Any(parameter => parameter.Key is not ("code" or "_format" or "_pretty")))
            return new Failure.Invalid("$why takes the parameter code alone.");
        if (request.Query.FirstOrDefault(parameter => parameter.Key == "code").Value is { } code)
            return code;
        return request.Body.IsEmpty ? "" : request.Content().Select(InBody);
    }

    private static string InBody(Resource body) => body.Root.Children("parameter")
        .Where(parameter => parameter.Child("name")?.Text == "code")
        .Select(parameter => parameter.Child("value")?.Text).FirstOrDefault() ?? "";
}
