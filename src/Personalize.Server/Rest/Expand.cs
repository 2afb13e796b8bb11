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
        if (!OperationInput.Read(request, "url", "valueSet", "valueSetVersion", "filter", "offset", "count", "displayLanguage", "activeOnly").TryGet(out var input, out var failure))
            return failure;
        if (input.Resource("valueSet") is { } posted)
            return await OfPosted(request, posted, input, terms, now, ct);
        if (!input.Required("url").TryGet(out var url, out failure))
            return failure;
        var canonical = TerminologyOperations.Canonical(url, input.Text("valueSetVersion"));
        return (await terms.Of(request.Access, [canonical], ct)).Then(known => Of(known, canonical, input, now));
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
        if (!OperationInput.Read(request, "filter", "offset", "count", "displayLanguage", "activeOnly").TryGet(out var input, out var failure))
            return failure;
        return (await TerminologyOperations.Stored(request, terms, store, ct)).Then(found => Of(found.Terms, found.Url, input, now));
    }

    private static Outcome<Answer> Of(ValueSets terms, string url, OperationInput input, DateTimeOffset now)
    {
        if (!input.Number("offset").TryGet(out var offset, out var failure) || !input.Number("count").TryGet(out var count, out failure))
            return failure;
        if (input.Text("activeOnly") is not (null or "true" or "false"))
            return new Failure.Invalid("The parameter activeOnly is true or false.");
        var wish = new ExpansionWish { Filter = input.Text("filter"), Offset = offset.Value ?? 0, Count = count.Value, Language = input.Text("displayLanguage"), ActiveOnly = input.Text("activeOnly") == "true" };
        return Expansion.Of(terms, url, wish).Select(expansion => Answer.Ok(R4Json.Write(Shown(expansion, input, now))));
    }

    private static ValueSet Shown(Expansion expansion, OperationInput input, DateTimeOffset now) => new()
    {
        Url = expansion.ValueSet,
        Version = expansion.Version,
        Status = PublicationStatus.Active,
        Expansion = new()
        {
            TimestampElement = new Hl7.Fhir.Model.FhirDateTime(now),
            Total = expansion.Total,
            Offset = expansion.Offset,
            Parameter = [.. Asked(input, expansion)],
            Contains = [.. expansion.Codes.Select(code => new ValueSet.ContainsComponent { System = code.System, Code = code.Code, Display = code.Display, Inactive = code.IsInactive ? true : null })],
        },
    };

    private static IEnumerable<ValueSet.ParameterComponent> Asked(OperationInput input, Expansion expansion)
    {
        if (input.Text("filter") is { Length: > 0 } filter)
            yield return new() { Name = "filter", Value = new FhirString(filter) };
        if (input.Text("activeOnly") is { } activeOnly)
            yield return new() { Name = "activeOnly", Value = new FhirBoolean(activeOnly == "true") };
        // A language that no display is in did not control the expansion: that is said instead.
        if (input.Text("displayLanguage") is { Length: > 0 } language)
            yield return expansion.Codes.Count == 0 || expansion.Codes.Any(code => code.IsInLanguage)
                ? new() { Name = "displayLanguage", Value = new Code(language) }
                : new() { Name = "warning", Value = new FhirString(CodeFinding.NotSpoken) };
        foreach (var name in new[] { "offset", "count" })
            if (input.Text(name) is { } number)
                yield return new() { Name = name, Value = new Integer(int.Parse(number, CultureInfo.InvariantCulture)) };
    }
}
