using System.Text.RegularExpressions;

namespace Personalize.Fhir.Tests;

public sealed class The_folders_of_Personalize_Fhir
{
    // From the ground up; those on one line may know each other.
    private static readonly string[][] Floors =
    [
        ["Primitives"],
        ["Json", "Terminology"],
        ["Schema"],
        ["Elements"],
        ["FhirPath"],
        ["Search", "Validation"],
    ];

    [Fact]
    public void Know_only_what_stands_on_their_floor_or_below()
    {
        var source = Path.Combine(Corpora.TestFolder, "..", "..", "src", "Personalize.Fhir");
        var upward = from floor in Enumerable.Range(0, Floors.Length)
                     from folder in Floors[floor]
                     from file in Directory.EnumerateFiles(Path.Combine(source, folder), "*.cs", SearchOption.AllDirectories)
                     from Match used in Regex.Matches(File.ReadAllText(file), @"^(?:global )?using (?:static )?(?:\w+ = )?Personalize\.Fhir\.(\w+)", RegexOptions.Multiline)
                     where Array.FindIndex(Floors, f => f.Contains(used.Groups[1].Value)) is var target && (target < 0 || target > floor)
                     select $"{folder}/{Path.GetFileName(file)}: {used.Value}";
        Assert.Empty(upward);
        Assert.Equal(Floors.SelectMany(f => f).Order(), Directory.EnumerateDirectories(source).Select(Path.GetFileName).Where(f => f is not ("bin" or "obj")).Order()!);
    }
}
