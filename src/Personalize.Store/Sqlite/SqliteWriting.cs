using System.Globalization;
using Microsoft.Data.Sqlite;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Store.Sql;

namespace Personalize.Store.Sqlite;

/// <summary>The one connection that writes to the file. Versions are compressed and written at once; their index rows wait (see <see cref="DeferredIndex"/>).</summary>
/// <param name="session">Its connection.</param>
/// <param name="mostRows">So many index rows are written in one order.</param>
internal sealed class SqliteWriting(SqliteSession session, int mostRows) : WritingSession
{
    private const int ReadOnly = 8; // SQLITE_READONLY
    private const int InputOutput = 10; // SQLITE_IOERR
    private const int Full = 13; // SQLITE_FULL
    private const int CannotOpen = 14; // SQLITE_CANTOPEN

    private readonly DeferredIndex _index = new(session, mostRows);
    private BlobPacker? _packer;
    private byte[] _kept = [];
    private int _dictionaries = -1;
    private Task<byte[]>? _training;
    private bool _isMarked;
    private bool _isDurable = true;

    public override Dialect Dialect => session.Dialect;

    public override bool IsShared => false;

    public override int Waiting => _index.Waiting;

    public override long? Merged => session.Number("SELECT rid FROM merged");

    public override Rows Query(string sql, params ReadOnlySpan<SqlValue> values) => session.Query(sql, values);

    public override void Begin()
    {
        if (_training is { IsCompleted: true } ready)
        {
            _training = null;
            Keep(ready.GetAwaiter().GetResult());
        }
        else if (_training is null && _index.Rid >= NextTraining)
            Train();
        Begin(true);
    }

    // It may be lost with this process alone: then it is done again.
    public override void BeginUpkeep() => Begin(false);

    public override void Commit(long? t)
    {
        Unmark();
        _index.WriteSlice();
        session.Run("COMMIT");
        _index.Commit();
        _index.Close(false);
    }

    public override void Undo()
    {
        _isMarked = false;
        _index.Undo();
        if (!session.InAutocommit)
            session.Run("ROLLBACK");
    }

    public override void Insert(Table table, params ReadOnlySpan<SqlValue> row)
    {
        if (Array.IndexOf(Tables.Index, table) is >= 0 and var number)
            _index.Add(number, row);
        else
            session.Insert(table, row);
        if (table == Tables.Res)
            _index.Rid = row[0].Integer;
    }

    public override ReadOnlyMemory<byte> Pack(UnversionedContent json) => Volatile.Read(ref _packer)?.Pack(json) ?? default;

    public override ReadOnlyMemory<byte> Kept(Draft draft, long version, DateTimeOffset updated)
    {
        // A draft may be older than the first dictionary.
        var packed = draft.Packed.IsEmpty ? Pack(draft.Json) : draft.Packed;
        if (packed.IsEmpty)
            return base.Kept(draft, version, updated);
        if (_kept.Length < packed.Length + BlobHead.Longest)
            _kept = new byte[2 * (packed.Length + BlobHead.Longest)];
        return _kept.AsMemory(0, BlobPacker.Complete(packed.Span, version, updated.ToUnixTimeMilliseconds(), _kept));
    }

    /// <summary>Takes the newest dictionary out of the file.</summary>
    public void LoadDictionary()
    {
        using var newest = session.Query("SELECT number, bytes FROM dictionary ORDER BY number DESC LIMIT 1");
        _dictionaries = newest.Step() ? (int)newest.Int64(0) : 0;
        var next = _dictionaries > 0 && newest.Bytes(1) is { Length: > 0 } dictionary ? new BlobPacker((byte)_dictionaries, dictionary) : null;
        Interlocked.Exchange(ref _packer, next)?.Dispose();
    }

    public override bool TryInsert(Table table, params ReadOnlySpan<SqlValue> row) => session.Insert(table, row) > 0;

    public override void InsertNow(Table table, params ReadOnlySpan<SqlValue> row) => session.Insert(table, row);

    public override void Delete(Table table, params ReadOnlySpan<SqlValue> row) => session.Run(table.Delete, row);

    public override void Change(string sql, params ReadOnlySpan<SqlValue> values) => session.Run(sql, values);

    public override void Flush()
    {
        // What is read again by number or id was not kept back.
    }

    public override void Settle(long last)
    {
        Unmark();
        _index.Settle(last);
    }

    public override bool MergeSome(bool all)
    {
        _index.Close(true);
        if (_index.Waiting == 0)
            return false;
        // It may be lost: then it is done again.
        Begin(false);
        _index.WriteAlone(all);
        session.Run("COMMIT");
        _index.Commit();
        return true;
    }

    public override void Mark(bool reads)
    {
        Unmark();
        session.Run("SAVEPOINT one");
        _isMarked = true;
        _index.Mark();
    }

    public override void BackToMark()
    {
        session.Run("ROLLBACK TO one");
        _index.BackToMark();
    }

    // What SQLite could not write it has taken back: nothing of the commit is there.
    public override Failure? Unreachable(Exception fault) => (fault as SqliteException)?.SqliteErrorCode switch
    {
        Full => new Failure.Full("The disk is full: nothing was written."),
        InputOutput or ReadOnly or CannotOpen => new Failure.Unavailable("The store's file cannot be written now: nothing was written."),
        _ => null,
    };

    /// <summary>Lets the file grow to so many pages at most; beyond that writes fail as on a full disk.</summary>
    public void Limit(long pages) => session.Run($"PRAGMA max_page_count={pages.ToString(CultureInfo.InvariantCulture)}");

    public override void Dispose()
    {
        _packer?.Dispose();
        session.Dispose();
    }

    /// <summary>Lets the mark go: behind it SQLite keeps the pages before each statement in a list, which many statements make long and slow.</summary>
    private void Unmark()
    {
        if (_isMarked)
            session.Run("RELEASE one");
        _isMarked = false;
    }

    private void Begin(bool isDurable)
    {
        if (isDurable != _isDurable)
            session.Run(isDurable ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
        _isDurable = isDurable;
        session.Run("BEGIN IMMEDIATE");
        _index.Begin();
    }

    /// <summary>The version after which a dictionary is due; the program's own content comes first and tells little of what follows, so there is another one after ten times as many.</summary>
    private long NextTraining => _dictionaries is >= 0 and < Blobs.MostDictionaries ? Blobs.Samples * (long)Math.Pow(10, _dictionaries) : long.MaxValue;

    /// <summary>The first dictionary is waited for, since a load would go on without any; later ones are made beside the writer.</summary>
    private void Train()
    {
        var samples = new List<byte[]>(Blobs.Samples);
        var rids = Enumerable.Range(1, Blobs.Samples).Select(at => at * _index.Rid / Blobs.Samples).ToArray();
        using (var rows = session.Query($"SELECT json FROM res WHERE kind<>2 AND rid {Dialect.AnyOf}", rids))
            while (rows.Step())
                if (rows.SoundJson(0) is { } json)
                    samples.Add(json);
        if (_dictionaries == 0)
            Keep(Blobs.Train(samples));
        else
            _training = Task.Run(() => Blobs.Train(samples));
    }

    private void Keep(byte[] dictionary)
    {
        session.Run("INSERT INTO dictionary(number, bytes) VALUES(?,?)", _dictionaries + 1, (ReadOnlyMemory<byte>)dictionary);
        LoadDictionary();
    }
}
