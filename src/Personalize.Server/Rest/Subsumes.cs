using System.Diagnostics;
using Hl7.Fhir.Model;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Terminology;
using Personalize.Server.Http;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>How two codes lie to each other. Source: http://hl7.org/fhir/R4/codesystem-operation-subsumes.html.</summary>
internal static class Subsumes
{
    /// <summary>200 with Parameters (outcome); 404 for a code that the system does not have; 422 when it cannot be said.</summary>
    public static async ValueTask<Outcome<Answer>> OfUrl(RestRequest request, KnownTerms terms, CancellationToken ct)
    {
        if (!OperationInput.Read(request, "system", "codeA", "codeB", "codingA", "codingB").TryGet(out var input, out var failure))
            return failure;
        if ((input.Text("system") ?? input.Value("codingA")?.Child("system")?.Text) is not { } system)
            return new Failure.Invalid([Issue.Error("required", "The parameter system is missing.")]);
        return (await terms.Of(request.Access, [system], ct)).Then(known => Of(known, system, input));
    }

    /// <summary>The same for the stored code system of that id.</summary>
    public static async ValueTask<Outcome<Answer>> OfStored(RestRequest request, KnownTerms terms, IResourceStore store, CancellationToken ct)
    {
        if (!OperationInput.Read(request, "codeA", "codeB", "codingA", "codingB").TryGet(out var input, out var failure))
            return failure;
        return (await TerminologyOperations.Stored(request, terms, store, ct)).Then(found => Of(found.Terms, found.Url, input));
    }

    private static Outcome<Answer> Of(ValueSets terms, string system, OperationInput input)
    {
        if (!Code(input, "A", system).TryGet(out var first, out var failure) || !Code(input, "B", system).TryGet(out var second, out failure))
            return failure;
        return Hierarchy.Between(terms, system, first, second).Select(outcome => TerminologyOperations.Told([("outcome", new Code(Shown(outcome)))]));
    }

    private static Outcome<string> Code(OperationInput input, string which, string system)
    {
        if (input.Value("coding" + which) is not { } coding || TerminologyOperations.Code(coding) is not { } code)
            return input.Required("code" + which);
        return code.System is null || code.System == system ? code.Code : new Failure.Invalid("Both codes are of the same code system.");
    }

    private static string Shown(Subsumption outcome) => outcome switch
    {
        Subsumption.Equivalent => "equivalent",
        Subsumption.Subsumes => "subsumes",
        Subsumption.SubsumedBy => "subsumed-by",
        Subsumption.NotSubsumed => "not-subsumed",
        _ => throw new UnreachableException(outcome.ToString()),
    };
}
