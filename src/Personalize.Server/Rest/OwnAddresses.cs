using Personalize.Fhir.Elements;
using Personalize.Fhir.Search;

namespace Personalize.Server.Rest;

/// <summary>Searches for a reference by the address by which the caller reaches a resource here find what refers to it by <c>Type/id</c> too. Addresses that the settings know mean nothing else and are read so before (<see cref="HomeAddresses"/>). Source: http://hl7.org/fhir/R4/search.html#reference.</summary>
internal static class OwnAddresses
{
    /// <summary>The query with addresses under the FHIR base as relative ones beside them, in chains too.</summary>
    public static SearchQuery Relative(SearchQuery query, Uri fhirBase) => query with
    {
        Clauses = [.. query.Clauses.Select(clause => clause with
        {
            Values = [.. clause.Values.SelectMany(value => Meant(value, fhirBase, clause.Values.Length <= MostInTwo))],
            Chain = [.. clause.Chain.Select(next => Relative(next, fhirBase))],
            Has = clause.Has is { } has ? Relative(has, fhirBase) : null,
        })],
    };

    // Of more than so many alternatives those by type and id are meant alone: a database has an end to what it can be asked at once.
    private const int MostInTwo = 200;

    private static IEnumerable<SearchValue> Meant(SearchValue value, Uri fhirBase, bool isInTwo) =>
        Relative(value, fhirBase) is var relative && isInTwo && relative != value && value is ReferenceSearch ? [relative, value] : [relative];

    private static SearchValue Relative(SearchValue value, Uri fhirBase) => value switch
    {
        ReferenceSearch { IsUrl: true } reference => Relative(reference, fhirBase),
        CompositeSearch composite => new CompositeSearch([.. composite.Components.Select(c => c with { Value = c.Value is null ? null : Relative(c.Value, fhirBase) })]),
        _ => value,
    };

    private static ReferenceSearch Relative(ReferenceSearch reference, Uri fhirBase)
    {
        // http and https name the same resource: FHIR R4, RESTful API, 3.1.0.1.2.
        var (target, here) = (WithoutScheme(reference.Target), WithoutScheme(fhirBase.AbsoluteUri));
        var text = target is not null && target.StartsWith(here!, StringComparison.Ordinal) ? target[here!.Length..] : "";
        return References.Key(text) is { } key && (reference.Type is null || reference.Type == key.Type) ? new ReferenceSearch(key.Type, key.Id.ToString(), IsUrl: false) : reference;
    }

    private static string? WithoutScheme(string address) => address switch
    {
        ['h', 't', 't', 'p', ':', '/', '/', .. var rest] => rest,
        ['h', 't', 't', 'p', 's', ':', '/', '/', .. var rest] => rest,
        _ => null,
    };
}
