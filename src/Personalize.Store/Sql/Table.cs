namespace Personalize.Store.Sql;

/// <summary>A table into which rows are written.</summary>
internal sealed class Table
{
    /// <summary>Describes one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isSet">True when a row whose key is there already is not written again.</param>
    /// <param name="columns">Its columns, in the order in which values are given.</param>
    public Table(string name, bool isSet, params (string Name, ColumnKind Kind)[] columns)
    {
        (Name, IsSet, Columns) = (name, isSet, columns);
        ColumnNames = string.Join(", ", columns.Select(c => c.Name));
        var row = $"({string.Join(",", columns.Select(_ => "?"))})";
        Insert = Insertion(row);
        InsertMany = Insertion(string.Join(",", Enumerable.Repeat(row, Many)));
        Delete = $"DELETE FROM {name} WHERE {string.Join(" AND ", columns.Select(c => $"{c.Name}=?"))}";
    }

    /// <summary>How many rows <see cref="InsertMany"/> writes.</summary>
    public const int Many = 16;

    public string Name { get; }

    public bool IsSet { get; }

    public IReadOnlyList<(string Name, ColumnKind Kind)> Columns { get; }

    /// <summary>The columns, separated by commas.</summary>
    public string ColumnNames { get; }

    /// <summary>Writes one row.</summary>
    public string Insert { get; }

    /// <summary>Writes <see cref="Many"/> rows.</summary>
    public string InsertMany { get; }

    /// <summary>Takes one row away.</summary>
    public string Delete { get; }

    private string Insertion(string rows) => $"INSERT INTO {Name}({ColumnNames}) VALUES{rows}{(IsSet ? " ON CONFLICT DO NOTHING" : "")}";
}

/// <summary>What a column holds.</summary>
internal enum ColumnKind
{
    Integer,
    Real,
    Text,
    /// <summary>Text that an index must hold whole: see <see cref="Dialect.Key"/>.</summary>
    Key,
    Bytes,
}
