using Hl7.Fhir.Model;
using Personalize.Engine.Writing;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Terminology;
using Personalize.Server.Http;

namespace Personalize.Server.Rest;

/// <summary>What is known of a code. Source: http://hl7.org/fhir/R4/codesystem-operation-lookup.html.</summary>
internal static class Lookup
{
    /// <summary>200 with Parameters: name (the system's URL, since no other name is kept), display where one is known, and the codes right above and below; 404 for a code that the system does not have; 422 when that cannot be said.</summary>
    public static async ValueTask<Outcome<Answer>> Answer(RestRequest request, KnownTerms terms, CancellationToken ct)
    {
        if (!OperationInput.Read(request, "system", "code", "version", "coding", "displayLanguage").TryGet(out var input, out var failure) || !Asked(input).TryGet(out var asked, out failure))
            return failure;
        var system = TerminologyOperations.Canonical(asked.System!, input.Text("version"));
        return (await terms.Of(request.Access, [system], ct)).Then(known => CodeLookup.Of(known, system, asked.Code, input.Text("displayLanguage"))).Select(Told);
    }

    private static Outcome<JudgedCode> Asked(OperationInput input)
    {
        if (input.Value("coding") is { } coding && TerminologyOperations.Code(coding) is { System: not null } code)
            return code;
        return input.Required("system").Then(system => input.Required("code").Select(text => new JudgedCode(system, text)));
    }

    private static Answer Told(CodeLookup found)
    {
        var told = new Hl7.Fhir.Model.Parameters();
        told.Add("name", new FhirString(found.System));
        if (found.Version is { } version)
            told.Add("version", new FhirString(version));
        if (found.Display is { } display)
            told.Add("display", new FhirString(display));
        foreach (var designation in found.Designations)
            told.Add("designation", [Tuple.Create<string, Base>("language", new Code(designation.Language)), Tuple.Create<string, Base>("value", new FhirString(designation.Text))]);
        foreach (var (property, code) in found.Parents.Select(code => ("parent", code)).Concat(found.Children.Select(code => ("child", code))))
            told.Add("property", [Tuple.Create<string, Base>("code", new Code(property)), Tuple.Create<string, Base>("value", new Code(code))]);
        return Http.Answer.Ok(R4Json.Write(told));
    }
}
