using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Personalize.App.Launch;

/// <summary>A random key in a cookie that proves one thing: that a request comes from the browser that a launch was made in. Which launch, the address says.</summary>
/// <remarks>The cookie is partitioned, so that it lives in an EHR's frame too; on <c>http://localhost</c> browsers take it as secure.</remarks>
internal static class UserAgentKey
{
    public const string Cookie = "__Host-ua";
    private const int Bytes = 32;
    private const int TextLength = 43;

    /// <summary>The key that the browser sent; null when there is none of the right shape.</summary>
    public static string? Of(HttpContext context) =>
        context.Request.Cookies[Cookie] is { Length: TextLength } key && Base64Url.IsValid(key) ? key : null;

    /// <summary>Gives the browser a new key.</summary>
    public static void Give(HttpContext context)
    {
        var options = new CookieOptions { HttpOnly = true, Secure = true, SameSite = SameSiteMode.None, Path = "/", IsEssential = true };
        options.Extensions.Add("Partitioned");
        context.Response.Cookies.Append(Cookie, NewSecret(Bytes), options);
    }

    /// <summary>What is kept of a key.</summary>
    public static byte[] Hash(string key) => SHA256.HashData(Encoding.ASCII.GetBytes(key));

    /// <summary>True when the request bears the key of that hash.</summary>
    public static bool Matches(HttpContext context, byte[] hash) =>
        Of(context) is { } key && CryptographicOperations.FixedTimeEquals(Hash(key), hash);

    /// <summary>Random text in the base64url alphabet, of so many bytes' worth.</summary>
    public static string NewSecret(int bytes) => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes));
}
