namespace Personalize.Tests;

/// <summary>Official tests, examples and synthetic records, which lie outside the project in the folder that PERSONALIZE_CORPORA names.</summary>
internal static class Corpora
{
    /// <summary>Whether there are any.</summary>
    public static bool AreHere => Environment.GetEnvironmentVariable("PERSONALIZE_CORPORA") is { Length: > 0 };

    /// <summary>A folder of them; skips the test where it is not there.</summary>
    public static string Folder(string name)
    {
        var folder = AreHere ? Path.Combine(Environment.GetEnvironmentVariable("PERSONALIZE_CORPORA")!, name) : null;
        Assert.SkipUnless(Directory.Exists(folder), $"PERSONALIZE_CORPORA names no folder with {name}.");
        return folder;
    }

    /// <summary>The bundles of a set of synthetic records, hospitals and practitioners first.</summary>
    public static IEnumerable<string> Synthea(string set) => Directory.EnumerateFiles(Folder(Path.Combine("synthea", set)), "*.json")
        .Where(file => Path.GetFileName(file) != "index.json")
        .OrderBy(file => Has(file, "hospital") ? 0 : Has(file, "practitioner") ? 1 : 2)
        .ThenBy(file => file, StringComparer.Ordinal);

    private static bool Has(string file, string word) => Path.GetFileName(file).Contains(word, StringComparison.OrdinalIgnoreCase);
}
