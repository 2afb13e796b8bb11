using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sqlite;

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
        foreach (var target in Targets(query.Includes, matches))
            if (Current(session, access, target, t) is { } rid)
                rows.Add(rid);
        foreach (var inclusion in query.RevIncludes.Where(i => i.TargetType is null || i.TargetType == query.Type))
            AddReferrers(session, access, inclusion, matches, t, rows);
        if (rows.Count > Most)
            return new Failure.Invalid([Issue.Error("too-costly", $"The page would include more than {Most} resources: ask with a smaller _count.")]);
        var keys = matches.Select(m => m.Key).ToHashSet();
        return rows.Select(rid => SearchReader.Row(session, rid)).Where(s => !keys.Contains(s.Key)).ToImmutableArray();
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

    private long? Current(Session session, Access access, ResourceKey key, long t)
    {
        if (numbers.Resource(session, key) is not { } n)
            return null;
        var sql = new SqlText().Add("SELECT r.rid FROM res r WHERE r.n=? AND ", n);
        var clauses = new ClauseSql(session, numbers, access, t, sql);
        clauses.AddCurrent(key.Type, "r");
        clauses.AddAccess(key.Type, Rights.Read, "r");
        return session.Number(sql.Text, sql.Values);
    }

    private void AddReferrers(Session session, Access access, Inclusion inclusion, IReadOnlyList<Stored> matches, long t, SortedSet<long> rows)
    {
        var parameters = inclusion.Parameter is { } one ? [one] : catalog.All.Where(p => p.Type == SearchParameterType.Reference && (inclusion.Source == "*" || p.ResourceType == inclusion.Source)).ToList();
        foreach (var byType in parameters.GroupBy(p => inclusion.Source == "*" ? p.ResourceType : inclusion.Source))
        {
            var sql = new SqlText().Add("SELECT DISTINCT r.rid FROM ref f CROSS JOIN res r ON r.rid=f.rid WHERE f.p IN ");
            sql.AddAll(byType, ",", p => sql.Add("?", numbers.Of(p))).Add(" AND f.target IN ");
            sql.AddAll(matches, ",", m => sql.Add("?", numbers.Resource(session, m.Key) ?? -1)).Add(" AND ");
            var clauses = new ClauseSql(session, numbers, access, t, sql);
            clauses.AddCurrent(byType.Key, "r");
            clauses.AddAccess(byType.Key, Rights.Search, "r");
            using var found = session.Query(sql.Text, sql.Values);
            while (found.Step() && rows.Count <= Most)
                rows.Add(found.Int64(0));
        }
    }
}
