using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Personalize.Store.Tests;

/// <summary>The store's folders in order: a file uses its own floor and those below.</summary>
public sealed partial class Floors
{
    private static readonly string[] _floors = ["", "Sqlite"];

    [Fact]
    public void No_file_uses_a_floor_above_its_own()
    {
        var root = Path.GetFullPath(Path.Combine(Here(), "../../../src/Personalize.Store"));
        var files = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var folder = Path.GetDirectoryName(Path.GetRelativePath(root, file))!;
            Assert.Contains(folder, _floors);
            foreach (Match use in Using().Matches(File.ReadAllText(file)))
                Assert.True(Array.IndexOf(_floors, use.Groups[1].Value) <= Array.IndexOf(_floors, folder), $"{file} uses the floor above it.");
        }
    }

    private static string Here([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"using Personalize\.Store\.?(\w*)")]
    private static partial Regex Using();
}
