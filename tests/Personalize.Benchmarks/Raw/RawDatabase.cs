namespace Personalize.Benchmarks.Raw;

/// <summary>A connection to SQLite with as little as possible around it; every fault is an exception. For one thread at a time.</summary>
internal sealed class RawDatabase : IDisposable
{
    private readonly nint _handle;
    private readonly List<RawStatement> _statements = [];

    /// <summary>Opens or makes a file as the store does: WAL, synchronous=FULL.</summary>
    public RawDatabase(string file)
    {
        Check(Native.Open(file, out _handle));
        Run("PRAGMA busy_timeout=10000; PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=4000");
    }

    /// <summary>Statements separated by semicolons, once.</summary>
    public void Run(string sql)
    {
        foreach (var one in sql.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            using var statement = new RawStatement(_handle, one);
            while (statement.Step())
            {
            }
        }
    }

    /// <summary>A statement that stays until the connection is closed.</summary>
    public RawStatement Prepare(string sql)
    {
        var statement = new RawStatement(_handle, sql);
        _statements.Add(statement);
        return statement;
    }

    public void Dispose()
    {
        _statements.ForEach(s => s.Dispose());
        Check(Native.Close(_handle));
    }

    internal static void Check(int code)
    {
        if (code != 0)
            throw new InvalidOperationException($"SQLite: code {code}.");
    }
}

/// <summary>A prepared statement.</summary>
internal sealed class RawStatement : IDisposable
{
    private const int Row = 100;
    private const int Done = 101;
    private readonly nint _handle;

    public RawStatement(nint database, string sql) => RawDatabase.Check(Native.Prepare(database, sql, -1, out _handle, 0));

    /// <summary>Goes to the next row; false at the end.</summary>
    public bool Step() => Native.Step(_handle) switch { Row => true, Done => false, var code => throw new InvalidOperationException($"SQLite: code {code}.") };

    /// <summary>Starts anew with whole numbers as its values.</summary>
    public RawStatement With(params ReadOnlySpan<long> values)
    {
        RawDatabase.Check(Native.Reset(_handle));
        for (var at = 0; at < values.Length; at++)
            RawDatabase.Check(Native.BindInteger(_handle, at + 1, values[at]));
        return this;
    }

    /// <summary>Sets one value to bytes.</summary>
    public unsafe RawStatement And(int at, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* pinned = bytes)
            RawDatabase.Check(Native.BindBlob(_handle, at, pinned, bytes.Length, -1));
        return this;
    }

    /// <summary>Runs it to its end.</summary>
    public void Run()
    {
        while (Step())
        {
        }
        RawDatabase.Check(Native.Reset(_handle));
    }

    /// <summary>The first column of the first row; null when there is none.</summary>
    public long? Number()
    {
        long? number = Step() ? Integer(0) : null;
        RawDatabase.Check(Native.Reset(_handle));
        return number;
    }

    public long Integer(int column) => Native.Integer(_handle, column);

    /// <summary>The bytes of a column, until the next step.</summary>
    public unsafe ReadOnlySpan<byte> Bytes(int column) => new((void*)Native.Blob(_handle, column), Native.Length(_handle, column));

    public void Dispose() => RawDatabase.Check(Native.Finish(_handle));
}
