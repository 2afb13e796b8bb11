using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Formats;

/// <summary>Resources one a line. Source: http://hl7.org/fhir/R4/nd-json.html.</summary>
public static class Ndjson
{
    /// <summary>The resources in order, each as it is asked for; empty lines are passed over. A line that cannot be read gives a failure whose issues name its line in the whole; the next ones are read all the same.</summary>
    public static IEnumerable<Outcome<Resource>> Read(ReadOnlyMemory<byte> utf8)
    {
        for (var line = 1; !utf8.IsEmpty; line++)
        {
            var end = utf8.Span.IndexOf((byte)'\n');
            var one = end < 0 ? utf8 : utf8[..end];
            utf8 = end < 0 ? default : utf8[(end + 1)..];
            if (!IsBlank(one.Span))
                yield return Placed(Resource.Parse(one), line);
        }
    }

    /// <summary>One line for each resource. A resource that is written over several lines is put on one; all else stays as it is written.</summary>
    public static ReadOnlyMemory<byte> Write(IEnumerable<Resource> resources)
    {
        var bytes = new List<byte>();
        foreach (var resource in resources)
        {
            // Between values a line end is white space; inside a string JSON allows none.
            foreach (var one in resource.Bytes.Span)
                bytes.Add(one is (byte)'\n' or (byte)'\r' ? (byte)' ' : one);
            bytes.Add((byte)'\n');
        }
        return bytes.ToArray();
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\r"u8) < 0;

    private static Outcome<Resource> Placed(Outcome<Resource> read, int line) =>
        read.Failure is Failure.Invalid failure ? new Failure.Invalid([.. failure.Issues.Select(issue => issue with { Line = line })]) : read;
}
