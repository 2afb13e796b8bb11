using System.Security.Cryptography;

namespace Personalize.Server.Backup;

/// <summary>Seals what is written to it; disposing it writes the last chunk, without which nothing opens.</summary>
internal sealed class SealingStream : Stream
{
    private readonly Stream _to;
    private readonly AesGcm _cipher;
    private readonly byte[] _head = SealedFormat.NewHead();
    private readonly byte[] _chunk = new byte[SealedFormat.ChunkBytes];
    private readonly byte[] _sealed = new byte[SealedFormat.ChunkBytes + SealedFormat.TagBytes];
    private int _length;
    private long _number;
    private bool _isClosed;

    /// <summary>Writes the head.</summary>
    /// <param name="to">Takes what is sealed; stays open.</param>
    /// <param name="key">32 bytes.</param>
    public SealingStream(Stream to, ReadOnlySpan<byte> key)
    {
        (_to, _cipher) = (to, SealedFormat.Cipher(key, _head));
        to.Write(_head);
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            // A full chunk waits until more comes: only then is it known not to be the last.
            if (_length == _chunk.Length)
                Seal(isLast: false);
            var taken = Math.Min(buffer.Length, _chunk.Length - _length);
            buffer[..taken].CopyTo(_chunk.AsSpan(_length));
            _length += taken;
            buffer = buffer[taken..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => _to.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isClosed)
        {
            _isClosed = true;
            Seal(isLast: true);
            _to.Flush();
            _cipher.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Seal(bool isLast)
    {
        _cipher.Encrypt(SealedFormat.Nonce(_number++, isLast), _chunk.AsSpan(0, _length), _sealed.AsSpan(0, _length), _sealed.AsSpan(_length, SealedFormat.TagBytes), _head);
        _to.Write(_sealed, 0, _length + SealedFormat.TagBytes);
        _length = 0;
    }
}
