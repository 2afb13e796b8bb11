using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Personalize.App.Tests;

public sealed partial class The_app_is_built_in_floors
{
    // Lowest first; the files beside the folders are the roof.
    private static readonly string[] _floors = ["Fhir", "Texts", "Http", "Parts", "Launch", "Clinician", "Practice"];

    [GeneratedRegex(@"^using (?:static )?(?:\w+ = )?Personalize\.App\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex Using();

    [Fact]
    public void No_file_uses_a_higher_floor()
    {
        var files = Directory.GetFiles(Source(), "*.cs", SearchOption.AllDirectories).Where(file => !Built(file)).ToList();
        var broken = files.SelectMany(file => Using().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)
            .Where(used => Array.IndexOf(_floors, used) > FloorOf(file)).Select(used => $"{Path.GetFileName(file)} uses {used}"));

        Assert.True(files.Count > 20);
        Assert.Empty(broken);
    }

    [Fact]
    public void No_file_lies_outside_the_floors() =>
        Assert.Empty(Directory.GetDirectories(Source()).Select(Path.GetFileName).Except([.. _floors, "wwwroot", "node_modules", "bin", "obj"]));

    private static int FloorOf(string file) =>
        Array.IndexOf(_floors, Path.GetRelativePath(Source(), file).Split(Path.DirectorySeparatorChar)[0]) is var floor && floor < 0 ? _floors.Length : floor;

    private static bool Built(string file) => Path.GetRelativePath(Source(), file).Split(Path.DirectorySeparatorChar)[0] is "node_modules" or "bin" or "obj";

    private static string Source([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../src/Personalize.App"));
}
