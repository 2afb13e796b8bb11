using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Personalize.Server.Tests;

public sealed class The_server_is_built_in_floors
{
    // From the ground up; those on one line may know each other. Above them all stands what puts the host together.
    private static readonly string[][] _floors = [["Http", "Smart", "Flow"], ["Rest"], ["Verbs"]];

    [Fact]
    public void Each_folder_knows_only_its_floor_and_those_below()
    {
        var source = Path.Combine(Here(), "..", "..", "src", "Personalize.Server");
        var upward = from floor in Enumerable.Range(0, _floors.Length)
                     from folder in _floors[floor]
                     from file in Directory.EnumerateFiles(Path.Combine(source, folder), "*.cs", SearchOption.AllDirectories)
                     from Match used in Regex.Matches(File.ReadAllText(file), @"^using (?:static )?(?:\w+ = )?Personalize\.Server\.(\w+)", RegexOptions.Multiline)
                     where Array.FindIndex(_floors, f => f.Contains(used.Groups[1].Value)) > floor
                     select $"{folder}/{Path.GetFileName(file)}: {used.Value}";
        Assert.Empty(upward);
        Assert.Equal(_floors.SelectMany(f => f).Order(), Directory.EnumerateDirectories(source).Select(Path.GetFileName).Where(f => f is not ("bin" or "obj")).Order()!);
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
