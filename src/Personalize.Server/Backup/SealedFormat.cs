using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Personalize.Server.Backup;

/// <summary>How a stream is sealed: a head of mark and salt, then chunks of AES-256-GCM under a key of the file's own (HKDF of the given key and the salt).</summary>
/// <remarks>The nonce of a chunk is its number and whether it is the last: chunks that are left out, doubled, put elsewhere or cut off do not open.</remarks>
internal static class SealedFormat
{
    /// <summary>Bytes of the key that is given.</summary>
    public const int KeyBytes = 32;

    /// <summary>Bytes of a chunk before it is sealed; only the last may have fewer.</summary>
    public const int ChunkBytes = 1 << 20;

    /// <summary>Bytes of the tag behind each chunk.</summary>
    public const int TagBytes = 16;

    /// <summary>Bytes of the head.</summary>
    public const int HeadBytes = 8 + SaltBytes;

    private const int SaltBytes = 32;
    private const int NonceBytes = 12;

    /// <summary>The first bytes of every sealed file; the last is the version of the format.</summary>
    public static ReadOnlySpan<byte> Mark => "PZBACK\0\u0001"u8;

    /// <summary>A head with a salt of its own.</summary>
    public static byte[] NewHead() => [.. Mark, .. RandomNumberGenerator.GetBytes(SaltBytes)];

    /// <summary>The cipher of a file.</summary>
    public static AesGcm Cipher(ReadOnlySpan<byte> key, ReadOnlySpan<byte> head)
    {
        Span<byte> own = stackalloc byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, own, head[Mark.Length..], Mark);
        return new AesGcm(own, TagBytes);
    }

    /// <summary>The nonce of a chunk: never twice under one key, since every file has its own.</summary>
    public static byte[] Nonce(long number, bool isLast)
    {
        var nonce = new byte[NonceBytes];
        BinaryPrimitives.WriteInt64BigEndian(nonce, number);
        nonce[^1] = isLast ? (byte)1 : (byte)0;
        return nonce;
    }
}
