using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using Personalize.Fhir.Formats;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Server.Http;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>Finds resources of a type, by GET or by POST of a form; further pages by sealed links, all pinned to the commit of the first. Source: http://hl7.org/fhir/R4/search.html, http.html#search.</summary>
internal static class Search
{
    private const string ComposedMark = "composed:";
    private const int DefaultCount = 50;
    private const int MostCount = 1_000;

    /// <summary>200 with a searchset, of one type, over several (<c>_type</c>; all when none is named), or of the whole compartment of a patient (<c>Patient/1/*</c>); 400 on an unknown parameter unless <c>Prefer: handling=lenient</c>; 410 on a link older than an hour.</summary>
    public static async ValueTask<Outcome<Answer>> Answer(RestRequest request, RestServices services, CancellationToken ct)
    {
        if (!Paging.Open(request, PathOf(request.Target), services.Links).TryGet(out var place, out var failure))
            return failure;
        // A value set means on every page what it meant on the first one.
        var at = new SameCommit(place.Mark);
        if (!(await Query(place.Parameters, request, services, place.Begun, at, ct)).TryGet(out var query, out failure))
            return failure;
        if (!Subsets.Wished(request.Target.Type ?? "Resource", place.Parameters, request.Prefer.Lenient).TryGet(out var subset, out failure))
            return failure;
        if (subset.Form == SubsetForm.Text && !(query.Includes.IsEmpty && query.RevIncludes.IsEmpty))
            return new Failure.Invalid("_summary=text goes without _include and _revinclude.");
        query = query.Within(request.Target.Compartment) with { Self = Counted(query) };
        if (!(await Found(request.Access, query, place.Mark ?? at.Start, services, ct)).TryGet(out var page, out failure))
            return failure;
        var links = Paging.Links(request, place with { Parameters = query.Self }, page.Next, services.Links);
        return new Answer(StatusCodes.Status200OK) { Body = Write(page, query.CountOnly, subset, links, request.FhirBase) };
    }

    private static string PathOf(RestTarget target) => target.Compartment is { } patient ? $"Patient/{patient}/{target.Type ?? "*"}" : target.Type ?? "";

    /// <summary>Why a search cannot be asked at all; null when it can.</summary>
    internal static async ValueTask<Failure?> Refused(RestRequest request, RestServices services, CancellationToken ct) =>
        request.Query.Any(p => p.Key == PageLinks.Parameter) ? null : (await Query(request.Query, request, services, services.Clock.GetUtcNow(), new(null), ct)).Failure;

    /// <summary>What was used, with the number of matches on a page that was not said or was too great.</summary>
    private static ImmutableArray<KeyValuePair<string, string>> Counted(SearchQuery query) => query.CountOnly || query.Count is > 0 and <= MostCount ? query.Self
        : [.. query.Self.Where(p => p.Key != "_count"), new("_count", (query.Count is null ? DefaultCount : MostCount).ToString(CultureInfo.InvariantCulture))];

    private static async ValueTask<Outcome<SearchQuery>> Query(ImmutableArray<KeyValuePair<string, string>> parameters, RestRequest request, RestServices services, DateTimeOffset now, SameCommit at, CancellationToken ct)
    {
        if (!(await services.Terms.Of(request.Access, SearchQuery.Terms(parameters), at, ct)).TryGet(out var terms, out var failure))
            return failure;
        if (request.Target.Type is not { } type)
            return OverTypes.Read(parameters, request, services.Catalog, terms, now);
        // A part that a lenient client cannot have is dropped.
        var dropped = request.Prefer.Lenient && Subsets.Wished(type, parameters, lenient: false).Failure is not null;
        return SearchQuery.Parse(type, parameters.Where(p => p.Key is not ("_format" or "_pretty") && !(dropped && p.Key is "_elements" or "_summary")), services.Catalog, request.Prefer.Lenient, terms, now)
            .Select(query => OwnAddresses.Relative(query, request.FhirBase));
    }

    // Composed resources stand behind those of the store: on its last page where there is room, then on pages of their own.
    internal static async ValueTask<Outcome<SearchPage>> Found(Access access, SearchQuery query, SearchMark? from, RestServices services, CancellationToken ct)
    {
        var (hook, ofType) = Hook(query, services);
        if (hook is null)
            return await services.Store.Search(access, query, from, ct);
        if (ComposedFrom(from) is { } at)
            return WithComposed(new SearchPage([], [], null, null, from!.T), await hook.Search(access, ofType, ct), at, query);
        if (!(await services.Store.Search(access, query, from, ct)).TryGet(out var page, out var failure))
            return failure;
        var composed = await hook.Search(access, ofType, ct);
        var counted = page with { Total = page.Total + composed.Count };
        return page.Next is null ? WithComposed(counted, composed, 0, query) : counted;
    }

    private static (ComposedResources? Hook, SearchQuery OfType) Hook(SearchQuery query, RestServices services)
    {
        foreach (var one in query.OfTypes.Prepend(query))
            if (services.Composed.FirstOrDefault(c => c.Type == one.Type) is { } hook)
                return (hook, one);
        return (null, query);
    }

    private static SearchPage WithComposed(SearchPage page, IReadOnlyList<Stored> composed, int at, SearchQuery query)
    {
        var room = query.CountOnly ? 0 : Math.Max(0, Math.Clamp(query.Count ?? DefaultCount, 1, MostCount) - page.Matches.Length);
        var next = query.CountOnly || at + room >= composed.Count ? null : new SearchMark(page.T, FormattableString.Invariant($"{ComposedMark}{at + room}"));
        return page with { Matches = [.. page.Matches, .. composed.Skip(at).Take(room)], Next = next };
    }

    private static int? ComposedFrom(SearchMark? mark) => mark?.Key.StartsWith(ComposedMark, StringComparison.Ordinal) == true
        ? int.Parse(mark.Key.AsSpan(ComposedMark.Length), NumberStyles.None, CultureInfo.InvariantCulture)
        : null;

    internal static IReadOnlyList<ReadOnlyMemory<byte>> Write(SearchPage page, bool countOnly, Subset subset, IEnumerable<(string Relation, string Url)> links, Uri fhirBase)
    {
        // The names of _elements are those of the type that is searched.
        var ofIncludes = subset.Form == SubsetForm.Elements ? Subset.Whole : subset;
        var entries = countOnly ? [] : page.Matches.Select(m => (Stored: Subsets.Take(m, subset), Mode: "match")).Concat(page.Includes.Select(i => (Stored: Subsets.Take(i, ofIncludes), Mode: "include")));
        var address = JavaScriptEncoder.Default.Encode(fhirBase.AbsoluteUri);
        return Bundles.Close(Bundles.Open("searchset", page.Total, links), entries, (json, entry) => Bundles.Found(json, entry.Stored, entry.Mode, address));
    }
}
