using Personalize.Store.Sql;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Personalize.Store.Sqlite;

/// <summary>How the JSON of a version lies in the file: as it is, or compressed by zstd with a dictionary of this file. A compressed one begins with a byte that no JSON begins with: the number of the dictionary above <see cref="First"/>.</summary>
internal static class Blobs
{
    /// <summary>JSON begins with a byte of ASCII.</summary>
    public const byte First = 0x80;

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

/// <summary>Compresses for the writer; what it gives lasts until the next one.</summary>
internal sealed class BlobWriter(byte number, byte[] dictionary) : IDisposable
{
    private readonly Compressor _compressor = New(dictionary);
    private byte[] _blob = [];

    /// <summary>The blob of a content; the content itself when that is shorter.</summary>
    public ReadOnlyMemory<byte> Write(ReadOnlyMemory<byte> json)
    {
        var most = 1 + Compressor.GetCompressBound(json.Length);
        if (_blob.Length < most)
            _blob = new byte[most * 2];
        _blob[0] = (byte)(Blobs.First + number);
        var length = 1 + _compressor.Wrap(json.Span, _blob.AsSpan(1));
        return length < json.Length ? _blob.AsMemory(0, length) : json;
    }

    public void Dispose() => _compressor.Dispose();

    private static Compressor New(byte[] dictionary)
    {
        var compressor = new Compressor(1);
        // The first byte says it already.
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_dictIDFlag, 0);
        compressor.LoadDictionary(dictionary);
        return compressor;
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
            var decompressor = Of(blob[0] - Blobs.First);
            var frame = blob[1..];
            var json = new byte[(int)Math.Min(Decompressor.GetDecompressedSize(frame), LongestContent)];
            return decompressor.Unwrap(frame, json) == json.Length ? json : throw new InvalidDataException("A version is not as long as it says.");
        }
        catch (ZstdException damage)
        {
            throw new InvalidDataException("A version cannot be decompressed.", damage);
        }
    }

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
