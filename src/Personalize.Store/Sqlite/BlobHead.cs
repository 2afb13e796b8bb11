using System.Numerics;

namespace Personalize.Store.Sqlite;

/// <summary>What stands before the frame of a content that is compressed without its version and time, so that it can be compressed before they are known.</summary>
/// <param name="Version">The version.</param>
/// <param name="Updated">When it was written, in milliseconds since 1970.</param>
/// <param name="VersionAt">Where the version goes in the content.</param>
/// <param name="UpdatedAt">Where the time goes.</param>
internal readonly record struct BlobHead(long Version, long Updated, int VersionAt, int UpdatedAt)
{
    /// <summary>It is never longer.</summary>
    public const int Longest = 10 + TimeLength + 5 + 5;

    // Four thousand years before and after 1970.
    private const int TimeLength = 6;

    /// <summary>Writes what is known beforehand: the places; gives how many bytes.</summary>
    public static int WritePlaces(Span<byte> to, int versionAt, int updatedAt)
    {
        var length = Write(to, (ulong)versionAt);
        return length + Write(to[length..], (ulong)updatedAt);
    }

    /// <summary>Writes what the commit gives, which stands before the places; gives how many bytes.</summary>
    public static int WriteIdentity(Span<byte> to, long version, long updated)
    {
        var length = Write(to, (ulong)version);
        for (var at = 0; at < TimeLength; at++)
            to[length++] = (byte)(updated >> (8 * at));
        return length;
    }

    /// <summary>Reads a head, and leaves what stands behind it; one that is cut off or makes no sense is an <see cref="InvalidDataException"/>.</summary>
    public static BlobHead Read(ref ReadOnlySpan<byte> from)
    {
        var version = Number(ref from);
        var updated = 0L;
        for (var at = 0; at < TimeLength; at++)
            updated |= (long)(at < from.Length ? from[at] : throw CutOff()) << (8 * at);
        from = from[TimeLength..];
        // The highest bit is the sign.
        updated = updated << 16 >> 16;
        return updated < DateTimeOffset.MinValue.ToUnixTimeMilliseconds() ? throw CutOff() : new((long)version, updated, Place(ref from), Place(ref from));
    }

    private static int Place(ref ReadOnlySpan<byte> from) => Number(ref from) is <= int.MaxValue and var place ? (int)place : throw CutOff();

    private static int Write(Span<byte> to, ulong number)
    {
        var length = 0;
        for (; number >= 0x80; number >>= 7)
            to[length++] = (byte)(number | 0x80);
        to[length] = (byte)number;
        return length + 1;
    }

    private static ulong Number(ref ReadOnlySpan<byte> from)
    {
        var (number, at) = (0ul, 0);
        for (; at < from.Length && at < 9 && from[at] >= 0x80; at++)
            number |= (ulong)(from[at] & 0x7F) << (7 * at);
        number |= (ulong)(at < from.Length ? from[at] : throw CutOff()) << (7 * at);
        from = from[(at + 1)..];
        return BitOperations.LeadingZeroCount(number) == 0 ? throw CutOff() : number;
    }

    private static InvalidDataException CutOff() => new("What stands before a version's content makes no sense.");
}
