namespace Personalize.Store.Sql;

/// <summary>Under which numbers the index rows of a search parameter stand: its own, or those of the parameters among whose values its own are.</summary>
/// <param name="Own">Its own number.</param>
/// <param name="All">The numbers under which its rows stand.</param>
/// <param name="Target">Of the references among them only those to resources of this type are meant, and URLs and identifiers stand under its own number; null for all.</param>
internal sealed record ParameterRows(long Own, long[] All, string? Target)
{
    /// <summary>Adds the condition on <c>p</c> of a table.</summary>
    /// <param name="sql">Where it is added.</param>
    /// <param name="table">The table.</param>
    /// <param name="isAside">True for the rows that stand under the negative number.</param>
    /// <param name="column">The column, when the table has another name in the statement.</param>
    public SqlText Add(SqlText sql, string table, bool isAside = false, string column = "p")
    {
        var numbers = Target is null || table == "ref" ? All : [Own];
        var sign = isAside ? -1 : 1;
        return numbers.Length == 1 ? sql.Add($"{column}=?", sign * numbers[0])
            : sql.Add($"{column} IN (").AddAllOf(numbers, ",", number => sql.Add("?", sign * number)).Add(")");
    }

    /// <summary>Adds that a row of <c>ref</c> leads to a resource of the wanted type, where one is wanted.</summary>
    public void AddTarget(Session session, Numbers numbers, SqlText sql)
    {
        if (Target is not null)
            sql.Add(" AND EXISTS(SELECT 1 FROM ids WHERE n=target AND type=?)", numbers.Find(session, Target));
    }

    /// <summary>True when its references may lead to a resource of that type.</summary>
    public bool LeadsTo(string type) => Target is null || Target == type;
}
