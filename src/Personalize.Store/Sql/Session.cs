namespace Personalize.Store.Sql;

/// <summary>A connection to a database. Used by one thread at a time; the rows of one query are read before the next is asked.</summary>
internal abstract class Session : IDisposable
{
    /// <summary>What this engine's SQL words otherwise.</summary>
    public abstract Dialect Dialect { get; }

    /// <summary>Asks a question, its values in the order of the question marks; dispose the answer when its rows are read.</summary>
    public abstract Rows Query(string sql, params ReadOnlySpan<SqlValue> values);

    /// <summary>Runs a statement to its end.</summary>
    public void Run(string sql, params ReadOnlySpan<SqlValue> values)
    {
        using var rows = Query(sql, values);
        while (rows.Step())
        {
        }
    }

    /// <summary>The first column of the first row as a number; null when there is no row, or NULL in it.</summary>
    public long? Number(string sql, params ReadOnlySpan<SqlValue> values)
    {
        using var rows = Query(sql, values);
        return rows.Step() && !rows.IsNull(0) ? rows.Int64(0) : null;
    }

    /// <summary>The first column of the first row as text; null when there is no row, or NULL in it.</summary>
    public string? Text(string sql, params ReadOnlySpan<SqlValue> values)
    {
        using var rows = Query(sql, values);
        return rows.Step() && !rows.IsNull(0) ? rows.Text(0) : null;
    }

    /// <summary>The first column of all rows.</summary>
    public long[] Column(string sql, params ReadOnlySpan<SqlValue> values)
    {
        var column = new List<long>();
        using var rows = Query(sql, values);
        while (rows.Step())
            column.Add(rows.Int64(0));
        return [.. column];
    }

    public abstract void Dispose();
}

/// <summary>The rows that a query finds, one after the other; columns are counted from 0.</summary>
internal abstract class Rows : IDisposable
{
    /// <summary>Goes to the next row; false when there is none.</summary>
    public abstract bool Step();

    public abstract bool IsNull(int column);

    public abstract long Int64(int column);

    public abstract string Text(int column);

    public abstract byte[] Bytes(int column);

    /// <summary>The content of a version, however it lies in the database.</summary>
    public virtual byte[] Json(int column) => Bytes(column);

    /// <summary>As <see cref="Json"/>; null for one that is damaged, of which the check of a store tells.</summary>
    public byte[]? SoundJson(int column)
    {
        try
        {
            return Json(column);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    public abstract SqlValue Value(int column);

    public abstract void Dispose();
}
