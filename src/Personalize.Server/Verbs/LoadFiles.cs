using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;

namespace Personalize.Server.Verbs;

/// <summary>Finds the files to load and puts those first that the others refer to.</summary>
internal static class LoadFiles
{
    private static readonly string[] _endings = [".json", ".ndjson", ".jsonl"];
    private static readonly HashSet<string> _places = ["Organization", "Location", "Practitioner", "PractitionerRole", "HealthcareService", "Endpoint", "Schedule", "Slot"];

    /// <summary>Each path as it is, or below the first of the folders where it is. Fails with <see cref="Failure.Missing"/> on a path that is nowhere.</summary>
    public static Outcome<IReadOnlyList<string>> Resolve(IReadOnlyList<string> paths, IReadOnlyList<string> folders)
    {
        var found = new List<string>();
        foreach (var path in paths)
            if (folders.Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, path)).FirstOrDefault(IsThere) is { } there)
                found.Add(Path.IsPathRooted(path) || there == Path.Combine(folders[0], path) ? path : there);
            else
                return new Failure.Missing($"There is no file or folder {path}{(Path.IsPathRooted(path) ? "" : $" in {string.Join(" or ", folders.Where(folder => folder.Length > 0).Distinct())}")}.");
        return found;
    }

    /// <summary>The files of all paths in order: first hospitals and practitioners, then the rest, each by path. JSON in folders that is no FHIR is left out and told; what is not even JSON stays, so that its trouble is told.
    /// Fails with <see cref="Failure.Missing"/> when no file is left.</summary>
    public static Outcome<IReadOnlyList<string>> Find(IReadOnlyList<string> paths, Action<string> leftOut)
    {
        var found = new List<(int Rank, string File)>();
        foreach (var file in paths.SelectMany(path => Files(path)).Distinct())
            if (Rank(file) is { } rank)
                found.Add((rank, file));
            else if (paths.Contains(file))
                found.Add((1, file)); // named by hand: its trouble is to be seen
            else
                leftOut(file);
        if (found.Count == 0)
            return new Failure.Missing($"There is no FHIR in {string.Join(", ", paths)}: files end in {string.Join(", ", _endings)}.");
        return found.OrderBy(f => f.Rank).ThenBy(f => f.File, StringComparer.Ordinal).Select(f => f.File).ToList();
    }

    /// <summary>True for a file with one resource a line.</summary>
    public static bool IsLines(string file) => !file.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    /// <summary>The content without the mark that some programs put before UTF-8; it belongs to the file, not to the data.</summary>
    public static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> content) => content.Span.StartsWith("\uFEFF"u8) ? content[3..] : content;

    /// <summary>The file itself, or the files with FHIR's endings below a folder, by path.</summary>
    /// <param name="path">What is there.</param>
    /// <param name="more">More endings that are taken.</param>
    public static IEnumerable<string> Files(string path, params string[] more) => File.Exists(path)
        ? [path]
        : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(f => _endings.Concat(more).Contains(Path.GetExtension(f).ToLowerInvariant())).Order(StringComparer.Ordinal);

    private static bool IsThere(string path) => File.Exists(path) || Directory.Exists(path);

    /// <summary>0 for hospitals and practitioners alone, 1 for other FHIR and for what is broken; null for JSON that is no resource.</summary>
    private static int? Rank(string file)
    {
        var first = IsLines(file) ? LinesOf(file).FirstOrDefault().Text : WithoutMark(File.ReadAllBytes(file));
        if (!Resource.Parse(first).TryGet(out var resource, out _))
            return JsonTree.Parse(first).Failure is null ? null : 1;
        return Types(resource).All(_places.Contains) ? 0 : 1;
    }

    private static IEnumerable<string> Types(Resource resource) => resource.Type == "Bundle"
        ? resource.Root.Children("entry").Select(entry => entry.Child("resource")?.Type.Name ?? "")
        : [resource.Type];

    /// <summary>The lines of a file as bytes with their numbers, empty ones left out; nothing is decoded, so nothing changes.</summary>
    public static IEnumerable<(int Number, ReadOnlyMemory<byte> Text)> LinesOf(string file)
    {
        using var stream = File.OpenRead(file);
        var buffer = new byte[1 << 20];
        var (start, end, number) = (0, 0, 1);
        while (true)
        {
            var at = buffer.AsSpan(start..end).IndexOf((byte)'\n');
            if (at >= 0)
            {
                if (Trimmed(buffer.AsMemory(start, at)) is { Length: > 0 } line)
                    yield return (number, line.ToArray());
                number++;
                start += at + 1;
                continue;
            }
            (buffer, start, end) = Room(buffer, start, end);
            var read = stream.Read(buffer, end, buffer.Length - end);
            end += read;
            if (read > 0)
                continue;
            if (Trimmed(buffer.AsMemory(start..end)) is { Length: > 0 } last)
                yield return (number, last.ToArray());
            yield break;
        }
    }

    private static ReadOnlyMemory<byte> Trimmed(ReadOnlyMemory<byte> line) => WithoutMark(line).Trim(" \t\r"u8);

    private static (byte[] Buffer, int Start, int End) Room(byte[] buffer, int start, int end)
    {
        var roomy = end - start > buffer.Length / 2 ? new byte[buffer.Length * 2] : buffer;
        buffer.AsSpan(start..end).CopyTo(roomy);
        return (roomy, 0, end - start);
    }
}
