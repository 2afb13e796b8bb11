namespace Personalize.Store.Sql.Checking;

/// <summary>A table of index rows as the check reads it: apart from the writer's own description, so that one fault is not in both.</summary>
/// <param name="Number">Keeps rows of different tables apart.</param>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Its columns but for the row of the version; the parameter first.</param>
internal sealed record IndexedTable(long Number, string Name, params string[] Columns)
{
    public static readonly IndexedTable Tokens = new(1, "tok", "p", "code", "sys");
    public static readonly IndexedTable Strings = new(2, "str", "p", "norm", "text");
    public static readonly IndexedTable Dates = new(3, "dt", "p", "lo", "hi");
    public static readonly IndexedTable Numbers = new(4, "num", "p", "lo", "hi", "sys", "code", "unit");
    public static readonly IndexedTable References = new(5, "ref", "p", "target");
    public static readonly IndexedTable Urls = new(6, "url", "p", "url", "type");

    public static readonly IndexedTable Charts = new(8, "chart", "p", "patient", "code", "lo");

    public static readonly IndexedTable[] All = [Tokens, Strings, Dates, Numbers, References, Urls, Charts];

    /// <summary>Reads it: the version's row, then the columns, each row once.</summary>
    public string Select(Dialect dialect) => $"SELECT {(dialect.HasDoubles ? "DISTINCT " : "")}rid, {string.Join(", ", Columns)} FROM {Name}";
}
