using System.Text;

namespace Personalize.Fhir.Tests;

/// <summary>The official examples and the synthetic records: files with one resource, and those with one a line.</summary>
internal static class Examples
{
    public static IEnumerable<(string File, byte[] Json)> Read()
    {
        string[] folders = [Corpora.Folder("examples"), Corpora.Folder("synthea")];
        foreach (var file in folders.SelectMany(f => Directory.EnumerateFiles(f, "*", SearchOption.AllDirectories)).Order(StringComparer.Ordinal))
        {
            if (file.EndsWith(".json", StringComparison.Ordinal) && Path.GetFileName(file) != "index.json")
                yield return (file, File.ReadAllBytes(file));
            else if (file.EndsWith(".ndjson", StringComparison.Ordinal))
                foreach (var line in File.ReadLines(file).Where(l => l.Length > 0))
                    yield return (file, Encoding.UTF8.GetBytes(line));
        }
    }
}
