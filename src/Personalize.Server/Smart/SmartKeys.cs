using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.Tokens;

namespace Personalize.Server.Smart;

/// <summary>The keys of the authorization server: one that signs id_tokens, one that seals what tokens carry at rest. Made at the first start.</summary>
internal sealed class SmartKeys
{
    private const int SigningBits = 2048;
    private const int SealingBytes = 32;

    private SmartKeys(RsaSecurityKey signing, SymmetricSecurityKey sealing) => (Signing, Sealing) = (signing, sealing);

    /// <summary>RSA; named by its thumbprint.</summary>
    public RsaSecurityKey Signing { get; }

    /// <summary>256 bits.</summary>
    public SymmetricSecurityKey Sealing { get; }

    /// <summary>Reads the keys of a data folder, or makes them. They lie there protected by the folder's Data Protection keys.</summary>
    public static SmartKeys Of(string folder, IDataProtectionProvider protection)
    {
        var protector = protection.CreateProtector("Personalize.SmartKeys.v1");
        var file = Path.Combine(folder, "smart.keys");
        if (!File.Exists(file))
            Write(file, protector);
        var bytes = protector.Unprotect(File.ReadAllBytes(file));
        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(bytes.AsSpan(SealingBytes), out _);
        var signing = new RsaSecurityKey(rsa);
        signing.KeyId = Base64UrlEncoder.Encode(signing.ComputeJwkThumbprint());
        return new SmartKeys(signing, new SymmetricSecurityKey(bytes[..SealingBytes]));
    }

    private static void Write(string file, IDataProtector protector)
    {
        using var rsa = RSA.Create(SigningBits);
        byte[] bytes = [.. RandomNumberGenerator.GetBytes(SealingBytes), .. rsa.ExportPkcs8PrivateKey()];
        // Written aside and moved, so that a crash leaves no half file.
        var aside = file + ".new";
        File.Delete(aside);
        using (var stream = OwnerOnly.New(aside))
            stream.Write(protector.Protect(bytes));
        File.Move(aside, file, overwrite: true);
    }
}
