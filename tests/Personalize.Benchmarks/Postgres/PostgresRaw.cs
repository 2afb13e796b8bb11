using Npgsql;
using NpgsqlTypes;
using Personalize.Benchmarks.Raw;

namespace Personalize.Benchmarks.Postgres;

/// <summary>The limit of what PostgreSQL can do with the raw rows: COPY in its binary form into tables with indexes that cover, and one prepared statement a question. For one thread at a time.</summary>
internal sealed class PostgresRaw : IRawQuestions, IDisposable
{
    private const int CommitSize = 1_000;
    private static readonly (string Name, string Columns, Func<RawRows, List<RawRow>> Rows)[] _tables =
    [
        ("ids", "k, rid", r => r.Ids), ("tok", "k, sys, rid", r => r.Tokens), ("dt", "p, lo, rid, hi", r => r.Dates),
        ("num", "p, value, unit, rid", r => r.Numbers), ("pc", "patient, code, nd, rid", r => r.Compartments),
    ];

    private readonly NpgsqlConnection _connection;
    private readonly RawCatalog _catalog;
    private readonly Dictionary<string, NpgsqlCommand> _prepared = [];

    public PostgresRaw(string connectionString, RawCatalog catalog)
    {
        (_connection, _catalog) = (new(connectionString), catalog);
        _connection.Open();
        Run("CREATE TABLE res(rid BIGINT PRIMARY KEY, type BIGINT NOT NULL, version BIGINT NOT NULL, updated BIGINT NOT NULL, id TEXT NOT NULL, json BYTEA NOT NULL)");
        foreach (var (name, columns, _) in _tables)
            Run($"CREATE TABLE {name}({columns.Replace(",", " BIGINT NOT NULL,", StringComparison.Ordinal)} BIGINT NOT NULL); CREATE INDEX ON {name}({columns})");
        Run("CREATE TABLE str(p BIGINT NOT NULL, rid BIGINT NOT NULL, norm BYTEA NOT NULL); CREATE INDEX ON str(p, norm, rid)");
    }

    public (long Low, long Rid) End { get; private set; }

    /// <summary>Copies rows; <see cref="CommitSize"/> resources with all their index rows a transaction.</summary>
    public void Write(IEnumerable<RawRows> commits)
    {
        foreach (var rows in commits)
        {
            using var transaction = _connection.BeginTransaction();
            Copy("res", rows.Resources, (to, r) => Row(to, [r.Rid, r.Type, 1, r.Rid], () => to.Write(r.Id, NpgsqlDbType.Text), () => to.Write(r.Json, NpgsqlDbType.Bytea)));
            foreach (var (name, columns, list) in _tables)
            {
                var count = columns.Count(c => c == ',') + 1;
                Copy(name, list(rows), (to, r) => Row(to, ((ReadOnlySpan<long>)[r.A, r.B, r.C, r.D])[..count]));
            }
            Copy("str", rows.Texts, (to, t) => Row(to, [t.Parameter, t.Rid], () => to.Write(t.Norm, NpgsqlDbType.Bytea)));
            transaction.Commit();
        }
    }

    public int ById(string type, string id) => All("SELECT r.json FROM ids i JOIN res r ON r.rid=i.rid WHERE i.k=$1", RawCatalog.KeyOf(type, id));

    public int ByCodeOfPatient(string patient, string code) => All("SELECT r.json FROM pc JOIN res r ON r.rid=pc.rid WHERE pc.patient=$1 AND pc.code=$2 ORDER BY pc.nd LIMIT 20",
        _catalog.TargetOf("Patient", patient), RawCatalog.Hash("Observation") ^ RawCatalog.Hash(code));

    public long Count(string type, string system, string code)
    {
        using var row = Ask("SELECT count(*) FROM tok WHERE k=$1 AND sys=$2", _catalog.Token(type, code), RawCatalog.Hash(system));
        row.Read();
        return row.GetInt64(0);
    }

    public int ByName(string prefix) => All("SELECT r.json FROM str s JOIN res r ON r.rid=s.rid WHERE s.p=$1 AND s.norm>=$2 AND s.norm<$3 LIMIT 20",
        Prefix(prefix));

    public int ByCode(string type, string system, string code) => All("SELECT r.json FROM tok t JOIN res r ON r.rid=t.rid WHERE t.k=$1 AND t.sys=$2 ORDER BY t.rid LIMIT 20",
        _catalog.Token(type, code), RawCatalog.Hash(system));

    public int ByChain(string prefix) => All("SELECT r.json FROM str s JOIN tok t ON t.k=$4+s.rid JOIN res r ON r.rid=t.rid WHERE s.p=$1 AND s.norm>=$2 AND s.norm<$3 LIMIT 20",
        [.. Prefix(prefix), _catalog.NumberOf("Observation", "subject") << 48]);

    public int ByDate(long from, (long Low, long Rid) before, int most)
    {
        using var rows = Ask("SELECT r.json, d.rid, d.lo FROM dt d JOIN res r ON r.rid=d.rid WHERE d.p=$1 AND d.lo>=$2 AND (d.lo, d.rid)<($3, $4) ORDER BY d.lo DESC, d.rid DESC LIMIT $5",
            _catalog.NumberOf("Observation", "date"), from, before.Low, before.Rid, (long)most);
        var count = 0;
        for (; rows.Read(); count++)
            End = rows.GetFieldValue<byte[]>(0).Length > 0 ? (rows.GetInt64(2), rows.GetInt64(1)) : End;
        return count;
    }

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
            command.Dispose();
        _connection.Dispose();
    }

    private object[] Prefix(string prefix) => [_catalog.NumberOf("Patient", "name"), RawCatalog.Prefix(prefix).Low, RawCatalog.Prefix(prefix).High];

    private int All(string sql, params object[] values)
    {
        using var rows = Ask(sql, values);
        var count = 0;
        while (rows.Read())
            count += rows.GetFieldValue<byte[]>(0).Length > 0 ? 1 : 0;
        return count;
    }

    private NpgsqlDataReader Ask(string sql, params object[] values)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = _prepared[sql] = new(sql, _connection);
            foreach (var value in values)
                command.Parameters.Add(new() { Value = value });
            command.Prepare();
        }
        for (var at = 0; at < values.Length; at++)
            command.Parameters[at].Value = values[at];
        return command.ExecuteReader();
    }

    private void Copy<T>(string table, List<T> rows, Action<NpgsqlBinaryImporter, T> write)
    {
        using var to = _connection.BeginBinaryImport(table == "str" ? "COPY str(p, rid, norm) FROM STDIN (FORMAT BINARY)" : $"COPY {table} FROM STDIN (FORMAT BINARY)");
        foreach (var row in rows)
            write(to, row);
        to.Complete();
    }

    private static void Row(NpgsqlBinaryImporter to, ReadOnlySpan<long> numbers, params ReadOnlySpan<Action> more)
    {
        to.StartRow();
        foreach (var number in numbers)
            to.Write(number, NpgsqlDbType.Bigint);
        foreach (var action in more)
            action();
    }

    private void Run(string sql)
    {
        using var command = new NpgsqlCommand(sql, _connection);
        command.ExecuteNonQuery();
    }
}
