using System.Text.Json;

namespace Personalize.Server.Tests.Verbs;

/// <summary>Synthetic patients that lie outside the project; tests that need them are skipped where they are not.</summary>
internal static class Corpora
{
    /// <summary>A folder of them; skips the test when the variable PERSONALIZE_CORPORA names none.</summary>
    public static string Folder(string name)
    {
        var root = Environment.GetEnvironmentVariable("PERSONALIZE_CORPORA");
        Assert.SkipUnless(root is not null && Directory.Exists(Path.Combine(root, name)), $"PERSONALIZE_CORPORA names no folder with {name}.");
        return Path.Combine(root!, name);
    }

    /// <summary>How many resources of each type the bundles hold; one that says <c>ifNoneExist</c> counts once for each condition.</summary>
    public static SortedDictionary<string, long> Counts(IEnumerable<string> files)
    {
        var (counts, conditions) = (new SortedDictionary<string, long>(StringComparer.Ordinal), new HashSet<string>());
        foreach (var file in files)
            foreach (var entry in JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.GetProperty("entry").EnumerateArray())
            {
                var type = entry.GetProperty("resource").GetProperty("resourceType").GetString()!;
                if (!entry.GetProperty("request").TryGetProperty("ifNoneExist", out var condition) || conditions.Add(type + condition.GetString()))
                    counts[type] = counts.GetValueOrDefault(type) + 1;
            }
        return counts;
    }
}
