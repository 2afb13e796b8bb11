using Hl7.Fhir.Model;
using Personalize.Engine.Writing;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Terminology;
using Personalize.Server.Http;
using Personalize.Store;
using Element = Personalize.Fhir.Elements.Element;
using Resource = Personalize.Fhir.Elements.Resource;

namespace Personalize.Server.Rest;

/// <summary>Operations on code systems and value sets, all by GET and by POST. What is not known for sure is answered as not supported, never guessed. Source: http://hl7.org/fhir/R4/terminology-service.html.</summary>
internal static class TerminologyOperations
{
    private const string Definitions = "http://hl7.org/fhir/OperationDefinition/";

    /// <summary>All of them.</summary>
    public static IEnumerable<Operation> Of(KnownTerms terms, IResourceStore store, Func<DateTimeOffset> now) =>
    [
        new("expand", "ValueSet", OperationLevel.Type, Definitions + "ValueSet-expand", ReadsOnly: true, (request, ct) => Expand.OfUrl(request, terms, now(), ct)),
        new("expand", "ValueSet", OperationLevel.Instance, Definitions + "ValueSet-expand", ReadsOnly: true, (request, ct) => Expand.OfStored(request, terms, store, now(), ct)),
        new("validate-code", "ValueSet", OperationLevel.Type, Definitions + "ValueSet-validate-code", ReadsOnly: true, (request, ct) => ValidateCode.OfUrl(request, terms, ct)),
        new("validate-code", "ValueSet", OperationLevel.Instance, Definitions + "ValueSet-validate-code", ReadsOnly: true, (request, ct) => ValidateCode.OfStored(request, terms, store, ct)),
        new("validate-code", "CodeSystem", OperationLevel.Type, Definitions + "CodeSystem-validate-code", ReadsOnly: true, (request, ct) => ValidateCode.OfUrl(request, terms, ct)),
        new("validate-code", "CodeSystem", OperationLevel.Instance, Definitions + "CodeSystem-validate-code", ReadsOnly: true, (request, ct) => ValidateCode.OfStored(request, terms, store, ct)),
        new("lookup", "CodeSystem", OperationLevel.Type, Definitions + "CodeSystem-lookup", ReadsOnly: true, (request, ct) => Lookup.Answer(request, terms, ct)),
        new("subsumes", "CodeSystem", OperationLevel.Type, Definitions + "CodeSystem-subsumes", ReadsOnly: true, (request, ct) => Subsumes.OfUrl(request, terms, ct)),
        new("subsumes", "CodeSystem", OperationLevel.Instance, Definitions + "CodeSystem-subsumes", ReadsOnly: true, (request, ct) => Subsumes.OfStored(request, terms, store, ct)),
    ];

    /// <summary>The stored resource of an instance with what it draws on, and its canonical. Fails with what the read fails with, and with <see cref="Failure.Unprocessable"/> when it has no url.</summary>
    internal static async ValueTask<Outcome<(string Url, ValueSets Terms)>> Stored(RestRequest request, KnownTerms terms, IResourceStore store, CancellationToken ct)
    {
        if (!(await store.Read(request.Access, new ResourceKey(request.Target.Type!, request.Target.Id!), ct)).TryGet(out var stored, out var failure))
            return failure;
        var resource = Resource.Parse(stored.Json).Value;
        if (resource.Root.Child("url")?.Text is not { } url)
            return new Failure.Unprocessable("The resource has no url.", resource.Type + ".url");
        return (await terms.With(request.Access, resource, ct)).Select(known => (url, known));
    }

    /// <summary>The canonical of that url and version; a version that the url bears itself comes first.</summary>
    internal static string Canonical(string url, string? version) => string.IsNullOrEmpty(version) || url.Contains('|', StringComparison.Ordinal) ? url : $"{url}|{version}";

    /// <summary>A coding of posted Parameters.</summary>
    internal static JudgedCode? Code(Element coding) =>
        coding.Child("code")?.Text is { } code ? new(coding.Child("system")?.Text, code, coding.Child("display")?.Text) : null;

    /// <summary>200 with Parameters.</summary>
    internal static Answer Told(IEnumerable<(string Name, DataType? Value)> parameters)
    {
        var told = new Hl7.Fhir.Model.Parameters();
        foreach (var (name, value) in parameters.Where(p => p.Value is not null))
            told.Add(name, value);
        return Answer.Ok(R4Json.Write(told));
    }
}
