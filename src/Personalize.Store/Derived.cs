using System.Collections.Immutable;
using Personalize.Fhir.Primitives;

namespace Personalize.Store;

/// <summary>A patient's time in a segment.</summary>
/// <param name="Patient">The patient.</param>
/// <param name="Segment">The segment's code.</param>
/// <param name="From">The first day.</param>
/// <param name="Until">The day on which it ended; null while it lasts.</param>
public sealed record Membership(ResourceId Patient, string Segment, DateOnly From, DateOnly? Until);

/// <summary>Writes the row of that patient, segment and first day: opened when <paramref name="Until"/> is null, closed otherwise.</summary>
/// <param name="Patient">The patient.</param>
/// <param name="Segment">The segment's code.</param>
/// <param name="From">The first day; part of the row's identity.</param>
/// <param name="Until">The day on which it ended; null while it lasts.</param>
public sealed record MembershipChange(ResourceId Patient, string Segment, DateOnly From, DateOnly? Until);

/// <summary>A patient's facts, packed by the engine; opaque to the store.</summary>
/// <param name="Patient">The patient.</param>
/// <param name="Bytes">The packed row; replaces the older one. Empty takes it away.</param>
public sealed record FactRow(ResourceId Patient, ReadOnlyMemory<byte> Bytes);

/// <summary>What rides in the same transaction as the engine's changes.</summary>
/// <param name="Memberships">Rows of membership.</param>
/// <param name="Facts">Rows of facts.</param>
/// <param name="Cursor">How far a reader of the feed has come; null leaves it.</param>
public sealed record Derived(ImmutableArray<MembershipChange> Memberships, ImmutableArray<FactRow> Facts, (string Reader, long T)? Cursor)
{
    /// <summary>Nothing.</summary>
    public static Derived None { get; } = new([], [], null);
}

/// <summary>A page of the members of a segment, ordered by patient id.</summary>
/// <param name="Members">Those who are members now.</param>
/// <param name="Next">What to ask with for the next page; null at the end.</param>
/// <param name="Total">The number of members in all.</param>
public sealed record MembersPage(ImmutableArray<Membership> Members, string? Next, long Total);

/// <summary>How much is stored.</summary>
/// <param name="ByType">The number of current resources by type, sorted by type.</param>
/// <param name="T">The commit at which they were counted.</param>
public sealed record StoreCounts(ImmutableSortedDictionary<string, long> ByType, long T)
{
    /// <summary>The number of current resources.</summary>
    public long Total => ByType.Values.Sum();
}
