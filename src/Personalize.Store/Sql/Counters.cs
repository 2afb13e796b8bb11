namespace Personalize.Store.Sql;

/// <summary>The numbers that were given last. Only who holds the transaction may give the next.</summary>
internal sealed class Counters
{
    private const string Last = """
        SELECT (SELECT max(t) FROM res), (SELECT max(rid) FROM res), (SELECT max(n) FROM ids), (SELECT max(id) FROM sym), (SELECT updated FROM res ORDER BY rid DESC LIMIT 1),
          (SELECT number FROM catalog)
        """;

    /// <summary>The last commit.</summary>
    public long T { get; set; }

    /// <summary>The last row of a version.</summary>
    public long Rid { get; set; }

    /// <summary>The last number of a resource.</summary>
    public long N { get; set; }

    /// <summary>The last number of a text.</summary>
    public long Symbol { get; set; }

    /// <summary>When the last version was written.</summary>
    public DateTimeOffset Updated { get; set; }

    /// <summary>The number of the catalog of search parameters.</summary>
    public long Catalog { get; set; }

    /// <summary>As they stand in the database.</summary>
    public static Counters Read(Session session)
    {
        using var row = session.Query(Last);
        row.Step();
        return new()
        {
            T = Number(0),
            Rid = Number(1),
            N = Number(2),
            Symbol = Number(3),
            Updated = DateTimeOffset.FromUnixTimeMilliseconds(Number(4)),
            Catalog = Number(5),
        };

        long Number(int column) => row.IsNull(column) ? 0 : row.Int64(column);
    }
}
