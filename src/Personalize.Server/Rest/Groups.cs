using System.Collections.Immutable;
using System.Globalization;
using Hl7.Fhir.Model;
using Personalize.Engine.Content;
using Personalize.Engine.Writing;
using Personalize.Fhir.Primitives;
using Personalize.Server.Flow;
using Personalize.Store;
using FhirParameters = Hl7.Fhir.Model.Parameters;
using ParameterPart = Hl7.Fhir.Model.Parameters.ParameterComponent;

namespace Personalize.Server.Rest;

/// <summary>Groups of the members of a segment: <c>Group/members-CODE</c>, composed from the rows of membership when they are read.</summary>
/// <remarks>Only who may read every type that the segment rests on sees its members.</remarks>
/// <param name="store">Where the memberships are.</param>
/// <param name="knowledge">What is known.</param>
/// <param name="now">The time at the practice.</param>
public sealed class Groups(IResourceStore store, StoredKnowledge knowledge, Func<DateTimeOffset> now)
{
    private const string IdPrefix = "members-";
    private const int MostInside = 1_000;

    /// <summary>True for ids of composed Groups, also of segments that are not there yet.</summary>
    public static bool Owns(ResourceId group) => group.ToString().StartsWith(IdPrefix, StringComparison.Ordinal);

    /// <summary>The segment whose members a Group's id names; null for the id of another Group.</summary>
    public SegmentDefinition? SegmentOf(ResourceId group) => group.ToString() is var id && id.StartsWith(IdPrefix, StringComparison.Ordinal)
        ? knowledge.Current.Segments.FirstOrDefault(segment => segment.Code == id[IdPrefix.Length..])
        : null;

    /// <summary>The Group with up to 1,000 members. Fails with <see cref="Failure.Denied"/>.</summary>
    public async ValueTask<Outcome<Stored>> Read(Access access, SegmentDefinition segment, CancellationToken ct)
    {
        if (!MaySee(access, segment))
            return new Failure.Denied("The members of this segment rest on data that you may not read.");
        var page = await store.Members(segment.Code, null, MostInside, ct);
        return Compose(segment, page.Members, page.Total);
    }

    /// <summary>The Groups in which any of these patients is now, each with those members alone.</summary>
    public async ValueTask<IReadOnlyList<Stored>> With(Access access, IReadOnlyCollection<ResourceId> patients, CancellationToken ct)
    {
        var lasting = new List<Membership>();
        foreach (var patient in patients)
            lasting.AddRange((await store.Memberships(patient, ct)).Where(membership => membership.Until is null));
        var counts = await store.SegmentCounts(ct);
        return
        [
            .. from segment in knowledge.Current.Segments
               let types = Types(segment).Add("Group")
               let members = lasting.Where(membership => membership.Segment == segment.Code && Sight.Reaches(access, membership.Patient, types)).ToImmutableArray()
               where !members.IsEmpty
               select Compose(segment, members, counts.GetValueOrDefault(segment.Code)),
        ];
    }

    /// <summary>The Groups of all segments that the access may see, with the number of members but none of them: a search would grow without bounds.</summary>
    public async ValueTask<IReadOnlyList<Stored>> All(Access access, CancellationToken ct)
    {
        var counts = await store.SegmentCounts(ct);
        return [.. knowledge.Current.Segments.Where(segment => MaySee(access, segment)).Select(segment => Compose(segment, [], counts.GetValueOrDefault(segment.Code)))];
    }

    /// <summary>A page of members as Parameters: total, member (entity, since), and the place to go on from. Fails with <see cref="Failure.Denied"/>.</summary>
    /// <param name="access">Who asks.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="after">Where the page before ended; null for the first page.</param>
    /// <param name="count">Members on the page, 1 to 10,000.</param>
    /// <param name="next">Makes a link out of the place to go on from.</param>
    /// <param name="ct">Gives up.</param>
    public async ValueTask<Outcome<ReadOnlyMemory<byte>>> Page(Access access, SegmentDefinition segment, string? after, int count, Func<string, string> next, CancellationToken ct)
    {
        if (!MaySee(access, segment))
            return new Failure.Denied("The members of this segment rest on data that you may not read.");
        var page = await store.Members(segment.Code, after, count, ct);
        var told = new FhirParameters();
        told.Parameter.Add(new ParameterPart { Name = "total", Value = new UnsignedInt((int)page.Total) });
        told.Parameter.AddRange(page.Members.Select(MemberPart));
        if (page.Next is { } place)
            told.Parameter.Add(new ParameterPart { Name = "next", Value = new FhirUri(next(place)) });
        return R4Json.Write(told);
    }

    private bool MaySee(Access access, SegmentDefinition segment) => Sight.ReachesAll(access, Types(segment).Append("Group"));

    private ImmutableSortedSet<string> Types(SegmentDefinition segment) => knowledge.Current.TypesBehind(segment);

    private static ParameterPart MemberPart(Membership member) => new()
    {
        Name = "member",
        Part =
        [
            new ParameterPart { Name = "entity", Value = new ResourceReference($"Patient/{member.Patient}") },
            new ParameterPart { Name = "since", Value = new Date(Day(member.From)) },
        ],
    };

    // A composed Group has no versions: its version is the commit at which it was read.
    private Stored Compose(SegmentDefinition segment, ImmutableArray<Membership> members, long total)
    {
        var (key, t) = (new ResourceKey("Group", ResourceId.Of(IdPrefix + segment.Code)), store.T);
        var group = new Group
        {
            Id = key.Id.ToString(),
            Active = true,
            Type = Group.GroupType.Person,
            Actual = true,
            Code = new CodeableConcept(Canonicals.SegmentSystem, segment.Code, segment.Title, segment.Title),
            Name = segment.Title,
            Quantity = (int)total,
            Member = [.. members.Select(MemberOf)],
        };
        return new Stored(key, t.ToString(CultureInfo.InvariantCulture), now(), t, false, Access.Engine.Actor, R4Json.Write(group), ChangeKind.Update);
    }

    private static Group.MemberComponent MemberOf(Membership member) => new()
    {
        Entity = new ResourceReference($"Patient/{member.Patient}"),
        Period = new Hl7.Fhir.Model.Period { Start = Day(member.From) },
    };

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
