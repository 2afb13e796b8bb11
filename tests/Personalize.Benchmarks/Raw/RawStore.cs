using System.Runtime.InteropServices;

namespace Personalize.Benchmarks.Raw;

/// <summary>The limit of what SQLite can do with these rows: a row a resource at once, compressed, and index rows of whole numbers merged later in the order of their tables. Writes; for one thread at a time.</summary>
internal sealed class RawStore : IDisposable
{
    private const int CommitSize = 1_000;
    private readonly RawDatabase _database;
    private readonly RawBlobs _blobs;
    private readonly RawStatement _resource;
    private readonly RawStatement _text;
    private readonly (RawStatement Insert, int Columns, Func<RawRows, List<RawRow>> Rows)[] _tables;

    public RawStore(string file, byte[] dictionary)
    {
        (_database, _blobs) = (new(file), new(dictionary));
        _database.Run("""
            CREATE TABLE IF NOT EXISTS res(rid INTEGER PRIMARY KEY, type INTEGER NOT NULL, version INTEGER NOT NULL, updated INTEGER NOT NULL, id BLOB NOT NULL, json BLOB NOT NULL);
            CREATE TABLE IF NOT EXISTS ids(k INTEGER, rid INTEGER, PRIMARY KEY(k, rid)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS tok(k INTEGER, sys INTEGER, rid INTEGER, PRIMARY KEY(k, sys, rid)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS dt(p INTEGER, lo INTEGER, rid INTEGER, hi INTEGER, PRIMARY KEY(p, lo, rid, hi)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS num(p INTEGER, value INTEGER, unit INTEGER, rid INTEGER, PRIMARY KEY(p, value, unit, rid)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS pc(patient INTEGER, code INTEGER, nd INTEGER, rid INTEGER, PRIMARY KEY(patient, code, nd, rid)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS str(p INTEGER, rid INTEGER, norm BLOB, PRIMARY KEY(p, norm, rid)) WITHOUT ROWID
            """);
        _resource = _database.Prepare("INSERT INTO res VALUES(?,?,?,?,?,?)");
        _text = _database.Prepare("INSERT OR IGNORE INTO str VALUES(?,?,?)");
        _tables = [Table("ids", 2, r => r.Ids), Table("tok", 3, r => r.Tokens), Table("dt", 4, r => r.Dates), Table("num", 4, r => r.Numbers), Table("pc", 4, r => r.Compartments)];
    }

    /// <summary>Writes resources in commits of 1,000, then merges their index rows in one.</summary>
    public void Write(RawRows rows)
    {
        foreach (var commit in rows.Resources.Chunk(CommitSize))
            InOne(() => Write(commit));
        Sort(rows);
        InOne(() => Merge(rows));
    }

    /// <summary>All of it in one transaction, nothing deferred: what a commit a request does.</summary>
    public void WriteAtOnce(RawRows rows) => InOne(() =>
    {
        Write(rows.Resources);
        Merge(rows);
    });

    /// <summary>Runs work in a transaction that is durable afterwards.</summary>
    public void InOne(Action work)
    {
        _database.Run("BEGIN IMMEDIATE");
        work();
        _database.Run("COMMIT");
    }

    /// <summary>Appends rows of resources, in the caller's transaction.</summary>
    public void Write(IEnumerable<RawResource> resources)
    {
        Span<byte> id = stackalloc byte[64];
        foreach (var resource in resources)
        {
            var length = System.Text.Encoding.ASCII.GetBytes(resource.Id, id);
            _resource.With(resource.Rid, resource.Type, 1, resource.Rid).And(5, id[..length]).And(6, _blobs.Compress(resource.Json)).Run();
        }
    }

    /// <summary>Brings the rows into the order of their tables.</summary>
    public static void Sort(RawRows rows)
    {
        foreach (var list in new[] { rows.Ids, rows.Tokens, rows.Dates, rows.Numbers, rows.Compartments })
            CollectionsMarshal.AsSpan(list).Sort();
        rows.Texts.Sort();
    }

    /// <summary>Inserts the index rows, in the caller's transaction.</summary>
    public void Merge(RawRows rows)
    {
        for (var at = 0; at < TableCount; at++)
            Merge(rows, at, 0, int.MaxValue);
    }

    /// <summary>Every index table, that of texts the last.</summary>
    public int TableCount => _tables.Length + 1;

    /// <summary>Inserts some of the rows of one table, in the caller's transaction; says how many.</summary>
    public int Merge(RawRows rows, int table, int from, int most)
    {
        if (table == _tables.Length)
            return MergeTexts(rows.Texts.Skip(from).Take(most));
        var (insert, columns, list) = _tables[table];
        var some = CollectionsMarshal.AsSpan(list(rows))[from..];
        some = some[..Math.Min(most, some.Length)];
        foreach (ref readonly var row in some)
            insert.With(((ReadOnlySpan<long>)[row.A, row.B, row.C, row.D])[..columns]).Run();
        return some.Length;
    }

    /// <summary>Brings everything from the log into the file.</summary>
    public void Checkpoint() => _database.Run("PRAGMA wal_checkpoint(TRUNCATE)");

    public void Dispose()
    {
        _database.Dispose();
        _blobs.Dispose();
    }

    private int MergeTexts(IEnumerable<RawText> texts)
    {
        var count = 0;
        foreach (var text in texts)
        {
            _text.With(text.Parameter, text.Rid).And(3, text.Norm).Run();
            count++;
        }
        return count;
    }

    private (RawStatement, int, Func<RawRows, List<RawRow>>) Table(string name, int columns, Func<RawRows, List<RawRow>> rows) =>
        (_database.Prepare($"INSERT OR IGNORE INTO {name} VALUES({string.Join(',', Enumerable.Repeat('?', columns))})"), columns, rows);
}
