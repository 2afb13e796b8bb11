using System.Buffers;
using System.Globalization;
using Personalize.Fhir.Elements;
using Personalize.Store.Sql;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Personalize.Store.Sqlite;

/// <summary>How the JSON of a version lies in the file: as it is, or compressed by zstd with a dictionary of this file. A compressed one begins with a byte that no JSON begins with: the number of the dictionary above <see cref="First"/>, for the whole, or above <see cref="FirstApart"/>, for a content whose version and time stand before it as numbers.</summary>
internal static class Blobs
{
    /// <summary>JSON begins with a byte of ASCII.</summary>
    public const byte First = 0x80;

    /// <summary>Behind it stands a <see cref="BlobHead"/>.</summary>
    public const byte FirstApart = 0x90;

    /// <summary>More would not fit into the first byte; each next one comes after ten times as many versions.</summary>
    public const int MostDictionaries = 8;

    /// <summary>So many versions are looked at for a dictionary.</summary>
    public const int Samples = 2_000;

    private const int DictionarySize = 64 << 10;
    private const int LongestSample = 32 << 10;

    /// <summary>A dictionary for contents like these; empty when too little repeats in them.</summary>
    public static byte[] Train(IEnumerable<byte[]> samples)
    {
        // One pass with long segments: a tenth of a second for 2,000 resources, and nearly as good as searching for the best lengths.
        var parameters = new ZDICT_fastCover_params_t { k = 1_000, d = 8, f = 20, accel = 1 };
        try
        {
            return DictBuilder.TrainFromBufferFastCover(samples.Where(sample => sample.Length <= LongestSample), parameters, DictionarySize).ToArray();
        }
        catch (ZstdException)
        {
            return [];
        }
    }
}

/// <summary>Decompresses for one connection, which is asked for the dictionaries that are met.</summary>
internal sealed class BlobReader(Session session) : IDisposable
{
    private const int LongestContent = 1 << 30;
    private readonly Decompressor?[] _decompressors = new Decompressor?[Blobs.MostDictionaries + 1];

    /// <summary>The content of a blob; one that is damaged is an <see cref="InvalidDataException"/>.</summary>
    public byte[] Read(ReadOnlySpan<byte> blob)
    {
        if (blob.IsEmpty || blob[0] < Blobs.First)
            return blob.ToArray();
        try
        {
            return blob[0] < Blobs.FirstApart ? Whole(Of(blob[0] - Blobs.First), blob[1..]) : Apart(Of(blob[0] - Blobs.FirstApart), blob[1..]);
        }
        catch (ZstdException damage)
        {
            throw new InvalidDataException("A version cannot be decompressed.", damage);
        }
    }

    private static byte[] Whole(Decompressor decompressor, ReadOnlySpan<byte> frame)
    {
        var json = new byte[Length(frame)];
        return decompressor.Unwrap(frame, json) == json.Length ? json : throw new InvalidDataException("A version is not as long as it says.");
    }

    private static byte[] Apart(Decompressor decompressor, ReadOnlySpan<byte> blob)
    {
        var head = BlobHead.Read(ref blob);
        var length = Length(blob);
        var room = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            if (decompressor.Unwrap(blob, room.AsSpan(0, length)) != length || head.VersionAt > length || head.UpdatedAt > length)
                throw new InvalidDataException("A version is not as long as it says.");
            return UnversionedContent.With(room.AsSpan(0, length), head.VersionAt, head.UpdatedAt, head.Version.ToString(CultureInfo.InvariantCulture), DateTimeOffset.FromUnixTimeMilliseconds(head.Updated));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    private static int Length(ReadOnlySpan<byte> frame) => (int)Math.Min(Decompressor.GetDecompressedSize(frame), LongestContent);

    public void Dispose()
    {
        foreach (var decompressor in _decompressors)
            decompressor?.Dispose();
    }

    private Decompressor Of(int number)
    {
        if (number <= Blobs.MostDictionaries && _decompressors[number] is { } known)
            return known;
        using var row = session.Query("SELECT bytes FROM dictionary WHERE number=?", number);
        if (number > Blobs.MostDictionaries || !row.Step())
            throw new InvalidDataException($"There is no dictionary of number {number}.");
        var decompressor = _decompressors[number] = new();
        decompressor.LoadDictionary(row.Bytes(0));
        return decompressor;
    }
}
