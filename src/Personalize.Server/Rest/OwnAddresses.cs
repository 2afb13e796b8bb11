using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Server.Rest;

/// <summary>Searches for a reference by the whole address of a resource here mean the same as by <c>Type/id</c>. Source: http://hl7.org/fhir/R4/search.html#reference.</summary>
internal static class OwnAddresses
{
    /// <summary>The query with addresses under the FHIR base made relative, in chains too.</summary>
    public static SearchQuery Relative(SearchQuery query, Uri fhirBase) => query with
    {
        Clauses = [.. query.Clauses.Select(clause => clause with
        {
            Values = [.. clause.Values.Select(value => value is ReferenceSearch { IsUrl: true } reference ? Relative(reference, fhirBase) : value)],
            Chain = [.. clause.Chain.Select(next => Relative(next, fhirBase))],
            Has = clause.Has is { } has ? Relative(has, fhirBase) : null,
        })],
    };

    private static ReferenceSearch Relative(ReferenceSearch reference, Uri fhirBase)
    {
        var text = reference.Target.StartsWith(fhirBase.AbsoluteUri, StringComparison.Ordinal) ? reference.Target[fhirBase.AbsoluteUri.Length..] : "";
        return ResourceKey.TryParse(text, out var key) && (reference.Type is null || reference.Type == key.Type) ? new ReferenceSearch(key.Type, key.Id.ToString(), IsUrl: false) : reference;
    }
}
