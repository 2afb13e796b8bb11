using System.Runtime.CompilerServices;

namespace Personalize.Fhir.Tests;

/// <summary>Where the official test material lies.</summary>
internal static class Corpora
{
    /// <summary>A folder of it; skips the test when the material is not there.</summary>
    public static string Folder(string name)
    {
        var root = Environment.GetEnvironmentVariable("PERSONALIZE_CORPORA");
        Assert.SkipWhen(root is null, "PERSONALIZE_CORPORA does not name a folder with the official tests and examples.");
        return Path.Combine(root!, name);
    }

    /// <summary>The folder of this source file.</summary>
    public static string TestFolder => Path.GetDirectoryName(Here())!;

    private static string Here([CallerFilePath] string path = "") => path;
}
