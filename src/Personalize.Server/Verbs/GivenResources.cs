using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Formats;
using Personalize.Fhir.Primitives;

namespace Personalize.Server.Verbs;

/// <summary>A resource that was named at the terminal, or what is wrong with it.</summary>
/// <param name="Source">The file, or <c>-</c>.</param>
/// <param name="Line">The line of the file at which its own first line stands, from 1.</param>
/// <param name="Resource">The resource; a failure when it is none.</param>
internal sealed record GivenResource(string Source, int Line, Outcome<Resource> Resource)
{
    /// <summary>The place of an issue as <c>file:line:column</c>.</summary>
    public string Place(Issue issue) => FormattableString.Invariant($"{Source}:{Line + Math.Max(issue.Line, 1) - 1}:{Math.Max(issue.Column, 1)}");
}

/// <summary>Reads what verbs are given: files of JSON or XML, folders, files with one resource a line, and <c>-</c> for the standard input, which may hold either.</summary>
internal static class GivenResources
{
    /// <summary>The standard input's name.</summary>
    public const string Input = "-";

    private const string XmlEnding = ".xml";

    /// <summary>What is wrong with the paths: <see cref="Failure.Missing"/> for one that is nowhere; and for folders without a file of FHIR; null when all are there.</summary>
    public static Failure? Fault(IReadOnlyList<string> paths)
    {
        var named = paths.Where(p => p != Input).ToList();
        if (LoadFiles.Resolve(named, [Environment.CurrentDirectory]).Failure is { } missing)
            return missing;
        return named.Find(p => !LoadFiles.Files(p, XmlEnding).Any()) is { } empty ? new Failure.Missing($"There is no file of FHIR in {empty}.") : null;
    }

    /// <summary>All resources in order, read one by one.</summary>
    /// <param name="paths">Paths without a fault.</param>
    /// <param name="openInput">Opens the standard input.</param>
    public static IEnumerable<GivenResource> Of(IReadOnlyList<string> paths, Func<Stream> openInput) =>
        paths.SelectMany(p => p == Input ? OfInput(openInput) : LoadFiles.Files(p, XmlEnding).SelectMany(OfFile));

    private static IEnumerable<GivenResource> OfFile(string file) => file.EndsWith(XmlEnding, StringComparison.OrdinalIgnoreCase)
        ? [OfXml(file, File.ReadAllBytes(file))]
        : LoadFiles.IsLines(file)
        ? LoadFiles.LinesOf(file).Select(line => new GivenResource(file, line.Number, Resource.Parse(line.Text)))
        : [new GivenResource(file, 1, Resource.Parse(LoadFiles.WithoutMark(File.ReadAllBytes(file))))];

    private static IEnumerable<GivenResource> OfInput(Func<Stream> openInput)
    {
        using var stream = openInput();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var text = LoadFiles.WithoutMark(bytes.ToArray());
        if (text.Span.TrimStart(" \t\r\n"u8).StartsWith("<"u8))
            return [OfXml(Input, text)];
        var whole = Resource.Parse(text);
        return whole.Failure is null || !text.Span.Trim("\r\n"u8).Contains((byte)'\n') ? [new GivenResource(Input, 1, whole)] : Lines(text);
    }

    private static GivenResource OfXml(string source, ReadOnlyMemory<byte> xml) => new(source, 1, FhirXml.Read(xml));

    private static IEnumerable<GivenResource> Lines(ReadOnlyMemory<byte> text)
    {
        var number = 0;
        foreach (var line in Encoding.UTF8.GetString(text.Span).Split('\n'))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
                yield return new GivenResource(Input, number, Resource.Parse(Encoding.UTF8.GetBytes(line.Trim())));
        }
    }
}
