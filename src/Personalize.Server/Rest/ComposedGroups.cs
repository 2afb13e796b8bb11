using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>Groups of members where REST reads and searches: <c>Group/members-CODE</c>, and <c>Group?member=Patient/x</c> beside the stored Groups.</summary>
internal static class ComposedGroups
{
    /// <summary>The hook.</summary>
    public static ComposedResources Of(Groups groups, IResourceStore store) => new(
        "Group",
        async (access, id, ct) => groups.SegmentOf(id) is { } segment ? await groups.Read(access, segment, ct) : default(Outcome<Stored>?),
        async (access, parameters, ct) => Member(parameters) is { } patient ? await Search(groups, store, access, parameters, patient, ct) : default(Outcome<IReadOnlyList<Stored>>?));

    private static async ValueTask<Outcome<IReadOnlyList<Stored>>> Search(
        Groups groups, IResourceStore store, Access access, IReadOnlyList<KeyValuePair<string, string>> parameters, ResourceId patient, CancellationToken ct)
    {
        if (!SearchQuery.Parse("Group", parameters, store.Catalog, lenient: true).TryGet(out var query, out var failure))
            return failure;
        var found = new List<Stored>();
        SearchMark? mark = null;
        do
        {
            if (!(await store.Search(access, query, mark, ct)).TryGet(out var page, out failure))
                return failure;
            found.AddRange(page.Matches);
            mark = page.Next;
        }
        while (mark is not null);
        // The composed ones are held against the same query, so that further parameters mean what they mean elsewhere.
        found.AddRange((await groups.Of(access, patient, ct)).Where(group => Matching.Matches(Resource.Parse(group.Json).Value, query, store.Catalog)));
        return found;
    }

    private static ResourceId? Member(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var (name, value) = parameters.FirstOrDefault(parameter => parameter.Key is "member" or "member:Patient");
        if (name is null)
            return null;
        var parts = value.Split('/');
        var isPatient = parts.Length >= 2 ? parts[^2] == "Patient" : name == "member:Patient";
        return isPatient && ResourceId.TryParse(parts[^1], out var id) ? id : null;
    }
}
