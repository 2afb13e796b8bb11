using System.Globalization;

namespace Personalize.Store.Sql.Checking;

/// <summary>The row of a version.</summary>
/// <param name="Rid">Its number.</param>
/// <param name="N">The number of its resource.</param>
/// <param name="Version">Its version.</param>
/// <param name="T">The commit that wrote it.</param>
/// <param name="Until">The commit that replaced it.</param>
/// <param name="Updated">When, in milliseconds since 1970.</param>
/// <param name="IsDeletion">True for a deletion.</param>
/// <param name="Flags">See <see cref="Tables"/>.</param>
/// <param name="Type">The type of the resource; null when the file does not know it.</param>
/// <param name="Id">The id of the resource; null when the file does not know it, or as another type's.</param>
/// <param name="Json">The bytes; null when there are none.</param>
internal sealed record StoredVersion(long Rid, long N, long Version, long T, long Until, long Updated, bool IsDeletion, long Flags, string? Type, string? Id, byte[]? Json)
{
    private const string Columns =
        "SELECT r.rid, r.n, r.version, r.t, r.until, r.updated, r.kind, r.flags, y.text, i.id, r.json FROM res r LEFT JOIN sym y ON y.id=r.type LEFT JOIN ids i ON i.n=r.n AND i.type=r.type";

    /// <summary>All versions in the order in which they were written.</summary>
    public const string All = Columns + " ORDER BY r.rid";

    /// <summary>One version.</summary>
    public const string One = Columns + " WHERE r.rid=?";

    public bool IsCurrent => Until == Tables.Open;

    /// <summary>How a finding names it.</summary>
    public string Place => $"{Type ?? "?"}/{Id ?? "?"} version {Version.ToString(CultureInfo.InvariantCulture)}";

    public static StoredVersion Of(Rows row) => new(
        row.Int64(0), row.Int64(1), row.Int64(2), row.Int64(3), row.Int64(4), row.Int64(5), row.Int64(6) == (long)ChangeKind.Delete, row.Int64(7),
        row.IsNull(8) ? null : row.Text(8), row.IsNull(9) ? null : row.Text(9), row.IsNull(10) ? null : Content(row));

    /// <summary>The bytes; none when they cannot be decompressed.</summary>
    private static byte[] Content(Rows row)
    {
        try
        {
            return row.Json(10);
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }
}
