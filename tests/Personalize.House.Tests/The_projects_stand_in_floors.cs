using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Personalize.House.Tests;

/// <summary>The map of the house: each project's folders from the ground up. A file knows its own floor and those below.</summary>
public sealed partial class The_projects_stand_in_floors
{
    // Folders of one line may know each other. What lies beside the folders is the roof of its project, but for the store, where it is the ground.
    private static readonly Dictionary<string, string[][]> _floors = new()
    {
        ["Personalize.Fhir"] = [["Primitives"], ["Json", "Terminology"], ["Schema"], ["Elements"], ["FhirPath", "Formats"], ["Patch", "Search", "Validation"]],
        ["Personalize.Store"] = [[""], ["Sql"], ["Postgres", "Sqlite"]],
        ["Personalize.Engine"] = [["Record"], ["Content"], ["Facts"], ["Segments"], ["Preferences"], ["Suggestions"], ["Writing"], [""]],
        ["Personalize.App"] = [["Fhir"], ["Texts"], ["Http"], ["Parts"], ["Launch"], ["Clinician"], ["Practice"], [""]],
        ["Personalize.Server"] = [["Backup", "Http", "Smart", "Flow"], ["Rest", "Watch"], ["Verbs"], [""]],
    };

    private static readonly Dictionary<string, string[]> _knows = new()
    {
        ["Personalize.Fhir"] = [],
        ["Personalize.Store"] = ["Personalize.Fhir"],
        ["Personalize.Engine"] = ["Personalize.Fhir"],
        ["Personalize.App"] = [],
        ["Personalize.Server"] = ["Personalize.Fhir", "Personalize.Store", "Personalize.Engine", "Personalize.App"],
    };

    public static TheoryData<string> Projects => [.. _floors.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_file_knows_a_higher_floor(string project)
    {
        var upward = from file in SourceTree.Product
                     where file.Project == project
                     from used in file.All<UsingDirectiveSyntax>().Select(line => FolderOf(line.NamespaceOrType.ToString(), project))
                     where used is not null && FloorOf(project, used) > FloorOf(project, file.Folder)
                     select $"{file.Path} uses {used}";

        Assert.True(!upward.Any(), string.Join('\n', upward));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_page_knows_a_higher_floor(string project)
    {
        var folder = Repository.At("src", project);
        var upward = from file in Directory.EnumerateFiles(folder, "*.razor", SearchOption.AllDirectories)
                     let own = Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar) is { Length: > 1 } parts ? parts[0] : ""
                     from Match line in PageUsing().Matches(File.ReadAllText(file))
                     let used = FolderOf(line.Groups[1].Value, project)
                     where used is not null && FloorOf(project, used) > FloorOf(project, own)
                     select $"{Path.GetRelativePath(folder, file)} uses {used}";

        Assert.True(!upward.Any(), string.Join('\n', upward));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folder_lies_outside_the_floors(string project) => Assert.Equal(
        _floors[project].SelectMany(floor => floor).Where(folder => folder.Length > 0).Order(StringComparer.Ordinal),
        Directory.EnumerateDirectories(Repository.At("src", project)).Select(folder => Path.GetFileName(folder)).Where(folder => !SourceTree.IsBuilt(folder)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_knows_only_those_below(string project)
    {
        var file = XDocument.Load(Repository.At("src", project, project + ".csproj"));
        var known = file.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

        Assert.Equal(_knows[project].Order(StringComparer.Ordinal), known.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void There_is_no_sixth_project() =>
        Assert.Equal(_floors.Keys.Order(StringComparer.Ordinal), Directory.EnumerateDirectories(Repository.At("src")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal));

    [Fact]
    public void The_ground_leans_on_no_package() =>
        Assert.Empty(XDocument.Load(Repository.At("src/Personalize.Fhir/Personalize.Fhir.csproj")).Descendants("PackageReference"));

    // The folder of the project that a namespace names; null for another's namespace.
    private static string? FolderOf(string used, string project) =>
        used == project ? "" : used.StartsWith(project + ".", StringComparison.Ordinal) ? used[(project.Length + 1)..].Split('.')[0] : null;

    private static int FloorOf(string project, string folder) => Array.FindIndex(_floors[project], floor => floor.Contains(folder));

    [GeneratedRegex(@"^@using (?:static )?(?:\w+ = )?([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex PageUsing();
}
