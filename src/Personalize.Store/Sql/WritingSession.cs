using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Store.Sql;

/// <summary>The connection that writes. An engine far away may keep rows back and send them together, at the latest with the commit: what is to be read again is flushed first.</summary>
internal abstract class WritingSession : Session
{
    /// <summary>True when other processes write to the same database between two transactions.</summary>
    public abstract bool IsShared { get; }

    /// <summary>How many index rows wait to be written; none where they are written with their version.</summary>
    public virtual int Waiting => 0;

    /// <summary>The version up to which all index rows are in the database; null where they are written with their version.</summary>
    public virtual long? Merged => null;

    /// <summary>Begins a transaction; until its end nobody else writes.</summary>
    public abstract void Begin();

    /// <summary>Begins a transaction of what is done beside the writes.</summary>
    public virtual void BeginUpkeep() => Begin();

    /// <summary>The transaction that runs may be lost when the machine fails: what it does is then done again.</summary>
    public virtual void MayBeLost()
    {
    }

    /// <summary>True when no other process has the database open; none then takes it as it is before <see cref="Join"/>. Inside a transaction.</summary>
    public virtual bool IsAlone() => true;

    /// <summary>From now on others see that this process has the database open. Inside a transaction.</summary>
    public virtual void Join()
    {
    }

    /// <summary>True when this process, and no other, is to index search parameters that came; between transactions.</summary>
    public virtual bool TakeIndexing() => true;

    /// <summary>Lets another process do that; between transactions.</summary>
    public virtual void LeaveIndexing()
    {
    }

    /// <summary>Tells other processes, once the transaction is committed, that the search parameters are others.</summary>
    /// <param name="catalog">The number of the catalog.</param>
    public virtual void Tell(long catalog)
    {
    }

    /// <summary>Makes the transaction durable.</summary>
    /// <param name="t">The number of its last commit, for those who wait for news; null when there is none.</param>
    public abstract void Commit(long? t);

    /// <summary>Takes the transaction back; nothing to do when there is none.</summary>
    public abstract void Undo();

    /// <summary>Makes a content smaller, as the engine keeps it; empty when it keeps it as it is. Safe for concurrent use, also beside the writer.</summary>
    public virtual ReadOnlyMemory<byte> Pack(UnversionedContent json) => default;

    /// <summary>The content of a version as the engine keeps it; lasts until the next one.</summary>
    /// <param name="draft">The content.</param>
    /// <param name="version">Its version.</param>
    /// <param name="updated">When it was written.</param>
    public virtual ReadOnlyMemory<byte> Kept(Draft draft, long version, DateTimeOffset updated) => draft.Json.With(Faults.Version(version), updated);

    /// <summary>Writes a row.</summary>
    public abstract void Insert(Table table, params ReadOnlySpan<SqlValue> row);

    /// <summary>Writes a row at once, if none of its key is there; false when there is one. Not where rows are kept back.</summary>
    public virtual bool TryInsert(Table table, params ReadOnlySpan<SqlValue> row) => throw new NotSupportedException();

    /// <summary>Writes an index row that must not wait.</summary>
    public virtual void InsertNow(Table table, params ReadOnlySpan<SqlValue> row) => Insert(table, row);

    /// <summary>Takes the rows away that are equal to this one.</summary>
    public abstract void Delete(Table table, params ReadOnlySpan<SqlValue> row);

    /// <summary>Runs a statement whose answer nobody waits for, behind all rows.</summary>
    public abstract void Change(string sql, params ReadOnlySpan<SqlValue> values);

    /// <summary>Sends what was kept back.</summary>
    public abstract void Flush();

    /// <summary>Writes the index rows that wait, all of them; before a mark, not behind it.</summary>
    /// <param name="last">The last version: of those up to it all index rows were given.</param>
    public virtual void Settle(long last)
    {
    }

    /// <summary>Writes some of the index rows that wait, or all, in a transaction of its own; false when none wait.</summary>
    public virtual bool MergeSome(bool all) => false;

    /// <summary>A place in the transaction to which it can go back; the one before is forgotten.</summary>
    /// <param name="reads">True when what is written behind it may be flushed before its end.</param>
    public abstract void Mark(bool reads);

    /// <summary>What was written behind the mark is undone.</summary>
    public abstract void BackToMark();

    /// <summary>What to tell those who wait, when the engine could not be reached or broke off; null for any other fault.</summary>
    public abstract Failure? Unreachable(Exception fault);
}
