using System.Collections.Immutable;
using System.Text.Json;
using Personalize.Engine.Content;
using Personalize.Engine.Record;
using Personalize.Fhir.Elements;

namespace Personalize.Engine.Tests;

/// <summary>The content and the sample people as they are checked in.</summary>
internal static class ContentFolder
{
    private static readonly Lazy<ImmutableArray<Resource>> _content = new(() => [.. ContentFiles.Select(file => Parse(File.ReadAllBytes(file), file))]);
    private static readonly Lazy<Knowledge> _knowledge = new(() => Knowledge.Of(Content).Value);
    private static readonly Lazy<ImmutableSortedDictionary<string, Decision>> _decisions = new(() =>
        People.ToImmutableSortedDictionary(name => name, name => Decide.For(RecordOf(name), Knowledge, Now, [])));

    /// <summary>Noon of the anchor date of the samples, by the practice's clock.</summary>
    public static DateTimeOffset Now { get; } = new(2026, 11, 2, 12, 0, 0, TimeSpan.FromHours(-5));

    public static IEnumerable<string> ContentFiles => Directory.EnumerateDirectories(Repository.At("fhir-profiles"))
        .Where(folder => Path.GetFileName(folder) != "node_modules")
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.json")).Order(StringComparer.Ordinal);

    public static IEnumerable<string> SampleFiles => Directory.EnumerateFiles(Repository.At("sample-bundles"), "*.json").Order(StringComparer.Ordinal);

    /// <summary>The file names of the people, without ending.</summary>
    public static IEnumerable<string> People => SampleFiles.Select(file => Path.GetFileNameWithoutExtension(file)!).Where(name => name != "practice");

    public static ImmutableArray<Resource> Content => _content.Value;

    public static Knowledge Knowledge => _knowledge.Value;

    /// <summary>What is decided for each person on the anchor date.</summary>
    public static ImmutableSortedDictionary<string, Decision> Decisions => _decisions.Value;

    public static string Sample(string name) => Repository.At("sample-bundles", name + ".json");

    public static ImmutableArray<Resource> ResourcesOf(string name)
    {
        using var bundle = JsonDocument.Parse(File.ReadAllBytes(Sample(name)));
        return [.. bundle.RootElement.GetProperty("entry").EnumerateArray()
            .Select(entry => Parse(JsonSerializer.SerializeToUtf8Bytes(entry.GetProperty("resource")), name))];
    }

    public static PatientRecord RecordOf(string name)
    {
        var resources = ResourcesOf(name);
        return new PatientRecord(resources.Single(resource => resource.Type == "Patient"), resources.Where(resource => resource.Type != "Patient"));
    }

    public static Resource Parse(byte[] utf8, string file) => Resource.Parse(utf8).TryGet(out var resource, out var failure)
        ? resource
        : throw new InvalidDataException($"{file}: {failure.Issues[0].Text}");
}
