using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Server.Http;

namespace Personalize.Server.Rest;

/// <summary>Whether searches know a stored SearchParameter: <c>SearchParameter/[id]/$status</c> answers Parameters with a code <c>status</c>.</summary>
internal static class SearchParameterState
{
    private const string Definition = "https://personalize-fhir.org/fhir/OperationDefinition/SearchParameter-status";

    /// <summary><c>$status</c> on a SearchParameter: <c>draft</c> (its status is not active, or it has no expression), <c>indexing</c> (with <c>done</c> and <c>total</c>: so many of the resources that are stored are looked through; until the end a search by it is refused),
    /// <c>active</c>, <c>replaced</c> (another that was stored later has its code on the same type).</summary>
    public static Operation Of(RestServices services) =>
        new("status", "SearchParameter", OperationLevel.Instance, Definition, ReadsOnly: true, (request, ct) => Answer(request, services, ct));

    private static async ValueTask<Outcome<Answer>> Answer(RestRequest request, RestServices services, CancellationToken ct) =>
        OperationInput.Read(request).Failure is { } refused
            ? refused
            : (await services.Store.Read(request.Access, new ResourceKey("SearchParameter", request.Target.Id!), ct))
                .Then(stored => Resource.Parse(stored.Json)).Select(parameter => Said(parameter, services.Catalog));

    private static Answer Said(Resource parameter, SearchCatalog catalog)
    {
        if (parameter.Root.Child("status")?.Text != "active" || parameter.Root.Child("expression") is null)
            return Said("draft");
        return catalog.Indexing(parameter) is { } far ? Said("indexing", far.Done, far.All) : Said(catalog.Knows(parameter) ? "active" : "replaced");
    }

    private static Answer Said(string state) => Said(Named("status").Raw("\"valueCode\":").Quoted(state).Raw("}]}"));

    private static Answer Said(string state, long done, long all) => Said(Named("status").Raw("\"valueCode\":").Quoted(state)
        .Raw(FormattableString.Invariant($$"""},{"name":"done","valueInteger":{{done}}},{"name":"total","valueInteger":{{all}}}]}""")));

    private static JsonPieces Named(string name) => new JsonPieces().Raw("""{"resourceType":"Parameters","parameter":[{"name":""").Quoted(name).Raw(",");

    private static Answer Said(JsonPieces json) => new(StatusCodes.Status200OK) { Body = json.Body() };
}
