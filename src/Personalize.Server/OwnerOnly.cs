using Personalize.Fhir.Primitives;

namespace Personalize.Server;

/// <summary>Folders and files that nobody but their owner may look into. Windows has access lists instead: there nothing is changed or refused.</summary>
internal static class OwnerOnly
{
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode SecretMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Makes the folder with mode 0700 when it is not there. Fails with <see cref="Failure.Conflict"/> when it cannot be made, or when it is open to others.</summary>
    public static Outcome<string> Folder(string path)
    {
        try
        {
            Make(path);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return new Failure.Conflict($"The data folder {path} cannot be made.");
        }
        return IsOpen(path) ? new Failure.Conflict($"The data folder {path} is open to other users of this machine. Mend it with: chmod 700 '{path}'") : path;
    }

    /// <summary>What is wrong with a file that holds a secret, or null.</summary>
    public static Failure? Refuses(string secretFile) =>
        IsOpen(secretFile) ? new Failure.Invalid($"The file {secretFile} holds a secret and is open to other users of this machine. Mend it with: chmod 600 '{secretFile}'") : null;

    /// <summary>Makes a file of mode 0600 that must not be there yet, for writing and reading.</summary>
    public static FileStream New(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = SecretMode;
        return new FileStream(file, options);
    }

    private static void Make(string path)
    {
        if (Directory.Exists(path))
            return;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, FolderMode);
    }

    private static bool IsOpen(string path) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0;
}
