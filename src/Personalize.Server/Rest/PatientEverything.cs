using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Search;
using Personalize.Server.Http;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>The whole record of a patient with what it refers to. Source: http://hl7.org/fhir/R4/patient-operation-everything.html.</summary>
internal static class PatientEverything
{
    private const string Definition = "http://hl7.org/fhir/OperationDefinition/Patient-everything";
    private const int MostCount = 10_000;

    // When care was given, by the first of these parameters that has a value. What has none belongs to every time.
    private static readonly string[] _careDates =
        ["date", "occurrence", "effective", "effective-time", "onset-date", "authored", "authoredon", "authored-on", "whenhandedover", "sent", "started", "collected", "start-date", "period", "created", "recorded-date"];

    /// <summary><c>$everything</c> on a patient.</summary>
    public static Operation Of(RestServices services) =>
        new("everything", "Patient", OperationLevel.Instance, Definition, ReadsOnly: true, (request, ct) => Answer(request, services, ct));

    /// <summary>200 with a searchset: what lies in the compartment as matches, what that refers to outside as includes. Up to 10,000 matches, or <c>_count</c>, on a page.</summary>
    private static async ValueTask<Outcome<Answer>> Answer(RestRequest request, RestServices services, CancellationToken ct)
    {
        var patient = request.Target.Id!;
        if (!OperationInput.Read(request, "start", "end", "_since", "_type", "_count", PageLinks.Parameter).TryGet(out var input, out var failure))
            return failure;
        if (!Paging.Open(request with { Query = [.. input.Texts] }, $"Patient/{patient}/$everything", services.Links).TryGet(out var place, out failure))
            return failure;
        if (!Asked.Read(place.Parameters, services.Catalog).TryGet(out var asked, out failure))
            return failure;
        if ((await services.Store.Read(request.Access, new ResourceKey("Patient", patient), ct)).Failure is { } refused)
            return refused;
        var walk = new CompartmentWalk(services, request.Access, asked.Types);
        if (!(await walk.Page(type => asked.Since with { Type = type, Compartment = patient, Includes = [new Inclusion(type, null, null)] }, asked.Count, place.Mark, ct)).TryGet(out var page, out failure))
            return failure;
        var links = Paging.Links(request, place, page.Next, services.Links);
        return new Answer(StatusCodes.Status200OK) { Body = Search.Write(Narrow(page, asked, patient, services.Catalog), countOnly: false, Fhir.Formats.Subset.Whole, links, request.FhirBase) };
    }

    private static SearchPage Narrow(SearchPage page, Asked asked, ResourceId patient, SearchCatalog catalog) => page with
    {
        Matches = [.. page.Matches.Where(match => asked.IsInTime(match, catalog))],
        // What lies in the compartment too is a match, of this page or of another.
        Includes = [.. page.Includes.Where(include => !LiesIn(include, patient, catalog))],
        Total = asked.HasTime ? null : page.Total,
    };

    private static bool LiesIn(Stored stored, ResourceId patient, SearchCatalog catalog) =>
        Matching.Matches(Resource.Parse(stored.Json).Value, new SearchQuery(stored.Key.Type, []) { Compartment = patient }, catalog);

    /// <summary>The parameters as they are meant.</summary>
    private sealed record Asked(ImmutableArray<string> Types, SearchQuery Since, int Count, string? Start, string? End)
    {
        public bool HasTime => Start is not null || End is not null;

        public static Outcome<Asked> Read(ImmutableArray<KeyValuePair<string, string>> parameters, SearchCatalog catalog)
        {
            string? Text(string name) => parameters.Where(p => p.Key == name).Select(p => p.Value).FirstOrDefault();
            if (!TypesOf(parameters.Where(p => p.Key == "_type").Select(p => p.Value), catalog).TryGet(out var types, out var failure))
                return failure;
            if (!IsDate(Text("start")) || !IsDate(Text("end")))
                return new Failure.Invalid("The parameters start and end are dates.");
            KeyValuePair<string, string>[] general = [.. parameters.Where(p => p.Key == "_count"), .. parameters.Where(p => p.Key == "_since").Select(p => new KeyValuePair<string, string>("_lastUpdated", "ge" + p.Value.Replace(' ', '+')))];
            return SearchQuery.Parse("Resource", general, catalog, lenient: false).Select(query => new Asked(types, query with { CountOnly = false }, Math.Clamp(query.Count ?? MostCount, 1, MostCount), Text("start"), Text("end")));
        }

        /// <summary>The types of <c>_type</c> that have a part in the compartment; all of them when none is named.</summary>
        private static Outcome<ImmutableArray<string>> TypesOf(IEnumerable<string> wished, SearchCatalog catalog)
        {
            var named = wished.SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries)).ToHashSet();
            return named.All(type => FhirSchema.R4.Type(type) is { IsResource: true, IsAbstract: false })
                ? catalog.PatientCompartmentTypes.Where(type => named.Count == 0 || named.Contains(type)).ToImmutableArray()
                : new Failure.Invalid("The value of the parameter _type names something that is no resource type of FHIR R4.");
        }

        private static bool IsDate(string? text) => text is null || FhirDateTime.TryParse(text, out _);

        public bool IsInTime(Stored stored, SearchCatalog catalog)
        {
            if (!HasTime)
                return true;
            var resource = Resource.Parse(stored.Json).Value;
            bool Holds(params KeyValuePair<string, string>[] parameters) => Matching.Matches(resource, SearchQuery.Parse(resource.Type, parameters, catalog, lenient: false).Value, catalog);
            var date = _careDates.FirstOrDefault(code => catalog.Find(resource.Type, code) is { Type: SearchParameterType.Date } && Holds(new KeyValuePair<string, string>(code + ":missing", "false")));
            return date is null || ((Start is null || Holds(new KeyValuePair<string, string>(date, "ge" + Start))) && (End is null || Holds(new KeyValuePair<string, string>(date, "le" + End))));
        }
    }
}
