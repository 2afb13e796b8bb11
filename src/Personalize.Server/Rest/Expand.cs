using System.Globalization;
using Hl7.Fhir.Model;
using Personalize.Engine.Writing;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Terminology;
using Personalize.Server.Http;
using Personalize.Store;
using Element = Personalize.Fhir.Elements.Element;
using Resource = Personalize.Fhir.Elements.Resource;

namespace Personalize.Server.Rest;

/// <summary>The codes of a value set. Source: http://hl7.org/fhir/R4/valueset-operation-expand.html.</summary>
internal static class Expand
{
    /// <summary>200 with a ValueSet; 404 for one that is not known; 422 for one whose codes are not all known here.</summary>
    public static async ValueTask<Outcome<Answer>> OfUrl(RestRequest request, KnownTerms terms, DateTimeOffset now, CancellationToken ct)
    {
        if (!OperationInput.Read(request, "url", "valueSet", "filter", "offset", "count").TryGet(out var input, out var failure))
            return failure;
        if (input.Resource("valueSet") is { } posted)
            return await OfPosted(request, posted, input, terms, now, ct);
        if (!input.Required("url").TryGet(out var url, out failure))
            return failure;
        return (await terms.Of(request.Access, [url], ct)).Then(known => Of(known, url, input, now));
    }

    /// <summary>A value set that came with the request; it is not kept.</summary>
    private static async ValueTask<Outcome<Answer>> OfPosted(RestRequest request, Element posted, OperationInput input, KnownTerms terms, DateTimeOffset now, CancellationToken ct)
    {
        if (posted.Child("url")?.Text is not { } url || !Resource.Of(posted).TryGet(out var valueSet, out _) || valueSet.Type != "ValueSet")
            return new Failure.Invalid("The parameter valueSet is a ValueSet with a url.", posted.Location());
        return (await terms.With(request.Access, valueSet, ct)).Then(known => Of(known, url, input, now));
    }

    /// <summary>The same for the stored value set of that id.</summary>
    public static async ValueTask<Outcome<Answer>> OfStored(RestRequest request, KnownTerms terms, IResourceStore store, DateTimeOffset now, CancellationToken ct)
    {
        if (!OperationInput.Read(request, "filter", "offset", "count").TryGet(out var input, out var failure))
            return failure;
        return (await TerminologyOperations.Stored(request, terms, store, ct)).Then(found => Of(found.Terms, found.Url, input, now));
    }

    private static Outcome<Answer> Of(ValueSets terms, string url, OperationInput input, DateTimeOffset now)
    {
        if (!input.Number("offset").TryGet(out var offset, out var failure) || !input.Number("count").TryGet(out var count, out failure))
            return failure;
        return Expansion.Of(terms, url, input.Text("filter"), offset.Value ?? 0, count.Value).Select(expansion => Answer.Ok(R4Json.Write(Shown(expansion, input, now))));
    }

    private static ValueSet Shown(Expansion expansion, OperationInput input, DateTimeOffset now) => new()
    {
        Url = expansion.ValueSet,
        Status = PublicationStatus.Active,
        Expansion = new()
        {
            TimestampElement = new Hl7.Fhir.Model.FhirDateTime(now),
            Total = expansion.Total,
            Offset = expansion.Offset,
            Parameter = [.. Asked(input)],
            Contains = [.. expansion.Codes.Select(code => new ValueSet.ContainsComponent { System = code.System, Code = code.Code, Display = code.Display })],
        },
    };

    private static IEnumerable<ValueSet.ParameterComponent> Asked(OperationInput input)
    {
        if (input.Text("filter") is { Length: > 0 } filter)
            yield return new() { Name = "filter", Value = new FhirString(filter) };
        foreach (var name in new[] { "offset", "count" })
            if (input.Text(name) is { } number)
                yield return new() { Name = name, Value = new Integer(int.Parse(number, CultureInfo.InvariantCulture)) };
    }
}
