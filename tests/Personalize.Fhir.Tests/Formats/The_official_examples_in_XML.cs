using System.Xml.Linq;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Formats;
using Personalize.Fhir.Json;

namespace Personalize.Fhir.Tests.Formats;

public sealed class The_official_examples_in_XML
{
    [Fact]
    public void Are_equal_as_values_when_they_come_back()
    {
        var folder = Corpora.Folder("examples");
        var files = Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "index.json").Order(StringComparer.Ordinal).ToList();
        Assert.Equal(771, files.Count);
        var faults = from file in files
                     let fault = RoundTrip.Fault(File.ReadAllBytes(file))
                     where fault is not null
                     select $"{Path.GetFileName(file)}: {fault}";
        Assert.Empty(faults);
    }
}

/// <summary>JSON to XML and back.</summary>
internal static class RoundTrip
{
    /// <summary>What is different afterwards; null for nothing.</summary>
    public static string? Fault(byte[] json)
    {
        var before = Resource.Parse(json).Value;
        if (!FhirXml.Write(before).TryGet(out var xml, out var failure))
            return failure.Issues[0].ToString();
        if (!FhirXml.Read(xml).TryGet(out var after, out failure))
            return failure.Issues[0].ToString();
        return Difference(before.Tree.Root, after.Tree.Root, before.Type);
    }

    /// <summary>The first place where two values differ: numbers and strings as written, objects whatever the order of their members, a narrative as XHTML.</summary>
    public static string? Difference(JsonItem left, JsonItem right, string path)
    {
        if (left.Kind != right.Kind)
            return path;
        if (left.Kind is JsonKind.Array)
            return left.Items.Count() != right.Items.Count() ? path : left.Items.Zip(right.Items).Select((pair, at) => Difference(pair.First, pair.Second, $"{path}[{at}]")).FirstOrDefault(d => d is not null);
        if (left.Kind is not JsonKind.Object)
            return left.Text == right.Text || (path.EndsWith(".div", StringComparison.Ordinal) && SameXhtml(left.Text!, right.Text!)) ? null : path;
        var keys = left.Items.Select(i => i.Key).Union(right.Items.Select(i => i.Key));
        return keys.Select(key => Difference(left[key], right[key], $"{path}.{key}")).FirstOrDefault(d => d is not null);
    }

    private static bool SameXhtml(string left, string right) => XNode.DeepEquals(Xhtml(left), Xhtml(right));

    private static XElement Xhtml(string text) => XElement.Parse(XmlNarrative.Of(text)!, LoadOptions.PreserveWhitespace);
}
