using System.Collections.Concurrent;
using Personalize.Fhir.Elements;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Personalize.Store.Sqlite;

/// <summary>Compresses contents with one dictionary, in many threads at once.</summary>
/// <param name="number">The number of the dictionary.</param>
/// <param name="dictionary">Its bytes.</param>
internal sealed class BlobPacker(byte number, byte[] dictionary) : IDisposable
{
    private readonly ConcurrentBag<Compressor> _idle = [];
    private volatile bool _isClosed;

    /// <summary>The blob of a content but for its version and time, which <see cref="Complete"/> adds; empty when it would not be shorter than the content.</summary>
    public ReadOnlyMemory<byte> Pack(UnversionedContent content)
    {
        var blob = new byte[1 + BlobHead.Longest + Compressor.GetCompressBound(content.Json.Length)];
        blob[0] = (byte)(Blobs.FirstApart + number);
        var length = 1 + BlobHead.WritePlaces(blob.AsSpan(1), content.VersionAt, content.UpdatedAt);
        length += Compress(content.Json.Span, blob.AsSpan(length));
        return length < content.Json.Length ? blob.AsSpan(0, length).ToArray() : default;
    }

    /// <summary>Writes the blob with its version and time; gives how many bytes it has.</summary>
    public static int Complete(ReadOnlySpan<byte> packed, long version, long updated, Span<byte> blob)
    {
        blob[0] = packed[0];
        var length = 1 + BlobHead.WriteIdentity(blob[1..], version, updated);
        packed[1..].CopyTo(blob[length..]);
        return length + packed.Length - 1;
    }

    public void Dispose()
    {
        _isClosed = true;
        while (_idle.TryTake(out var compressor))
            compressor.Dispose();
    }

    private int Compress(ReadOnlySpan<byte> json, Span<byte> to)
    {
        var compressor = _idle.TryTake(out var idle) ? idle : New();
        var length = compressor.Wrap(json, to);
        _idle.Add(compressor);
        // One that comes back behind the end would stay.
        if (_isClosed)
            Dispose();
        return length;
    }

    private Compressor New()
    {
        var compressor = new Compressor(1);
        // The first byte says it already.
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_dictIDFlag, 0);
        compressor.LoadDictionary(dictionary);
        return compressor;
    }
}
