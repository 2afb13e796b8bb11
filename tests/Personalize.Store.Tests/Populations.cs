using Personalize.Fhir.Elements;

namespace Personalize.Store.Tests;

/// <summary>Whole populations, bundle by bundle.</summary>
internal static class Populations
{
    /// <summary>Our own made-up practice and its people.</summary>
    public static IEnumerable<Resource> SamplePeople() => Read(Directory.EnumerateFiles(Repository.At("sample-bundles"), "*.json")
        .OrderBy(file => Path.GetFileName(file) != "practice.json").ThenBy(file => file, StringComparer.Ordinal));

    /// <summary>The synthetic records of a set.</summary>
    public static IEnumerable<Resource> Synthetic(string set) => Read(Corpora.Synthea(set));

    /// <summary>Loads a set of synthetic records; gives the number of resources.</summary>
    public static async Task<int> Load(TempStore store, string set)
    {
        var count = 0;
        foreach (var bundle in Synthetic(set))
        {
            var commit = await store.Post(bundle);
            Assert.True(commit.Failure is null, commit.Failure is { } failure ? string.Join('\n', failure.Issues.Take(5).Select(i => $"{i.Expression}: {i.Text}")) : "");
            count += commit.Value.Changes.Length;
        }
        return count;
    }

    private static IEnumerable<Resource> Read(IEnumerable<string> files) => files.Select(file => Resource.Parse(File.ReadAllBytes(file)).Value);
}
