using System.Security.Cryptography;

namespace Personalize.Server.Backup;

/// <summary>Reads what a <see cref="SealingStream"/> wrote. <see cref="InvalidDataException"/> when it was altered, cut off, goes on behind its end, or was sealed with another key.</summary>
internal sealed class UnsealingStream : Stream
{
    private readonly Stream _from;
    private readonly AesGcm _cipher;
    private readonly byte[] _head = new byte[SealedFormat.HeadBytes];
    private readonly byte[] _chunk = new byte[SealedFormat.ChunkBytes];
    // One byte more than a chunk: whether it comes tells whether the chunk is the last.
    private readonly byte[] _sealed = new byte[SealedFormat.ChunkBytes + SealedFormat.TagBytes + 1];
    private int _ahead;
    private int _at;
    private int _length;
    private long _number;
    private bool _isEnd;

    /// <summary>Reads the head.</summary>
    /// <param name="from">The sealed bytes; stays open.</param>
    /// <param name="key">32 bytes.</param>
    public UnsealingStream(Stream from, ReadOnlySpan<byte> key)
    {
        _from = from;
        if (from.ReadAtLeast(_head, _head.Length, throwOnEndOfStream: false) < _head.Length || !_head.AsSpan().StartsWith(SealedFormat.Mark))
            throw new InvalidDataException("It is no backup, or one of another version.");
        _cipher = SealedFormat.Cipher(key, _head);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (_at == _length && !_isEnd)
            Open();
        var taken = Math.Min(buffer.Length, _length - _at);
        _chunk.AsSpan(_at, taken).CopyTo(buffer);
        _at += taken;
        return taken;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // Nothing is written.
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _cipher.Dispose();
        base.Dispose(disposing);
    }

    private void Open()
    {
        var have = _ahead + _from.ReadAtLeast(_sealed.AsSpan(_ahead), _sealed.Length - _ahead, throwOnEndOfStream: false);
        _isEnd = have < _sealed.Length;
        _length = Math.Min(have, _sealed.Length - 1) - SealedFormat.TagBytes;
        _at = 0;
        try
        {
            if (_length < 0)
                throw new InvalidDataException("It was cut off.");
            _cipher.Decrypt(SealedFormat.Nonce(_number++, _isEnd), _sealed.AsSpan(0, _length), _sealed.AsSpan(_length, SealedFormat.TagBytes), _chunk.AsSpan(0, _length), _head);
        }
        catch (AuthenticationTagMismatchException)
        {
            _length = 0;
            throw new InvalidDataException("It was altered or cut off, or the key is another one.");
        }
        _ahead = _isEnd ? 0 : 1;
        _sealed[0] = _sealed[^1];
    }
}
