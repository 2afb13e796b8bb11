using Npgsql;
using NpgsqlTypes;
using Personalize.Store.Sql;

namespace Personalize.Store.Postgres;

/// <summary>Rows of a table that wait to be sent together, each column as one list.</summary>
internal sealed class RowBuffer(Table table)
{
    private readonly Column[] _columns = [.. table.Columns.Select(c => Column.Of(c.Kind))];

    public int Count { get; private set; }

    public void Add(ReadOnlySpan<SqlValue> row)
    {
        for (var at = 0; at < _columns.Length; at++)
            _columns[at].Add(row[at]);
        Count++;
    }

    /// <summary>Only the first rows stay.</summary>
    public void CutTo(int count)
    {
        foreach (var column in _columns)
            column.CutTo(count);
        Count = count;
    }

    /// <summary>Writes all rows.</summary>
    public NpgsqlBatchCommand Insertion() => With($"INSERT INTO {table.Name}({table.ColumnNames}) SELECT * FROM unnest({Places})");

    /// <summary>Takes all of them away.</summary>
    public NpgsqlBatchCommand Deletion() => With(
        $"DELETE FROM {table.Name} AS x USING unnest({Places}) AS y({table.ColumnNames}) WHERE {string.Join(" AND ", table.Columns.Select(c => $"x.{c.Name}=y.{c.Name}"))}");

    private string Places => string.Join(", ", Enumerable.Range(1, _columns.Length).Select(n => $"${n}"));

    private NpgsqlBatchCommand With(string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var column in _columns)
            command.Parameters.Add(column.Parameter());
        return command;
    }

    /// <summary>One column.</summary>
    private abstract class Column
    {
        public static Column Of(ColumnKind kind) => kind switch
        {
            ColumnKind.Integer => new Column<long>(NpgsqlDbType.Bigint, value => value.Integer),
            ColumnKind.Real => new Column<double>(NpgsqlDbType.Double, value => value.Real),
            ColumnKind.Text => new Column<string>(NpgsqlDbType.Text, value => PostgresText.Storable(PostgresParameters.Text(value))),
            ColumnKind.Key => new Column<string>(NpgsqlDbType.Text, value => PostgresText.Key(PostgresParameters.Text(value))),
            _ => new Column<byte[]?>(NpgsqlDbType.Bytea, value => value.Kind == SqlKind.Null ? null : value.Bytes.ToArray()),
        };

        public abstract void Add(SqlValue value);

        public abstract void CutTo(int count);

        public abstract NpgsqlParameter Parameter();
    }

    private sealed class Column<T>(NpgsqlDbType type, Func<SqlValue, T> read) : Column
    {
        private readonly List<T> _values = [];

        public override void Add(SqlValue value) => _values.Add(read(value));

        public override void CutTo(int count) => _values.RemoveRange(count, _values.Count - count);

        public override NpgsqlParameter Parameter() => new NpgsqlParameter<List<T>> { TypedValue = _values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }
}
