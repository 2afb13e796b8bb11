using System.Collections.Immutable;
using System.Globalization;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <content>What is read; every method takes one session. What is read at a commit is the same for all its statements.</content>
public abstract partial class SqlStore
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Stored>> Read(Access access, ResourceKey key, CancellationToken ct) =>
        new(Read(session => One(session, access, key, "AND r.until=?", Tables.Open), ct).Select(Sight(access).Shown));

    /// <inheritdoc/>
    public ValueTask<Outcome<Stored>> ReadVersion(Access access, ResourceKey key, string version, CancellationToken ct) =>
        long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(Read(session => One(session, access, key, "AND r.version=?", number), ct).Select(Sight(access).Shown))
            : new(new Failure.Missing("There is no such version."));

    /// <inheritdoc/>
    public ValueTask<Outcome<HistoryPage>> History(Access access, HistoryQuery query, CancellationToken ct) =>
        new(Read(session => new HistoryReader(Symbols).Read(session, access, query, query.From?.T ?? Now(session)), ct)
            .Select(page => page with { Entries = [.. page.Entries.Select(Sight(access).Shown)] }));

    /// <inheritdoc/>
    public async ValueTask<Outcome<SearchPage>> Search(Access access, SearchQuery query, SearchMark? from, CancellationToken ct)
    {
        if (query.OfTypes.IsEmpty ? access.Of(query.Type, Rights.Search) == Reach.None : query.OfTypes.All(one => access.Of(one.Type, Rights.Search) == Reach.None))
            return new Failure.Denied($"The access does not allow a search of {query.Type}.");
        IReadOnlyList<SqlValue>? key = null;
        if (from is { Key.Length: > 0 } && (key = MarkText.Read(from.Key, SearchReader.KeyLength(query))) is null)
            return new Failure.Invalid("The page mark is malformed.");
        var t = from?.T ?? T;
        if (await _writer.Indexed(t, ct) is { } behind)
            return behind;
        return (await Searched(access, query, from is not null, t, key, ct)).Select(page => Shown(page, Sight(access)));
    }

    /// <summary>Searches by the parameters that count where it reads: when another process has changed them, this one learns them first.</summary>
    private async ValueTask<Outcome<SearchPage>> Searched(Access access, SearchQuery query, bool isPinned, long t, IReadOnlyList<SqlValue>? key, CancellationToken ct)
    {
        while (true)
        {
            if ((_live.Refusal ?? Catalog.Refuses(query)) is { } refused)
                return refused;
            var number = _live.Number;
            var found = Read(session => (isPinned ? (t, number) : SearchedAt(session, t)) is var (at, catalog) && catalog == number ? Page(session, access, query, at, key) : (Outcome<SearchPage>?)null, ct);
            if (found is { } page)
                return page;
            if ((await _writer.Commit(Request.Nothing(), ct)).Failure is { } failure)
                return failure;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Outcome<ImmutableArray<Stored>>> Labelled(Access access, string? type, CancellationToken ct)
    {
        var query = new SearchQuery("Resource", []) { OfTypes = [.. (type is null ? FhirSchema.R4.ResourceTypes : [type]).Select(one => new SearchQuery(one, []))] };
        if (query.OfTypes.All(one => access.Of(one.Type, Rights.Search) == Reach.None))
            return new Failure.Denied("The access does not allow a search of that.");
        var t = T;
        if (await _writer.Indexed(t, ct) is { } behind)
            return behind;
        return Read(session => Labelled(session, access, query, SearchedAt(session, t).T), ct).Select(found => found.Select(Sight(access).Shown).ToImmutableArray());
    }

    private Outcome<ImmutableArray<Stored>> Labelled(Session session, Access access, SearchQuery query, long t)
    {
        var rows = new SortedSet<long>();
        foreach (var code in (string[])["_profile", "_security", "_tag"])
        {
            var found = new AnyTypeSearch(session, Symbols, access, query, t, Grounds).OneOfEach(Catalog.Find("Resource", code)!, MostLabels + 1);
            if (found.Length > MostLabels)
                return new Failure.Invalid([Issue.Error("too-costly", $"More than {MostLabels} labels of one kind are in use.")]);
            rows.UnionWith(found);
        }
        return VersionRow.Read(session, rows).ToImmutableArray();
    }

    private const int MostLabels = 1_000;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Stored>> Compartment(Access access, ResourceId patient, CancellationToken ct) =>
        new(Read(session => Record(session, access, patient), ct));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<FeedEntry>> Feed(long after, int limit, CancellationToken ct) =>
        new(Read(session => FeedReader.Read(session, after, Now(session), limit), ct));

    /// <inheritdoc/>
    public ValueTask<long> Cursor(string reader, CancellationToken ct) =>
        new(Read(session => session.Number("SELECT t FROM cursor WHERE reader=?", reader) ?? 0, ct));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Membership>> Memberships(ResourceId patient, CancellationToken ct) =>
        new(Read(session => MembershipReader.Of(session, Symbols.Find(session, "Patient"), patient), ct));

    /// <inheritdoc/>
    public ValueTask<MembersPage> Members(string segment, string? after, int limit, CancellationToken ct) =>
        new(Read(session => MembershipReader.Page(session, segment, after, Math.Clamp(limit, 1, 10_000)), ct));

    /// <inheritdoc/>
    public ValueTask<ImmutableSortedDictionary<string, long>> SegmentCounts(CancellationToken ct) => new(Read(MembershipReader.Counts, ct));

    /// <inheritdoc/>
    public ValueTask<FactRow?> Facts(ResourceId patient, CancellationToken ct) =>
        new(Read(session => MembershipReader.Facts(session, Symbols.Find(session, "Patient"), patient), ct));

    /// <inheritdoc/>
    public ValueTask<StoreCounts> Counts(CancellationToken ct) => new(Read(Count, ct));

    private Outcome<Stored> One(Session session, Access access, ResourceKey key, string which, SqlValue value)
    {
        if (access.Of(key.Type, Rights.Read) == Reach.None)
            return new Failure.Denied($"The access does not allow reading a {key.Type}.");
        var sql = new SqlText().Add($"SELECT {VersionRow.Columns} {VersionRow.From} WHERE i.id=? AND i.type=?", key.Id.ToString(), Symbols.Find(session, key.Type));
        // What lies outside the compartment is not there for those who may not see it.
        new ClauseSql(session, Symbols, access, Tables.Latest, sql).AddAccess(key.Type, Rights.Read, "r");
        using var rows = session.Query(sql.Add(" " + which, value).Text, sql.Values);
        if (!rows.Step())
            return new Failure.Missing("There is no such resource or version.");
        var stored = VersionRow.Of(rows);
        return stored.Deleted ? new Failure.Gone("The resource is deleted.") : stored;
    }

    private static SearchPage Shown(SearchPage page, DerivedSight sight) =>
        page with { Matches = [.. page.Matches.Select(sight.Shown)], Includes = [.. page.Includes.Select(sight.Shown)] };

    private Outcome<SearchPage> Page(Session session, Access access, SearchQuery query, long t, IReadOnlyList<SqlValue>? from)
    {
        var count = query.CountOnly ? 0 : Math.Clamp(query.Count ?? SearchReader.DefaultCount, 1, SearchReader.MaxCount);
        var rows = query.CountOnly ? [] : _search.Page(session, access, query, t, from, count + 1);
        var hasMore = rows.Count > count;
        ImmutableArray<Stored> matches = [.. rows.Take(count).Select(row => row.Stored)];
        if (!new IncludeReader(Symbols, Catalog).Read(session, access, query, matches, t).TryGet(out var included, out var failure))
            return failure;
        var isWhole = !query.CountOnly && from is null && !hasMore;
        var isAsked = query.CountOnly || query.Total is TotalMode.Accurate or TotalMode.Estimate;
        long? total = isAsked ? _search.Count(session, access, query, t) : isWhole && query.Total != TotalMode.None ? matches.Length : null;
        return new SearchPage(matches, included, hasMore ? new SearchMark(t, MarkText.Write(rows[count - 1].Key)) : null, total, t);
    }

    private IReadOnlyList<Stored> Record(Session session, Access access, ResourceId patient)
    {
        var found = new List<Stored>();
        using (var rows = session.Query(RecordSql, patient.ToString(), Symbols.Find(session, "Patient"), Tables.Open))
            while (rows.Step())
                found.Add(VersionRow.Of(rows));
        // A Patient lies in the own compartment; one that is deleted has no record.
        return found.Count == 0 || found[0].Key != new ResourceKey("Patient", patient) ? []
            : [.. found.Where(s => MaySee(access, s.Key.Type, patient)).Select(Sight(access).Shown)];
    }

    private const string RecordSql = $"""
        SELECT {VersionRow.Columns} {VersionRow.From} JOIN pc ON pc.rid=r.rid JOIN ids p ON p.n=pc.patient
        WHERE p.id=? AND p.type=? AND r.until=? AND r.kind<>2 ORDER BY r.n<>p.n, r.rid
        """;

    private static bool MaySee(Access access, string type, ResourceId patient) => access.Of(type, Rights.Read) switch
    {
        Reach.All => true,
        Reach.Compartment => access.Patient == patient,
        _ => false,
    };

    private StoreCounts Count(Session session)
    {
        var t = Now(session);
        var counts = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        using var rows = session.Query("SELECT y.text, count(*) FROM res r JOIN sym y ON y.id=r.type WHERE r.until=? AND r.kind<>2 GROUP BY y.text", Tables.Open);
        while (rows.Step())
            counts[rows.Text(0)] = rows.Int64(1);
        return new(counts.ToImmutable(), t);
    }
}
