using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>Finds what a page of matches includes: targets of its references, and resources that refer to it; with <c>:iterate</c> also what these include, until nothing new is found.</summary>
internal sealed class IncludeReader(Numbers numbers, SearchCatalog catalog)
{
    /// <summary>A page brings no more than so many: it is held in memory as a whole.</summary>
    public const int Most = 10_000;

    /// <summary>Each resource once, none of the matches, in the order of their rows. Fails with <see cref="Failure.Invalid"/> when there are more than <see cref="Most"/>.</summary>
    public Outcome<ImmutableArray<Stored>> Read(Session session, Access access, SearchQuery query, IReadOnlyList<Stored> matches, long t)
    {
        var (includes, referrers) = (query.Includes, query.RevIncludes);
        var (seen, rows, found) = (matches.Select(m => m.Key).ToHashSet(), new HashSet<long>(), new List<(long Rid, Stored Stored)>());
        for (var from = matches; from.Count > 0 && !(includes.IsEmpty && referrers.IsEmpty);)
        {
            List<long> fresh = [.. Round(session, access, includes, referrers, from, t).Where(rows.Add)];
            if (rows.Count > Most)
                return new Failure.Invalid([Issue.Error("too-costly", $"The page would include more than {Most} resources: ask with a smaller _count.")]);
            var read = fresh.Zip(VersionRow.Read(session, fresh)).Where(pair => seen.Add(pair.Second.Key)).ToList();
            found.AddRange(read);
            from = [.. read.Select(pair => pair.Second)];
            (includes, referrers) = ([.. includes.Where(i => i.IsRepeated)], [.. referrers.Where(i => i.IsRepeated)]);
        }
        return found.OrderBy(pair => pair.Rid).Select(pair => pair.Stored).ToImmutableArray();
    }

    private SortedSet<long> Round(Session session, Access access, ImmutableArray<Inclusion> includes, ImmutableArray<Inclusion> referrers, IReadOnlyList<Stored> from, long t)
    {
        var rows = new SortedSet<long>();
        foreach (var targets in Targets(includes, from).GroupBy(target => target.Type))
            rows.UnionWith(Current(session, access, targets.Key, [.. targets.Select(target => target.Id.ToString())], t));
        foreach (var byType in from.GroupBy(stored => stored.Key.Type))
            foreach (var inclusion in referrers.Where(i => i.TargetType is null || i.TargetType == byType.Key))
                AddReferrers(session, access, inclusion, byType.Key, [.. byType.Select(m => m.Key.Id.ToString())], t, rows);
        return rows;
    }

    private HashSet<ResourceKey> Targets(ImmutableArray<Inclusion> includes, IReadOnlyList<Stored> from)
    {
        if (includes.IsEmpty)
            return [];
        var (reader, values, keys) = (new ResourceReader(), new IndexEntries(), new HashSet<ResourceKey>());
        foreach (var one in from.Where(one => includes.Any(i => IsOf(i, one.Key.Type))))
        {
            values.Fill(reader.Read(one.Json).Value, catalog);
            foreach (ref readonly var value in values.All)
                if (value.Kind == IndexKind.Reference && !catalog.IsComing(values.Parameter(value)) && Wanted(includes, one.Key.Type, values.Parameter(value), values.Text(value.Scope)))
                    keys.Add(ResourceKey.Of(values.Text(value.Scope), values.Text(value.Main)));
        }
        return keys;
    }

    private static bool IsOf(Inclusion inclusion, string type) => inclusion.Source == "*" || inclusion.Source == type;

    private static bool Wanted(ImmutableArray<Inclusion> includes, string type, SearchParameter parameter, string target) =>
        includes.Any(i => IsOf(i, type) && (i.Parameter is null || i.Parameter.Equals(parameter)) && (i.TargetType is null || i.TargetType == target));

    private long[] Current(Session session, Access access, string type, string[] ids, long t)
    {
        var sql = new SqlText().Add($"SELECT r.rid FROM ids i {session.Dialect.InOrder} res r ON r.n=i.n WHERE i.type=? AND i.id {session.Dialect.AnyOf} AND ", numbers.Find(session, type), ids);
        var clauses = new ClauseSql(session, numbers, access, t, sql);
        clauses.AddCurrent(type, "r");
        clauses.AddAccess(type, Rights.Read, "r");
        return session.Column(sql.Text, sql.Values);
    }

    private void AddReferrers(Session session, Access access, Inclusion inclusion, string type, string[] ids, long t, SortedSet<long> rows)
    {
        var parameters = inclusion.Parameter is { } one ? [one] : catalog.All.Where(p => p.Type == SearchParameterType.Reference && (inclusion.Source == "*" || p.ResourceType == inclusion.Source)).ToList();
        foreach (var bySource in parameters.GroupBy(p => inclusion.Source == "*" ? p.ResourceType : inclusion.Source))
        {
            var any = session.Dialect.AnyOf;
            var sql = new SqlText().Add($"SELECT DISTINCT r.rid FROM ref f {session.Dialect.InOrder} res r ON r.rid=f.rid WHERE f.p {any}", bySource.Select(numbers.Rows).Where(r => r.LeadsTo(type)).SelectMany(r => r.All).Distinct().ToArray());
            sql.Add($" AND f.target IN (SELECT n FROM ids WHERE type=? AND id {any}) AND ", numbers.Find(session, type), ids);
            var clauses = new ClauseSql(session, numbers, access, t, sql);
            clauses.AddCurrent(bySource.Key, "r");
            clauses.AddAccess(bySource.Key, Rights.Search, "r");
            rows.UnionWith(session.Column(sql.Add(" LIMIT ?", Most + 1).Text, sql.Values));
        }
    }
}
