using System.Text;
using Npgsql;
using NpgsqlTypes;
using Personalize.Store.Sql;

namespace Personalize.Store.Postgres;

/// <summary>Values on their way to PostgreSQL.</summary>
internal static class PostgresParameters
{
    public static NpgsqlParameter Of(SqlValue value) => value.Kind switch
    {
        SqlKind.Integer => new NpgsqlParameter<long> { TypedValue = value.Integer },
        SqlKind.Real => new NpgsqlParameter<double> { TypedValue = value.Real },
        SqlKind.Text or SqlKind.Utf8 => new NpgsqlParameter<string> { TypedValue = PostgresText.Storable(Text(value)) },
        SqlKind.Bytes => new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = value.Bytes, NpgsqlDbType = NpgsqlDbType.Bytea },
        SqlKind.List when value.List is long[] numbers => new NpgsqlParameter<long[]> { TypedValue = numbers },
        SqlKind.List => new NpgsqlParameter<string[]> { TypedValue = [.. ((string[])value.List!).Select(PostgresText.Storable)] },
        _ => new NpgsqlParameter { Value = DBNull.Value },
    };

    public static string Text(SqlValue value) => value.Kind == SqlKind.Utf8 ? Encoding.UTF8.GetString(value.Bytes.Span) : value.Text!;

    public static void Add(this NpgsqlParameterCollection parameters, ReadOnlySpan<SqlValue> values)
    {
        foreach (var value in values)
            parameters.Add(Of(value));
    }
}
