using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Server.Http;

namespace Personalize.Server.Rest;

/// <summary>Whether searches know a stored SearchParameter: <c>SearchParameter/[id]/$status</c> answers Parameters with a code <c>status</c>.</summary>
internal static class SearchParameterState
{
    private const string Definition = "https://personalize-fhir.org/fhir/OperationDefinition/SearchParameter-status";

    /// <summary><c>$status</c> on a SearchParameter: <c>draft</c> (its status is not active, or it has no expression), <c>waiting</c> (searched from the next start on, which indexes what is stored), <c>active</c>.</summary>
    public static Operation Of(RestServices services) =>
        new("status", "SearchParameter", OperationLevel.Instance, Definition, ReadsOnly: true, (request, ct) => Answer(request, services, ct));

    /// <summary>A failure of a search that says of a parameter which is stored that it waits.</summary>
    /// <param name="failure">What was wrong.</param>
    /// <param name="request">The search.</param>
    /// <param name="type">The type that is searched.</param>
    /// <param name="services">Where the parameter may be stored.</param>
    /// <param name="ct">Gives up.</param>
    public static async ValueTask<Failure> Told(Failure failure, RestRequest request, string type, RestServices services, CancellationToken ct)
    {
        if (!failure.Issues.Any(issue => issue.Code == "not-supported"))
            return failure;
        foreach (var code in request.Query.Select(p => p.Key.Split(':', '.')[0]).Where(code => services.Catalog.Find(type, code) is null && code.Length > 0 && code[0] != '_').Distinct().Take(10))
        {
            KeyValuePair<string, string>[] asked = [new("code", code.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal)), new("base", type), new("status", "active")];
            if (SearchQuery.Parse("SearchParameter", asked, services.Catalog, lenient: false).TryGet(out var query, out _)
                && (await services.Store.Search(request.Access, query, null, ct)).TryGet(out var page, out _) && page.Matches.Length > 0)
                return new Failure.Invalid([Issue.Error("not-supported", $"The parameter is stored as {page.Matches[0].Key} and its state is waiting: it is searched from the next start on.")]);
        }
        return failure;
    }

    private static async ValueTask<Outcome<Answer>> Answer(RestRequest request, RestServices services, CancellationToken ct) =>
        OperationInput.Read(request).Failure is { } refused
            ? refused
            : (await services.Store.Read(request.Access, new ResourceKey("SearchParameter", request.Target.Id!), ct))
                .Then(stored => Resource.Parse(stored.Json)).Select(parameter => Said(StateOf(parameter, services.Catalog)));

    private static string StateOf(Resource parameter, SearchCatalog catalog) =>
        parameter.Root.Child("status")?.Text != "active" || parameter.Root.Child("expression") is null ? "draft" : catalog.Knows(parameter) ? "active" : "waiting";

    private static Answer Said(string state) => new(StatusCodes.Status200OK)
    {
        Body = new JsonPieces().Raw("""{"resourceType":"Parameters","parameter":[{"name":"status","valueCode":""").Quoted(state).Raw("}]}").Body(),
    };
}
