using Npgsql;
using Personalize.Store.Sql;

namespace Personalize.Store.Postgres;

/// <summary>The rows that a statement finds.</summary>
internal sealed class PostgresRows(NpgsqlCommand command, NpgsqlDataReader reader) : Rows
{
    public override bool Step() => reader.Read();

    public override bool IsNull(int column) => reader.IsDBNull(column);

    public override long Int64(int column) => reader.GetInt64(column);

    public override string Text(int column) => reader.GetString(column);

    public override byte[] Bytes(int column) => reader.GetFieldValue<byte[]>(column);

    public override SqlValue Value(int column) => reader.GetValue(column) switch
    {
        long number => number,
        int number => number,
        double number => number,
        string text => text,
        _ => default,
    };

    public override void Dispose()
    {
        reader.Dispose();
        command.Dispose();
    }
}
