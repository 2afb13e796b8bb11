using Personalize.Fhir.Elements;

namespace Personalize.Benchmarks;

/// <summary>Synthea's resources, each by itself and without white space between its parts.</summary>
internal static class SyntheticResources
{
    /// <summary>Every resource of every set below the folder <c>synthea</c>; those of bundles by themselves.</summary>
    public static byte[][] Read(string corpora)
    {
        var files = Directory.EnumerateFiles(Path.Combine(corpora, "synthea"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        var lines = files.Where(f => f.EndsWith(".ndjson", StringComparison.Ordinal)).SelectMany(File.ReadLines).Where(l => l.Length > 0).Select(System.Text.Encoding.UTF8.GetBytes);
        var bundles = files.Where(f => f.EndsWith(".json", StringComparison.Ordinal) && Path.GetFileName(f) != "index.json").SelectMany(Entries);
        return [.. lines.Concat(bundles).Select(Minified)];
    }

    /// <summary>Those of one type.</summary>
    public static byte[][] Of(byte[][] resources, string type) => [.. resources.Where(json => Resource.Parse(json).Value.Type == type)];

    private static IEnumerable<byte[]> Entries(string file)
    {
        foreach (var entry in Resource.Parse(File.ReadAllBytes(file)).Value.Root.Children("entry"))
            if (entry.Child("resource") is { } resource)
                yield return resource.Json.ToArray();
    }

    // A serializer would write some characters in another way; white space outside of strings is all that goes.
    private static byte[] Minified(byte[] json)
    {
        var kept = new List<byte>(json.Length);
        var quoted = false;
        for (var at = 0; at < json.Length; at++)
        {
            if (quoted && json[at] == '\\')
                kept.Add(json[at++]);
            else if (json[at] == '"')
                quoted = !quoted;
            if (quoted || json[at] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
                kept.Add(json[at]);
        }
        return [.. kept];
    }
}
