using System.Collections.Immutable;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Search;
using Personalize.Fhir.Terminology;

namespace Personalize.Server.Rest;

/// <summary>Reads a search over several types: of the system, or of all that lies in the compartment of a patient. Source: http://hl7.org/fhir/R4/search.html#3.1.1.2, http.html#search, variant searches.</summary>
internal static class OverTypes
{
    /// <summary>The types of <c>_type</c>, or all; the parameters must be those of all of them. In a compartment <c>_since</c> is another word for <c>_lastUpdated=ge</c>.</summary>
    public static Outcome<SearchQuery> Read(ImmutableArray<KeyValuePair<string, string>> parameters, RestRequest request, SearchCatalog catalog, ValueSets terms, DateTimeOffset now)
    {
        var isRecord = request.Target.Compartment is not null;
        KeyValuePair<string, string>[] named = [.. parameters.Where(p => p.Key == "_type" || (isRecord && p.Key == "_since"))];
        ImmutableArray<string> types = [.. named.Where(p => p.Key == "_type").SelectMany(p => p.Value.Split(',')).Distinct()];
        if (!types.All(type => FhirSchema.R4.Type(type) is { IsResource: true, IsAbstract: false }))
            return new Failure.Invalid("The value of the parameter _type names something that is no resource type of FHIR R4.");
        if (types.IsEmpty)
            types = isRecord ? catalog.PatientCompartmentTypes : [.. FhirSchema.R4.ResourceTypes];
        var common = parameters.Where(p => p.Key is not ("_type" or "_format" or "_pretty")).Select(p => isRecord && p.Key == "_since" ? Since(p.Value) : p);
        return SearchQuery.ParseTypes(types, [.. common], catalog, request.Prefer.Lenient, terms, now)
            .Select(query => query with
            {
                OfTypes = [.. query.OfTypes.Select(one => OwnAddresses.Relative(one, request.FhirBase))],
                Self = [.. named, .. query.Self.Where(p => !named.Any(n => n.Key == "_since" && Since(n.Value).Equals(p)))],
            });
    }

    // A plus that nobody escaped is a space by now.
    private static KeyValuePair<string, string> Since(string value) => new("_lastUpdated", "ge" + value.Replace(' ', '+'));
}
