using ZstdSharp;

namespace Personalize.Benchmarks.Raw;

/// <summary>Resources compressed one by one with a dictionary that was trained on some of them. For one thread at a time.</summary>
internal sealed class RawBlobs : IDisposable
{
    private const int DictionarySize = 110 << 10;
    private readonly Compressor _compressor = new(1);
    private readonly Decompressor _decompressor = new();

    public RawBlobs(byte[] dictionary)
    {
        Dictionary = dictionary;
        _compressor.LoadDictionary(dictionary);
        _decompressor.LoadDictionary(dictionary);
    }

    public byte[] Dictionary { get; }

    /// <summary>A dictionary out of every so manieth resource.</summary>
    public static byte[] Train(byte[][] resources, int every) => DictBuilder.TrainFromBuffer(resources.Where((_, at) => at % every == 0), DictionarySize);

    /// <summary>The bytes last until the next call.</summary>
    public ReadOnlySpan<byte> Compress(byte[] json) => _compressor.Wrap(json);

    public Span<byte> Decompress(ReadOnlySpan<byte> blob) => _decompressor.Unwrap(blob);

    public void Dispose()
    {
        _compressor.Dispose();
        _decompressor.Dispose();
    }
}
