using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>Finds what a page of matches includes: targets of its references, and resources that refer to it.</summary>
internal sealed class IncludeReader(Numbers numbers, SearchCatalog catalog)
{
    /// <summary>A page brings no more than so many: it is held in memory as a whole.</summary>
    public const int Most = 10_000;

    /// <summary>Each resource once, none of the matches, in the order of their rows. Fails with <see cref="Failure.Invalid"/> when there are more than <see cref="Most"/>.</summary>
    public Outcome<ImmutableArray<Stored>> Read(Session session, Access access, SearchQuery query, IReadOnlyList<Stored> matches, long t)
    {
        if (matches.Count == 0 || (query.Includes.IsEmpty && query.RevIncludes.IsEmpty))
            return ImmutableArray<Stored>.Empty;
        var rows = new SortedSet<long>();
        foreach (var targets in Targets(query.Includes, matches).GroupBy(target => target.Type))
            rows.UnionWith(Current(session, access, targets.Key, [.. targets.Select(target => target.Id.ToString())], t));
        foreach (var inclusion in query.RevIncludes.Where(i => i.TargetType is null || i.TargetType == query.Type))
            AddReferrers(session, access, inclusion, matches, t, rows);
        if (rows.Count > Most)
            return new Failure.Invalid([Issue.Error("too-costly", $"The page would include more than {Most} resources: ask with a smaller _count.")]);
        var keys = matches.Select(m => m.Key).ToHashSet();
        return VersionRow.Read(session, rows).Where(s => !keys.Contains(s.Key)).ToImmutableArray();
    }

    private HashSet<ResourceKey> Targets(ImmutableArray<Inclusion> includes, IReadOnlyList<Stored> matches)
    {
        if (includes.IsEmpty)
            return [];
        var (reader, values, keys) = (new ResourceReader(), new IndexEntries(), new HashSet<ResourceKey>());
        foreach (var match in matches)
        {
            values.Fill(reader.Read(match.Json).Value, catalog);
            foreach (ref readonly var value in values.All)
                if (value.Kind == IndexKind.Reference && Wanted(includes, match.Key.Type, values.Parameter(value), values.Text(value.Scope)))
                    keys.Add(ResourceKey.Of(values.Text(value.Scope), values.Text(value.Main)));
        }
        return keys;
    }

    private static bool Wanted(ImmutableArray<Inclusion> includes, string type, SearchParameter parameter, string target) =>
        includes.Any(i => i.Source == type && (i.Parameter is null || i.Parameter.Equals(parameter)) && (i.TargetType is null || i.TargetType == target));

    private long[] Current(Session session, Access access, string type, string[] ids, long t)
    {
        var sql = new SqlText().Add($"SELECT r.rid FROM ids i {session.Dialect.InOrder} res r ON r.n=i.n WHERE i.type=? AND i.id {session.Dialect.AnyOf} AND ", numbers.Find(session, type), ids);
        var clauses = new ClauseSql(session, numbers, access, t, sql);
        clauses.AddCurrent(type, "r");
        clauses.AddAccess(type, Rights.Read, "r");
        return session.Column(sql.Text, sql.Values);
    }

    private void AddReferrers(Session session, Access access, Inclusion inclusion, IReadOnlyList<Stored> matches, long t, SortedSet<long> rows)
    {
        var parameters = inclusion.Parameter is { } one ? [one] : catalog.All.Where(p => p.Type == SearchParameterType.Reference && (inclusion.Source == "*" || p.ResourceType == inclusion.Source)).ToList();
        foreach (var byType in parameters.GroupBy(p => inclusion.Source == "*" ? p.ResourceType : inclusion.Source))
        {
            var (any, of) = (session.Dialect.AnyOf, matches[0].Key.Type);
            var sql = new SqlText().Add($"SELECT DISTINCT r.rid FROM ref f {session.Dialect.InOrder} res r ON r.rid=f.rid WHERE f.p {any}", byType.Select(numbers.Of).ToArray());
            sql.Add($" AND f.target IN (SELECT n FROM ids WHERE type=? AND id {any}) AND ", numbers.Find(session, of), matches.Select(m => m.Key.Id.ToString()).ToArray());
            var clauses = new ClauseSql(session, numbers, access, t, sql);
            clauses.AddCurrent(byType.Key, "r");
            clauses.AddAccess(byType.Key, Rights.Search, "r");
            rows.UnionWith(session.Column(sql.Add(" LIMIT ?", Most + 1).Text, sql.Values));
        }
    }
}
