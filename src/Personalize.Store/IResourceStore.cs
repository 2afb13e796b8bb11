using System.Collections.Immutable;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store;

/// <summary>How resources are kept and found. Commits are serial and numbered by t; the state at t is a value. Safe for concurrent use.</summary>
public interface IResourceStore : IAsyncDisposable
{
    /// <summary>The number of the last commit; 0 for an empty store.</summary>
    long T { get; }

    /// <summary>For how long the store could not learn of what others commit to the same database; a second or two while all is well, zero where nobody else does, and for ever once another program has taken the database over. Meanwhile <see cref="T"/> and <see cref="WaitBeyond"/> stand still.</summary>
    TimeSpan Silence { get; }

    /// <summary>The search parameters that count now: those of the program, and those that are stored. One that was stored lately is <see cref="SearchCatalog.Coming"/> until it is indexed.</summary>
    SearchCatalog Catalog { get; }

    /// <summary>What derived values rest on. Whoever knows the content says it; until then only who may read everything sees any.</summary>
    DerivedGrounds Grounds { get; set; }

    /// <summary>Applies all changes or none; durable when it answers. Guards, conditional references and access are judged inside.
    /// Fails with <see cref="Failure.Stale"/> (a guard), <see cref="Failure.Denied"/>, <see cref="Failure.Invalid"/> (a conditional reference), naming the entry.</summary>
    /// <param name="access">Who asks.</param>
    /// <param name="changes">Every change has an id. Order: as given.</param>
    /// <param name="derived">What rides along; only with <see cref="Access.Engine"/>.</param>
    /// <param name="ct">Gives up waiting; the commit may happen all the same.</param>
    Task<Outcome<Commit>> Commit(Access access, IReadOnlyList<Change> changes, Derived? derived, CancellationToken ct);

    /// <summary>The current version: <see cref="Failure.Missing"/>, <see cref="Failure.Gone"/> when deleted, <see cref="Failure.Denied"/>.</summary>
    ValueTask<Outcome<Stored>> Read(Access access, ResourceKey key, CancellationToken ct);

    /// <summary>One version: <see cref="Failure.Missing"/>, <see cref="Failure.Gone"/> when it is a deletion, <see cref="Failure.Denied"/>.</summary>
    ValueTask<Outcome<Stored>> ReadVersion(Access access, ResourceKey key, string version, CancellationToken ct);

    /// <summary>Versions, newest first. <see cref="Failure.Missing"/> for an instance that never was; <see cref="Failure.Gone"/> for a mark that is too old.</summary>
    ValueTask<Outcome<HistoryPage>> History(Access access, HistoryQuery query, CancellationToken ct);

    /// <summary>A page of matches with what they include. <see cref="Failure.Gone"/> for a mark that is too old.</summary>
    ValueTask<Outcome<SearchPage>> Search(Access access, SearchQuery query, SearchMark? from, CancellationToken ct);

    /// <summary>For each profile, tag and security label that is in use, on a type or (null) on all, a resource that bears it, of those that the access may search: what their <c>meta</c> say together is all of them.
    /// Fails with <see cref="Failure.Denied"/>, and with <see cref="Failure.Invalid"/> on more than 1,000 of a kind.</summary>
    ValueTask<Outcome<ImmutableArray<Stored>>> Labelled(Access access, string? type, CancellationToken ct);

    /// <summary>The whole current record of a patient that the access may read, the Patient first; empty when there is none.</summary>
    ValueTask<IReadOnlyList<Stored>> Compartment(Access access, ResourceId patient, CancellationToken ct);

    /// <summary>Changes of the commits behind <paramref name="after"/>, oldest first, whole commits only: at least one commit, then as many as fit in <paramref name="limit"/> entries.</summary>
    ValueTask<IReadOnlyList<FeedEntry>> Feed(long after, int limit, CancellationToken ct);

    /// <summary>Ends when <see cref="T"/> is greater than <paramref name="t"/>.</summary>
    Task WaitBeyond(long t, CancellationToken ct);

    /// <summary>How far a reader of the feed has come; 0 for a new one.</summary>
    ValueTask<long> Cursor(string reader, CancellationToken ct);

    /// <summary>A patient's memberships, ended ones too, by segment and first day.</summary>
    ValueTask<IReadOnlyList<Membership>> Memberships(ResourceId patient, CancellationToken ct);

    /// <summary>Who is in a segment now, by patient id.</summary>
    /// <param name="segment">The segment's code.</param>
    /// <param name="after">The last page's <see cref="MembersPage.Next"/>; null for the first.</param>
    /// <param name="limit">Members on a page, 1 to 10,000.</param>
    /// <param name="ct">Gives up.</param>
    ValueTask<MembersPage> Members(string segment, string? after, int limit, CancellationToken ct);

    /// <summary>The number of members now by segment; segments without members are missing.</summary>
    ValueTask<ImmutableSortedDictionary<string, long>> SegmentCounts(CancellationToken ct);

    /// <summary>A patient's packed facts, or null.</summary>
    ValueTask<FactRow?> Facts(ResourceId patient, CancellationToken ct);

    /// <summary>How much is stored.</summary>
    ValueTask<StoreCounts> Counts(CancellationToken ct);
}
