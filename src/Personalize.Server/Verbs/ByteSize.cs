using System.Globalization;

namespace Personalize.Server.Verbs;

/// <summary>A number of bytes as people write it: <c>33554432</c>, <c>32MB</c>, <c>512 KB</c>, <c>1GB</c> (powers of 1024).</summary>
public static class ByteSize
{
    private static readonly (string Unit, long Factor)[] _units = [("GB", 1L << 30), ("MB", 1L << 20), ("KB", 1L << 10), ("B", 1)];

    /// <summary>Reads a size; false when the text is none, or nothing, or more than the most: 2 GB unless told, since a body is held in one piece.</summary>
    public static bool TryParse(string? text, out long bytes, long most = int.MaxValue)
    {
        var trimmed = (text ?? "").Trim().ToUpperInvariant();
        var (unit, factor) = _units.FirstOrDefault(u => trimmed.EndsWith(u.Unit, StringComparison.Ordinal), ("", 1));
        var number = trimmed[..^unit.Length].TrimEnd();
        var read = long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 && count <= most / factor;
        bytes = read ? count * factor : 0;
        return read;
    }
}
