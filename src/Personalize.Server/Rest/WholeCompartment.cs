using System.Collections.Immutable;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Fhir.Terminology;
using Personalize.Server.Http;

namespace Personalize.Server.Rest;

/// <summary>Everything in the compartment of a patient, type by type: <c>Patient/1/*</c>. Source: http://hl7.org/fhir/R4/http.html#search, variant searches.</summary>
internal static class WholeCompartment
{
    private const int DefaultCount = 50;
    private const int MostCount = 1_000;

    /// <summary>200 with a searchset; takes the parameters that every resource has, <c>_type</c>, and <c>_count</c>. Not ordered over the types, so that <c>_sort</c> and includes are refused.</summary>
    public static async ValueTask<Outcome<Answer>> Answer(RestRequest request, RestServices services, CancellationToken ct)
    {
        var patient = request.Target.Compartment!;
        if (!Paging.Open(request, $"Patient/{patient}/*", services.Links).TryGet(out var place, out var failure))
            return failure;
        if (!(await services.Terms.Of(request.Access, SearchQuery.Terms(place.Parameters), ct)).TryGet(out var terms, out failure))
            return failure;
        if (!Types(place.Parameters.Where(p => p.Key == "_type").Select(p => p.Value), services.Catalog).TryGet(out var types, out failure) || !Query(place, request, services, terms).TryGet(out var query, out failure))
            return failure;
        if (!Subsets.Wished("Resource", place.Parameters, request.Prefer.Lenient).TryGet(out var subset, out failure))
            return failure;
        var count = query.CountOnly ? 1 : Math.Clamp(query.Count ?? DefaultCount, 1, MostCount);
        if (!(await new CompartmentWalk(services, request.Access, types).Page(type => query with { Type = type, Compartment = patient }, count, place.Mark, ct)).TryGet(out var page, out failure))
            return failure;
        var used = place with { Parameters = [.. place.Parameters.Where(p => p.Key == "_type" || query.Self.Contains(p))] };
        return new Answer(StatusCodes.Status200OK) { Body = Search.Write(page, query.CountOnly, subset, Paging.Links(request, used, page.Next, services.Links), request.FhirBase) };
    }

    /// <summary>The types of <c>_type</c> that have a part in the compartment; all of them when none is named. Fails with <see cref="Failure.Invalid"/> on what is no type.</summary>
    public static Outcome<ImmutableArray<string>> Types(IEnumerable<string> wished, SearchCatalog catalog)
    {
        var named = wished.SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries)).ToHashSet();
        return named.All(type => Fhir.Schema.FhirSchema.R4.Type(type) is { IsResource: true, IsAbstract: false })
            ? catalog.PatientCompartmentTypes.Where(type => named.Count == 0 || named.Contains(type)).ToImmutableArray()
            : new Failure.Invalid("The value of the parameter _type names something that is no resource type of FHIR R4.");
    }

    private static Outcome<SearchQuery> Query(PagePlace place, RestRequest request, RestServices services, ValueSets terms) =>
        SearchQuery.Parse("Resource", place.Parameters.Where(p => p.Key is not ("_type" or "_format" or "_pretty")), services.Catalog, request.Prefer.Lenient, terms)
            .Then<SearchQuery>(query => query.Sort.IsEmpty && query.Includes.IsEmpty && query.RevIncludes.IsEmpty
                ? query
                : new Failure.Invalid([Issue.Error("not-supported", "All of a compartment goes without _sort, _include and _revinclude: it is told type by type.")]));
}
