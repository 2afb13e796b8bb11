namespace Personalize.Store.Sql;

/// <summary>A table into which rows are written.</summary>
internal sealed class Table
{
    /// <summary>Describes one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isSet">True when all columns are the key: a row that is there already is not written again.</param>
    /// <param name="columns">Its columns, in the order in which values are given.</param>
    public Table(string name, bool isSet, params (string Name, ColumnKind Kind)[] columns)
    {
        (Name, IsSet, Columns) = (name, isSet, columns);
        ColumnNames = string.Join(", ", columns.Select(c => c.Name));
        Insert = $"INSERT INTO {name}({ColumnNames}) VALUES({string.Join(",", columns.Select(_ => "?"))}){(isSet ? " ON CONFLICT DO NOTHING" : "")}";
        Delete = $"DELETE FROM {name} WHERE {string.Join(" AND ", columns.Select(c => $"{c.Name}=?"))}";
    }

    public string Name { get; }

    public bool IsSet { get; }

    public IReadOnlyList<(string Name, ColumnKind Kind)> Columns { get; }

    /// <summary>The columns, separated by commas.</summary>
    public string ColumnNames { get; }

    /// <summary>Writes one row.</summary>
    public string Insert { get; }

    /// <summary>Takes one row away.</summary>
    public string Delete { get; }
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
