using Personalize.Fhir.Primitives;

namespace Personalize.Server.Backup;

/// <summary>The key of a backup: 32 bytes in base64, from an environment variable or a file, never from the command line, which others can see.</summary>
internal static class BackupKey
{
    /// <summary>The variable that is read when neither another one nor a file is named.</summary>
    public const string Variable = "PERSONALIZE_BACKUP_KEY";

    private const string Wanted = "a key is 32 bytes in base64, such as `openssl rand -base64 32` makes it.";

    /// <summary>Reads it. Fails with <see cref="Failure.Invalid"/> when there is none, or none that can be used.</summary>
    public static Outcome<byte[]> Read(string? variable, string? file)
    {
        if (file is not null && variable is not null)
            return new Failure.Invalid("The key comes from --key-file or from --key-variable, not from both.");
        return file is null ? OfVariable(variable ?? Variable) : OfFile(file);
    }

    private static Outcome<byte[]> OfVariable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
        ? Parse(text, $"the environment variable {name}")
        : new Failure.Invalid($"The environment variable {name} is not set: {Wanted} --key-file FILE reads it from a file.");

    private static Outcome<byte[]> OfFile(string file)
    {
        if (!File.Exists(file))
            return new Failure.Invalid($"The key file {file} is not there: {Wanted}");
        return OwnerOnly.Refuses(file) is { } refused ? refused : Parse(File.ReadAllText(file), $"the file {file}");
    }

    private static Outcome<byte[]> Parse(string text, string place)
    {
        var key = new byte[SealedFormat.KeyBytes];
        return Convert.TryFromBase64String(text.Trim(), key, out var length) && length == key.Length ? key : new Failure.Invalid($"What stands in {place} is no key: {Wanted}");
    }
}
