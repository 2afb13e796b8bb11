using System.Runtime.CompilerServices;
using Personalize.Fhir.Elements;

namespace Personalize.Store.Tests;

/// <summary>Public data that lies outside the project; tests that need it are skipped without it.</summary>
internal static class Corpora
{
    public static string Folder
    {
        get
        {
            var folder = Environment.GetEnvironmentVariable("PERSONALIZE_CORPORA");
            Assert.SkipWhen(string.IsNullOrEmpty(folder), "PERSONALIZE_CORPORA names no folder with corpora.");
            return folder!;
        }
    }

    public static bool IsThere => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("PERSONALIZE_CORPORA"));

    /// <summary>Our own made-up practice and its people.</summary>
    public static IEnumerable<Resource> SamplePeople([CallerFilePath] string here = "") => Directory
        .EnumerateFiles(Path.Combine(Path.GetDirectoryName(here)!, "../../sample-bundles"), "*.json")
        .OrderBy(f => !f.EndsWith("practice.json", StringComparison.Ordinal)).ThenBy(f => f, StringComparer.Ordinal)
        .Select(f => Resource.Parse(File.ReadAllBytes(f)).Value);

    /// <summary>The bundles of a set, hospitals and practitioners first.</summary>
    public static IEnumerable<Resource> Synthea(string set) => Directory.EnumerateFiles(Path.Combine(Folder, "synthea", set), "*.json")
        .Where(f => !f.EndsWith("index.json", StringComparison.Ordinal))
        .OrderBy(f => Path.GetFileName(f).ToLowerInvariant() is var name && name.Contains("hospital", StringComparison.Ordinal) ? 0 : name.Contains("practitioner", StringComparison.Ordinal) ? 1 : 2)
        .ThenBy(f => f, StringComparer.Ordinal)
        .Select(f => Resource.Parse(File.ReadAllBytes(f)).Value);

    /// <summary>Loads a set; gives the number of resources.</summary>
    public static async Task<int> Load(TempStore store, string set)
    {
        var count = 0;
        foreach (var bundle in Synthea(set))
        {
            var commit = await store.Post(bundle);
            Assert.True(commit.Failure is null, commit.Failure is { } failure ? string.Join('\n', failure.Issues.Take(5).Select(i => $"{i.Expression}: {i.Text}")) : "");
            count += commit.Value.Changes.Length;
        }
        return count;
    }
}
