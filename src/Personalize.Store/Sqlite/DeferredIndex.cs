using Personalize.Store.Sql;

namespace Personalize.Store.Sqlite;

/// <summary>The index rows that are not in the file yet. They wait in memory, at first in the order in which they come, then, as a run that is closed, in the order of their tables, of which every transaction writes a slice.
/// Up to which version all rows are in the file stands in the file itself, written with the last of them: what was in memory when a process ended is taken out of the versions behind it again. A row is written once whatever happens, since each is its own key.</summary>
/// <param name="session">The connection that writes.</param>
/// <param name="mostRows">A run is closed when it has so many rows.</param>
internal sealed class DeferredIndex(SqliteSession session, int mostRows)
{
    /// <summary>A commit writes as many waiting rows as it brings, and so many more: so no run grows, and nobody waits long.</summary>
    private const int Slice = 2_000;

    /// <summary>A transaction that writes nothing else writes so many.</summary>
    private const int IdleSlice = 20_000;

    /// <summary>A run is closed also when its rows, which may bear long texts, take so many bytes.</summary>
    private const int MostBytes = 64 << 20;

    private readonly SqlValue[] _rows = new SqlValue[Tables.Index.Max(table => table.Columns.Count) * Table.Many];
    private PackedRows _young = new();
    private Run? _closed;

    // The transaction that runs: how many young rows and which version there were when it began and at the mark, and how many of the young rows it wrote.
    private (int Count, long Rid) _begun, _marked;
    private int _written;

    /// <summary>A run that gets no more rows: those up to <paramref name="Last"/>, which is the last version.</summary>
    private sealed record Run(PackedRows Rows, Task<PackedRows.Place[]> Sorting, long Last)
    {
        /// <summary>How many are in the file for good.</summary>
        public int Kept { get; set; }

        /// <summary>How many are written, also by the transaction that runs.</summary>
        public int Written { get; set; }
    }

    /// <summary>The last version whose rows were given.</summary>
    public long Rid { get; set; }

    /// <summary>How many rows wait.</summary>
    public int Waiting => _young.Count - _written + (_closed is { } run ? run.Rows.Count - run.Written : 0);

    private bool IsFull => _young.Count >= mostRows || _young.Size >= MostBytes;

    /// <summary>Keeps a row back; of one of <see cref="Tables.Index"/>.</summary>
    public void Add(int table, ReadOnlySpan<SqlValue> row) => _young.Add(table, row);

    /// <summary>A transaction begins; to this state the next <see cref="Undo"/> goes back.</summary>
    public void Begin() => _begun = _marked = (_young.Count, Rid);

    /// <summary>A place to which it can go back.</summary>
    public void Mark() => _marked = (_young.Count, Rid);

    /// <summary>What came behind the mark is forgotten.</summary>
    public void BackToMark()
    {
        _young.CutTo(_marked.Count);
        Rid = _marked.Rid;
    }

    /// <summary>Writes all that waits, in the transaction that runs; the mark must be set behind it.</summary>
    /// <param name="last">The last version: of those up to it all rows were given.</param>
    public void Settle(long last)
    {
        if (Waiting == 0)
            return;
        if (_closed is { } run)
            Write(run, run.Rows.Count);
        Write(_young, _young.Sorted(_written));
        _written = _young.Count;
        Note(last);
    }

    /// <summary>Writes a slice of the closed run, in the transaction that runs, before it is committed.</summary>
    public void WriteSlice()
    {
        // What was settled in this transaction is behind the mark already.
        if (_closed is not { } run || run.Written == run.Rows.Count || (!run.Sorting.IsCompleted && !IsFull))
            return;
        var slice = IsFull ? run.Rows.Count : _young.Count - _begun.Count + Slice;
        Write(run, Math.Min(run.Rows.Count, run.Written + slice));
    }

    /// <summary>What a transaction of its own writes when there is nothing else to do: a slice, or all.</summary>
    public void WriteAlone(bool all)
    {
        if (all || (_closed is null && _young.Count <= IdleSlice))
            Settle(Rid);
        else if (_closed is { } run)
            Write(run, Math.Min(run.Rows.Count, run.Written + IdleSlice));
    }

    /// <summary>Closes the young run when it has enough rows, or when nothing else is to do; between transactions.</summary>
    public void Close(bool isIdle)
    {
        if (_closed is not null || (isIdle ? _young.Count < IdleSlice : !IsFull))
            return;
        var rows = _young;
        _closed = new(rows, Task.Run(() => rows.Sorted()), Rid);
        _young = new();
        Begin();
    }

    /// <summary>The transaction is durable.</summary>
    public void Commit()
    {
        _young.RemoveFirst(_written);
        _written = 0;
        Begin();
        if (_closed is not { } run)
            return;
        run.Kept = run.Written;
        if (run.Kept == run.Rows.Count)
            _closed = null;
    }

    /// <summary>The transaction is undone: what it brought is forgotten, what it wrote waits again.</summary>
    public void Undo()
    {
        _young.CutTo(_begun.Count);
        (Rid, _written) = (_begun.Rid, 0);
        if (_closed is { } run)
            run.Written = run.Kept;
    }

    private void Write(Run run, int until)
    {
        var sorted = run.Sorting.GetAwaiter().GetResult();
        Write(run.Rows, sorted.AsSpan(run.Written..until));
        run.Written = until;
        if (until == run.Rows.Count)
            Note(run.Last);
    }

    private void Write(PackedRows rows, ReadOnlySpan<PackedRows.Place> places)
    {
        for (int at = 0, count; at < places.Length; at += count)
        {
            var table = Tables.Index[places[at].Table];
            // One statement for many rows of a table costs a third less.
            count = at + Table.Many <= places.Length && places[at + Table.Many - 1].Table == places[at].Table ? Table.Many : 1;
            for (var one = 0; one < count; one++)
                rows.Read(places[at + one], table, _rows.AsSpan(one * table.Columns.Count));
            session.Insert(table, _rows.AsSpan(0, count * table.Columns.Count));
        }
    }

    private void Note(long rid) => session.Run("UPDATE merged SET rid=?", rid);
}
