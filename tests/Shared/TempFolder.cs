namespace Personalize.Tests;

/// <summary>A folder of a test's own. It goes with the test, and at the latest with the process: also where a host did not come up.</summary>
public sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("personalize-test-");

    public TempFolder() => AppDomain.CurrentDomain.ProcessExit += Gone;

    /// <summary>Its path.</summary>
    public string Path => _folder.FullName;

    /// <summary>The path of something in it.</summary>
    public string At(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Makes a folder in it that is its owner's alone, as data folders must be.</summary>
    public string Private(string name) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(At(name)).FullName
        : Directory.CreateDirectory(At(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= Gone;
        if (Directory.Exists(Path))
            _folder.Delete(recursive: true);
    }

    private void Gone(object? sender, EventArgs e) => Dispose();
}
