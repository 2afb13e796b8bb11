using System.Collections.Immutable;
using System.Globalization;
using Personalize.Fhir.Primitives;
using Personalize.Server.Http;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>The versions of a resource, of a type, or of everything, newest first. Source: http://hl7.org/fhir/R4/http.html#history.</summary>
internal static class History
{
    /// <summary>200 with a history Bundle; <c>_since</c>, <c>_at</c> and <c>_count</c> narrow it, <c>_summary</c> and, where a type is named, <c>_elements</c> narrow its resources.</summary>
    public static async ValueTask<Outcome<Answer>> Answer(RestRequest request, RestServices services, CancellationToken ct)
    {
        var path = string.Join('/', ((string?[])[request.Target.Type, request.Target.Id?.ToString(), "_history"]).Where(part => part is not null));
        if (!Paging.Open(request, path, services.Links).TryGet(out var place, out var failure))
            return failure;
        if (!Query(request.Target, place, request.Prefer.Lenient).TryGet(out var asked, out failure))
            return failure;
        if (!Subsets.Wished(request.Target.Type ?? "Resource", place.Parameters, request.Prefer.Lenient).TryGet(out var subset, out failure))
            return failure;
        if (!(await services.Store.History(request.Access, asked.Query, ct)).TryGet(out var page, out failure))
            return failure;
        if (place.Parameters.Any(p => p is { Key: "_summary", Value: "count" }))
            page = page with { Entries = [], Next = null };
        var links = Paging.Links(request, place with { Parameters = asked.Used }, page.Next, services.Links);
        return new Answer(StatusCodes.Status200OK)
        {
            Body = Bundles.Close(Bundles.Open("history", page.Total, links), page.Entries, (json, entry) => Bundles.Past(json, entry.Deleted ? entry : Subsets.Take(entry, subset), request.FhirBase)),
        };
    }

    private static Outcome<Asked> Query(RestTarget target, PagePlace place, bool lenient)
    {
        var query = new HistoryQuery(target.Type, target.Id) { From = place.Mark };
        var used = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var parameter in place.Parameters.Where(p => p.Key is not ("_format" or "_pretty")))
        {
            var (name, value) = parameter;
            if (name == "_count" && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
                query = query with { Count = count };
            else if (name == "_since" && FhirDateTime.TryParse(value.Replace(' ', '+'), out var since))
                query = query with { Since = since.Earliest(TimeSpan.Zero) };
            else if (name == "_at" && FhirDateTime.TryParse(value.Replace(' ', '+'), out var at))
                query = query with { At = (at.Earliest(TimeSpan.Zero), at.Until(TimeSpan.Zero)) };
            else if (name is "_count" or "_since" or "_at")
                return new Failure.Invalid($"The value of {name} cannot be read.");
            else if (name is not ("_summary" or "_elements"))
            {
                if (lenient)
                    continue;
                return new Failure.Invalid([Issue.Error("not-supported", "A history takes _since, _at, _count, _summary and _elements.")]);
            }
            used.Add(parameter);
        }
        return new Asked(query, used.ToImmutable());
    }

    private sealed record Asked(HistoryQuery Query, ImmutableArray<KeyValuePair<string, string>> Used);
}
