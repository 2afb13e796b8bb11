namespace Personalize.Store.Sql;

/// <summary>What the engines word differently.</summary>
/// <param name="InOrder">Joins a table that is to be looked into for each row of those before it.</param>
/// <param name="AnyOf">Behind a column: it is one of a list of numbers or texts, which is one value.</param>
/// <param name="Position">The function that gives the place of a text in another; 0 when it is not there.</param>
/// <param name="PlansItself">True when the engine has statistics: it is then told which rows each clause finds, and chooses with which to begin.</param>
internal sealed record Dialect(string InOrder, string AnyOf, string Position, bool PlansItself)
{
    /// <summary>The beginning of a text, as the index of strings holds it; null when the index holds the whole.</summary>
    public Func<string, string>? Head { get; init; }

    /// <summary>Behind a question inside another one: it is asked for each row that is left, and not planned together with the others.</summary>
    public string ByItself { get; init; } = "";

    /// <summary>True where an index row may stand twice, when a resource says the same twice: it has no key of its own.</summary>
    public bool HasDoubles { get; init; }

    /// <summary>What tells the rows of an index table apart: columns, in parentheses when there are several.</summary>
    public Func<Table, string> Row { get; init; } = table => $"({table.ColumnNames})";

    /// <summary>Asks whether there is a table of a name.</summary>
    public string HasTable { get; init; } = "SELECT 1 FROM sqlite_schema WHERE name=?";

    /// <summary>A code, URL or symbol as it is stored: an index may not take the longest.</summary>
    public Func<string, string> Key { get; init; } = text => text;
}
