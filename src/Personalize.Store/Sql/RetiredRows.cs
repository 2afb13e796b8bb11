namespace Personalize.Store.Sql;

/// <summary>Takes away the index rows of search parameters that are gone, some at a time.</summary>
internal sealed class RetiredRows(WritingSession session)
{
    private const int Slice = 2_000;

    /// <summary>Takes a slice away; false when there was nothing to do.</summary>
    /// <param name="before">Rows of parameters that went later stay.</param>
    /// <param name="begin">Begins the transaction.</param>
    public bool Run(DateTimeOffset before, Func<Counters> begin)
    {
        const string Oldest = "SELECT p FROM retired WHERE since<? ORDER BY p LIMIT 1";
        if (session.Number(Oldest, before.ToUnixTimeMilliseconds()) is null)
            return false;
        // What waits to be written could not be taken away.
        session.Settle(begin().Rid);
        // Where the database is shared another process may have done it.
        if (session.Number(Oldest, before.ToUnixTimeMilliseconds()) is { } p)
            Take(p);
        session.Commit(null);
        return true;
    }

    private void Take(long p)
    {
        foreach (var table in Tables.Index)
            foreach (var number in new[] { p, -p })
                if (session.Number($"SELECT 1 FROM {table.Name} WHERE p=? LIMIT 1", number) is not null)
                {
                    var row = session.Dialect.Row(table);
                    session.Run($"DELETE FROM {table.Name} WHERE {row} IN (SELECT {row.Trim('(', ')')} FROM {table.Name} WHERE p=? LIMIT ?)", number, Slice);
                    return;
                }
        session.Run("DELETE FROM retired WHERE p=?", p);
    }
}
