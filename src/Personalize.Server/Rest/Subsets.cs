using Personalize.Fhir.Elements;
using Personalize.Fhir.Formats;
using Personalize.Fhir.Primitives;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary><c>_summary</c> and <c>_elements</c> of a request. Source: http://hl7.org/fhir/R4/search.html#summary, #elements.</summary>
internal static class Subsets
{
    /// <summary>What the URL asks for; a lenient client gets the whole when it cannot be had.</summary>
    public static Outcome<Subset> Wished(RestRequest request) => Wished(request.Target.Type!, request.Query, request.Prefer.Lenient);

    /// <summary>What these parameters ask for.</summary>
    public static Outcome<Subset> Wished(string type, IReadOnlyList<KeyValuePair<string, string>> parameters, bool lenient)
    {
        var wished = Subset.Of(type, Value(parameters, "_summary"), Value(parameters, "_elements"));
        return wished.Failure is not null && lenient ? Subset.Whole : wished;
    }

    /// <summary>The part of a stored resource.</summary>
    public static Stored Take(Stored stored, Subset subset) =>
        subset.Form == SubsetForm.Whole ? stored : stored with { Json = subset.Take(Resource.Parse(stored.Json).Value) };

    private static string? Value(IReadOnlyList<KeyValuePair<string, string>> parameters, string name) =>
        parameters.Where(p => p.Key == name).Select(p => p.Value).Aggregate((string?)null, (all, one) => all is null ? one : $"{all},{one}");
}
