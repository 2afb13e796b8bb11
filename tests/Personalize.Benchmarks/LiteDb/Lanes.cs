using LiteDB;
using Personalize.Benchmarks.Raw;

namespace Personalize.Benchmarks.LiteDb;

/// <summary>A resource as both databases keep it: under its id, found by patient, by code, and by date.</summary>
internal sealed record Row(string Id, string Patient, string Code, long Date, byte[] Json);

/// <summary>One of the two databases.</summary>
internal interface ILane : IDisposable
{
    /// <summary>Writes rows in one commit.</summary>
    void Write(IReadOnlyCollection<Row> rows);

    /// <summary>The latest 20 of a patient with a code; the number found.</summary>
    int Find(string patient, string code);

    /// <summary>Whether a row is there, whole.</summary>
    bool Has(string id, int length);
}

/// <summary>SQLite: one table, WAL, synchronous=FULL.</summary>
internal sealed class SqliteLane : ILane
{
    private readonly RawDatabase _database;
    private readonly RawStatement _insert, _find, _has;

    public SqliteLane(string folder)
    {
        _database = new(Path.Combine(folder, "sqlite.db"));
        _database.Run("CREATE TABLE IF NOT EXISTS row(date INTEGER, id BLOB PRIMARY KEY, patient BLOB, code BLOB, json BLOB) WITHOUT ROWID; CREATE INDEX IF NOT EXISTS row_patient ON row(patient, code, date)");
        _insert = _database.Prepare("INSERT INTO row VALUES(?,?,?,?,?)");
        _find = _database.Prepare("SELECT json FROM row WHERE patient=? AND code=? ORDER BY date DESC LIMIT 20");
        _has = _database.Prepare("SELECT length(json) FROM row WHERE id=?");
    }

    public void Write(IReadOnlyCollection<Row> rows)
    {
        _database.Run("BEGIN IMMEDIATE");
        foreach (var row in rows)
            _insert.With(row.Date).And(2, Bytes(row.Id)).And(3, Bytes(row.Patient)).And(4, Bytes(row.Code)).And(5, row.Json).Run();
        _database.Run("COMMIT");
    }

    public int Find(string patient, string code)
    {
        var count = 0;
        for (_find.With().And(1, Bytes(patient)).And(2, Bytes(code)); _find.Step(); count++)
            _ = _find.Bytes(0).ToArray();
        return count;
    }

    public bool Has(string id, int length) => _has.With().And(1, Bytes(id)).Number() == length;

    public void Dispose() => _database.Dispose();

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}

/// <summary>LiteDB: one collection with the same indexes as far as it has them; an index of two fields is one of an expression.</summary>
internal sealed class LiteDbLane : ILane
{
    private readonly LiteDatabase _database;
    private readonly ILiteCollection<BsonDocument> _rows;

    public LiteDbLane(string folder)
    {
        _database = new(Path.Combine(folder, "lite.db"));
        _rows = _database.GetCollection("row");
        _rows.EnsureIndex("by", "$.key");
    }

    public void Write(IReadOnlyCollection<Row> rows)
    {
        _database.BeginTrans();
        foreach (var row in rows)
            _rows.Insert(new BsonDocument { ["_id"] = row.Id, ["key"] = row.Patient + "|" + row.Code, ["date"] = row.Date, ["json"] = row.Json });
        _database.Commit();
    }

    public int Find(string patient, string code) => _rows.Find(Query.EQ("$.key", patient + "|" + code)).OrderByDescending(d => d["date"].AsInt64).Take(20).Count(d => d["json"].AsBinary.Length > 0);

    public bool Has(string id, int length) => _rows.FindById(id)?["json"].AsBinary.Length == length;

    public void Dispose() => _database.Dispose();
}
