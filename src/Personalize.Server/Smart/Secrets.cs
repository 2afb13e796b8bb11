using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Personalize.Server.Smart;

/// <summary>Words that nobody can guess, and how they are kept without being kept.</summary>
internal static class Secrets
{
    private const int Bytes = 32;

    /// <summary>A new one: 256 random bits in 43 characters that a URL takes.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>What is stored in its place: SHA-256 in hexadecimal digits.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
