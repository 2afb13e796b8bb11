namespace Personalize.Store.Sql;

/// <summary>The tables that are written row by row. Rows of index tables belong to a version (rid); a version is current while <c>until</c> is <see cref="Open"/>.</summary>
internal static class Tables
{
    /// <summary><c>until</c> of a current version.</summary>
    public const long Open = long.MaxValue;

    /// <summary>A commit behind all others: reading at it shows what is current, also what the writer has not committed yet.</summary>
    public const long Latest = long.MaxValue - 1;

    /// <summary><c>flags</c>: the engine wrote it.</summary>
    public const long ByEngine = 1;

    /// <summary><c>flags</c>: its index rows were taken away.</summary>
    public const long Unindexed = 2;

    /// <summary>So many bits behind a row's number tell the element, in rows of the parts of composites.</summary>
    public const int GroupBits = 20;

    /// <summary>What an index row bears in place of the row's number: for a part of a composite with the number of the element in which it was found.</summary>
    public static long RowOf(long rid, int group) => group == 0 ? rid : (rid << GroupBits) | (uint)Math.Min(group, (1 << GroupBits) - 1);

    /// <summary>Texts that repeat: types, systems, actors.</summary>
    public static readonly Table Sym = new("sym", false, ("id", Integer), ("text", Key));

    /// <summary>A number for every resource that is or that is referred to.</summary>
    public static readonly Table Ids = new("ids", true, ("n", Integer), ("id", Text), ("type", Integer));

    public static readonly Table Param = new("param", false, ("p", Integer), ("type", Text), ("code", Text), ("fingerprint", Text));

    /// <summary>Parameters that are being indexed: of the versions up to <c>bound</c> those up to <c>walked</c> are looked through.</summary>
    public static readonly Table Coming = new("coming", false, ("p", Integer), ("walked", Integer), ("bound", Integer), ("done", Integer), ("total", Integer));

    /// <summary>Parameters that are gone and have rows still.</summary>
    public static readonly Table Retired = new("retired", false, ("p", Integer), ("since", Integer));

    public static readonly Table Res = new("res", false, ("rid", Integer), ("n", Integer), ("type", Integer), ("version", Integer), ("t", Integer), ("until", Integer),
        ("updated", Integer), ("kind", Integer), ("actor", Integer), ("flags", Integer), ("json", Bytes));

    public static readonly Table Tok = new("tok", true, ("p", Integer), ("code", Key), ("rid", Integer), ("sys", Integer));
    public static readonly Table Str = new("str", true, ("p", Integer), ("norm", Text), ("rid", Integer), ("text", Text));
    public static readonly Table Dt = new("dt", true, ("p", Integer), ("lo", Integer), ("hi", Integer), ("rid", Integer));
    public static readonly Table Num = new("num", true, ("p", Integer), ("lo", Real), ("hi", Real), ("sys", Integer), ("code", Text), ("unit", Text), ("rid", Integer));
    public static readonly Table Ref = new("ref", true, ("p", Integer), ("target", Integer), ("rid", Integer));
    public static readonly Table Url = new("url", true, ("p", Integer), ("url", Key), ("rid", Integer), ("type", Integer));

    /// <summary>The charts of patients; p is the number of the code's parameter.</summary>
    public static readonly Table Chart = new("chart", true, ("p", Integer), ("patient", Integer), ("code", Key), ("lo", Integer), ("rid", Integer));

    /// <summary>The compartments of patients; kept for closed versions too, which history and feed ask for.</summary>
    public static readonly Table Pc = new("pc", true, ("patient", Integer), ("type", Integer), ("rid", Integer));

    /// <summary>The tables of index rows.</summary>
    public static readonly Table[] Index = [Tok, Str, Dt, Num, Ref, Url, Chart];

    private const ColumnKind Integer = ColumnKind.Integer;
    private const ColumnKind Real = ColumnKind.Real;
    private const ColumnKind Text = ColumnKind.Text;
    private const ColumnKind Key = ColumnKind.Key;
    private const ColumnKind Bytes = ColumnKind.Bytes;
}
