using Hl7.Fhir.Model;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Terminology;
using Personalize.Server.Http;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>Whether a code belongs to a value set or code system. Source: http://hl7.org/fhir/R4/valueset-operation-validate-code.html, codesystem-operation-validate-code.html.</summary>
internal static class ValidateCode
{
    private static readonly string[] _known = ["url", "system", "code", "display", "coding", "codeableConcept", "displayLanguage"];

    /// <summary>200 with Parameters (result, message, display); 404 for a value set that is not known; 422 when it cannot be said.</summary>
    public static async ValueTask<Outcome<Answer>> OfUrl(RestRequest request, KnownTerms terms, CancellationToken ct)
    {
        var version = request.Target.Type == "ValueSet" ? "valueSetVersion" : "version";
        if (!OperationInput.Read(request, [.. _known, version]).TryGet(out var input, out var failure) || !input.Required("url").TryGet(out var named, out failure))
            return failure;
        var url = TerminologyOperations.Canonical(named, input.Text(version));
        return (await terms.Of(request.Access, [url], ct)).Then(known => Of(request.Target.Type!, known, url, input));
    }

    /// <summary>The same for the stored resource of that id.</summary>
    public static async ValueTask<Outcome<Answer>> OfStored(RestRequest request, KnownTerms terms, IResourceStore store, CancellationToken ct)
    {
        if (!OperationInput.Read(request, _known[1..]).TryGet(out var input, out var failure))
            return failure;
        return (await TerminologyOperations.Stored(request, terms, store, ct)).Then(found => Of(request.Target.Type!, found.Terms, found.Url, input));
    }

    private static Outcome<Answer> Of(string type, ValueSets terms, string url, OperationInput input)
    {
        var codes = Codes(input).ToList();
        if (codes.Count == 0)
            return new Failure.Invalid([Issue.Error("required", "One of the parameters code, coding, codeableConcept is needed.")]);
        return (type == "ValueSet" ? CodeFinding.InSet(terms, url, codes, input.Text("displayLanguage")) : CodeFinding.InSystem(terms, url, codes, input.Text("displayLanguage"))).Select(Told);
    }

    private static IEnumerable<JudgedCode> Codes(OperationInput input)
    {
        if (input.Text("code") is { Length: > 0 } code)
            yield return new(input.Text("system"), code, input.Text("display"));
        foreach (var coding in (input.Value("codeableConcept")?.Children("coding").ToList() ?? []).Concat(input.Value("coding") is { } one ? [one] : []))
            if (TerminologyOperations.Code(coding) is { } judged)
                yield return judged;
    }

    private static Answer Told(CodeFinding finding) => TerminologyOperations.Told(
    [
        ("result", new FhirBoolean(finding.Result)),
        ("message", finding.Message is { } message ? new FhirString(message) : null),
        ("display", finding.Display is { } display ? new FhirString(display) : null),
    ]);
}
