using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>Groups of members where REST reads and searches: <c>Group/members-CODE</c>, and in every search for Groups behind the stored ones.</summary>
internal static class ComposedGroups
{
    /// <summary>What REST asks for Groups beside the store.</summary>
    public static ComposedResources Of(Groups groups, IResourceStore store) => new(
        "Group",
        Groups.Owns,
        async (access, id, ct) => groups.SegmentOf(id) is { } segment ? await groups.Read(access, segment, ct) : default(Outcome<Stored>?),
        (access, query, ct) => Search(groups, store, access, query, ct));

    // The composed ones are held against the same query, so that parameters mean what they mean elsewhere.
    private static async ValueTask<IReadOnlyList<Stored>> Search(Groups groups, IResourceStore store, Access access, SearchQuery query, CancellationToken ct)
    {
        // What puts a Group into a patient's compartment is that the patient is a member.
        ResourceId[] asked = [.. query.Clauses.Where(IsMember).SelectMany(clause => clause.Values.OfType<ReferenceSearch>()).Select(Patient).Append(query.Compartment).OfType<ResourceId>().Distinct()];
        var composed = query.Compartment is not null || query.Clauses.Any(IsMember) ? await groups.With(access, asked, ct) : await groups.All(access, ct);
        return [.. composed.Where(group => Matching.Matches(Resource.Parse(group.Json).Value, query, store.Catalog))];
    }

    private static bool IsMember(SearchClause clause) => clause is { Has: null, Parameter.Code: "member", Modifier: SearchModifier.None, Chain.IsEmpty: true };

    private static ResourceId? Patient(ReferenceSearch reference) =>
        reference is { IsUrl: false, Type: null or "Patient" } && ResourceId.TryParse(reference.Target, out var id) ? id : null;
}
