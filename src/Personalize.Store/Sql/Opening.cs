using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>Brings the tables to this program's version, gives numbers to the search parameters, and indexes anew what the definitions of the program's own changed. What clients have stored is indexed later, beside the writes.</summary>
internal sealed class Opening(WritingSession session, StoreOptions options)
{
    private const int Slice = 1000;
    private const int MostWaiting = 300_000;
    private const int TriesToBeAlone = 20;

    /// <summary>Fails with <see cref="Failure.Conflict"/> on tables of another version, and when what must change cannot because another server has the database open.</summary>
    public Outcome<LiveCatalog> Run(IReadOnlyList<Migration> migrations)
    {
        if ((BeginAlone(migrations) ?? Migrations.Apply(session, migrations)) is { } failure)
        {
            session.Undo();
            return failure;
        }
        var table = new ParameterTable(session, options.Catalog);
        table.Claim();
        var own = options.Catalog.Indexed.ToHashSet();
        var changed = table.Renew(Counters.Read(session).Rid, options.Clock.GetUtcNow(), own.Contains) ?? [];
        session.Flush();
        var live = new LiveCatalog(new());
        live.Take(table.Read());
        Index(live, changed);
        new HomeRows(session, live, table).Add(options.Catalog.Home);
        session.Join();
        session.Commit(null);
        return live;
    }

    /// <summary>Begins the transaction; why it cannot, where it must be alone and is not.</summary>
    private Failure.Conflict? BeginAlone(IReadOnlyList<Migration> migrations)
    {
        for (var left = TriesToBeAlone; ; left--)
        {
            session.Begin();
            if (ReasonToBeAlone(migrations) is not { } reason || session.IsAlone())
                return null;
            if (left == 0)
                return new(reason);
            // A process that has just ended is gone from the server a moment later; until then the others write.
            session.Undo();
            Thread.Sleep(100);
        }
    }

    /// <summary>What must not be done while another server has the database open; null when nothing is to do.</summary>
    private string? ReasonToBeAlone(IReadOnlyList<Migration> migrations)
    {
        var taken = Migrations.Count(session);
        if (taken > 0 && taken < migrations.Count)
            return "The tables are of an older version, and another server has the database open: stop it, or all of them, before a newer program starts.";
        return taken == migrations.Count && new ParameterTable(session, options.Catalog).IsOfOther
            ? "Another server has the database open, and its program's search parameters are others: all servers of a database run the same program. Stop the others first, or start their program."
            : null;
    }

    /// <summary>Writes the index rows that the last process still had in memory, and those of parameters that changed.</summary>
    private void Index(LiveCatalog live, HashSet<SearchParameter> changed)
    {
        var counters = Counters.Read(session);
        var given = new WriterNumbers(session, live.Numbers);
        given.Begin(counters);
        var rows = new RowWriter(session, given, live);
        if (session.Merged is { } merged && merged < counters.Rid)
            Index(rows, merged, Unmerged);
        if (changed.Count > 0)
            Index(rows, 0, after => Versions(changed, after), changed);
        session.Settle(counters.Rid);
    }

    private void Index(RowWriter rows, long after, Func<long, List<(long Rid, byte[] Json)>> next, IReadOnlySet<SearchParameter>? only = null)
    {
        var reader = new ResourceReader();
        while (next(after) is { Count: > 0 } versions)
        {
            foreach (var (rid, json) in versions)
                if (reader.Read(json).TryGet(out var content, out _))
                    rows.Index(rid, rows.Take(content), only);
            session.Flush();
            after = versions[^1].Rid;
            if (session.Waiting > MostWaiting)
                session.Settle(session.Merged ?? 0);
        }
    }

    /// <summary>A slice of the versions whose index rows may be missing; closed ones too, which a page that was begun before may still ask for.</summary>
    private List<(long, byte[])> Unmerged(long after) =>
        Versions(new SqlText().Add("SELECT r.rid, r.json FROM res r WHERE r.rid>? AND r.kind<>2 AND r.flags<? ORDER BY r.rid LIMIT ?", after, Tables.Unindexed, Slice));

    /// <summary>What is current of the types whose parameters changed, a slice at a time.</summary>
    private List<(long Rid, byte[] Json)> Versions(HashSet<SearchParameter> changed, long after)
    {
        string[] types = changed.Any(p => p.ResourceType is "Resource" or "DomainResource") ? [] : [.. changed.Select(p => p.ResourceType).Distinct()];
        var some = types.Length > 0 ? new SqlText().Add($" AND y.text {session.Dialect.AnyOf}", types) : new SqlText();
        return Versions(new SqlText().Add("SELECT r.rid, r.json FROM res r JOIN sym y ON y.id=r.type WHERE r.until=? AND r.kind<>2 AND r.rid>?", Tables.Open, after)
            .Add(some.Text, some.Values).Add(" ORDER BY r.rid LIMIT ?", Slice));
    }

    /// <summary>Rows and content; nothing in place of what is damaged, which has no values either.</summary>
    private List<(long, byte[])> Versions(SqlText sql)
    {
        var versions = new List<(long, byte[])>();
        using var rows = session.Query(sql.Text, sql.Values);
        while (rows.Step())
            versions.Add((rows.Int64(0), rows.SoundJson(1) ?? []));
        return versions;
    }
}
