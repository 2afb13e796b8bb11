using System.Runtime.CompilerServices;

namespace Personalize.Tests;

/// <summary>The source tree from which the tests were built.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    public static string At(params string[] path) => Path.Combine([Root, .. path]);

    private static string Here([CallerFilePath] string path = "") => path;
}
