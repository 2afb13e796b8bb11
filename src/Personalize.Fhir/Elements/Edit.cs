using System.Buffers;
using System.Globalization;
using System.Text;
using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Elements;

/// <summary>Changed copies of a resource: only what is named changes, every other byte stays as it is.</summary>
public static class Edit
{
    private static readonly string[] _beforeExtensions = ["resourceType", "id", "meta", "implicitRules", "language", "text", "contained"];
    // What stands for the version and the time until they are known; each its own, so that it is found again.
    private static readonly ReadOnlyMemory<byte> _version = "\"\""u8.ToArray();
    private static readonly ReadOnlyMemory<byte> _updated = "\"\""u8.ToArray();
    private static readonly SearchValues<byte> _endsLink = SearchValues.Create("\\\"'<> "u8);

    /// <summary>Sets <c>id</c>, <c>meta.versionId</c> and <c>meta.lastUpdated</c> (milliseconds; UTC as <c>Z</c>); the rest of <c>meta</c> is kept.</summary>
    public static ReadOnlyMemory<byte> WithIdentity(Resource resource, ResourceId id, string versionId, DateTimeOffset lastUpdated) => WithId(resource, id).With(versionId, lastUpdated);

    /// <summary>Sets <c>id</c>, and makes room for <c>meta.versionId</c> and <c>meta.lastUpdated</c>; the rest of <c>meta</c> is kept.</summary>
    public static UnversionedContent WithId(Resource resource, ResourceId id)
    {
        var tree = resource.Tree;
        var splices = new Splices(tree.Bytes);
        var behindType = tree[Element.ResourceTypeNode(tree, 0)].End;
        SetProperty(tree, 0, "id", JsonText.Quote(id.ToString()), behindType, splices);
        var meta = Member(tree, 0, "meta");
        if (meta < 0)
            AddMeta(",\"meta\":{\"versionId\":"u8.ToArray(), behindType, behindType, splices);
        else if (tree[meta].Kind != JsonKind.Object || tree[meta].Next == meta + 1)
            AddMeta("{\"versionId\":"u8.ToArray(), tree[meta].Place, tree[meta].End, splices);
        else
            SetMeta(tree, meta, splices);
        var json = splices.Apply();
        return new(json, splices.PlaceOf(_version) + 1, splices.PlaceOf(_updated) + 1);
    }

    /// <summary>Replaces links: <c>map</c> is asked for every <c>Reference.reference</c>, and for each uri (url, canonical, oid, uuid) and each link in the narrative that begins with <c>urn:</c>; null keeps it.
    /// Source: FHIR R4, RESTful API, Replacing hyperlinks in a transaction.</summary>
    public static ReadOnlyMemory<byte> WithReferences(Resource resource, Func<string, string?> map)
    {
        var splices = new Splices(resource.Bytes);
        Links(resource.Root, map, splices);
        return splices.Apply();
    }

    /// <summary>Takes away the extensions at the root whose url is to be dropped, and adds others (each a JSON object) behind those that stay.</summary>
    public static ReadOnlyMemory<byte> WithExtensions(Resource resource, Func<string, bool> dropUrl, IReadOnlyList<ReadOnlyMemory<byte>> add)
    {
        var tree = resource.Tree;
        var all = resource.Root.Children("extension").ToList();
        var kept = all.Where(e => !dropUrl(e.Child("url")?.Text ?? "")).ToList();
        if (kept.Count == all.Count && add.Count == 0)
            return tree.Bytes;
        var splices = new Splices(tree.Bytes);
        var array = Array([.. kept.Select(e => tree.Bytes[tree[e.Node].Place..tree[e.Node].End]), .. add]);
        var at = Member(tree, 0, "extension");
        if (array.Length > 2)
            SetProperty(tree, 0, "extension", array, _beforeExtensions.Max(name => Member(tree, 0, name) is >= 0 and var node ? tree[node].End : 0), splices);
        else if (at >= 0)
            RemoveProperty(tree, at, splices);
        return splices.Apply();
    }

    /// <summary>A time as FHIR writes an instant, to the millisecond.</summary>
    public static string Instant(DateTimeOffset time) => time.Offset == TimeSpan.Zero ? string.Create(UtcLength, time.UtcDateTime, static (text, utc) =>
        {
            // The round-trip form is written without reading a pattern; it ends in seven digits and a Z.
            Span<char> whole = stackalloc char[28];
            utc.TryFormat(whole, out _, "O", CultureInfo.InvariantCulture);
            whole[..(UtcLength - 1)].CopyTo(text);
            text[^1] = 'Z';
        })
        : time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);

    private const int UtcLength = 24;

    private static void AddMeta(byte[] begin, int start, int end, Splices splices)
    {
        splices.Replace(start, end, begin);
        splices.Insert(end, _version);
        splices.Insert(end, ",\"lastUpdated\":"u8.ToArray());
        splices.Insert(end, _updated);
        splices.Insert(end, "}"u8.ToArray());
    }

    private static void SetMeta(JsonTree tree, int meta, Splices splices)
    {
        // What is missing goes right behind the brace: there is at least one member to follow it.
        foreach (var (name, value) in new[] { ("versionId", _version), ("lastUpdated", _updated) })
            if (Member(tree, meta, name) is >= 0 and var at)
            {
                splices.Replace(tree[at].Place, tree[at].End, value);
            }
            else
            {
                splices.Insert(tree[meta].Start + 1, Encoding.UTF8.GetBytes($"\"{name}\":"));
                splices.Insert(tree[meta].Start + 1, value);
                splices.Insert(tree[meta].Start + 1, ","u8.ToArray());
            }
    }

    private static void SetProperty(JsonTree tree, int container, string name, byte[] value, int otherwiseBehind, Splices splices)
    {
        if (Member(tree, container, name) is >= 0 and var at)
            splices.Replace(tree[at].Place, tree[at].End, value);
        else
            splices.Insert(otherwiseBehind, Join(Encoding.UTF8.GetBytes($",\"{name}\":"), value));
    }

    /// <summary>A property and the comma before it; the first one (never the only one: there is resourceType) and the comma behind it.</summary>
    private static void RemoveProperty(JsonTree tree, int at, Splices splices)
    {
        var start = tree[at].KeyStart - 1;
        var end = tree[at].End;
        var comma = tree.Bytes.Span[..start].LastIndexOfAnyExcept(" \r\n\t"u8);
        if (tree.Bytes.Span[comma] == ',')
            start = comma;
        else
            end += tree.Bytes.Span[end..].IndexOf((byte)',') + 1;
        splices.Replace(start, end, default);
    }

    private static int Member(JsonTree tree, int container, string name)
    {
        var id = tree.Names.Id(name);
        for (var at = container + 1; at < tree[container].Next; at = tree[at].Next)
            if (tree[at].Name == id && !tree[at].Has(JsonMarks.Twin))
                return at;
        return -1;
    }

    private static void Links(Element element, Func<string, string?> map, Splices splices)
    {
        foreach (var child in element.Children())
        {
            if (child.HasValue && child.Type.Name == "xhtml")
                NarrativeLinks(child, map, splices);
            else if (child.HasValue && IsLink(child) && child.Text is { } text && map(text) is { } instead && instead != text)
                splices.Replace(child.Tree[child.Node].Place, child.Tree[child.Node].End, JsonText.Quote(instead));
            Links(child, map, splices);
        }
    }

    private static bool IsLink(Element element) =>
        element.Definition?.Path == "Reference.reference" || (element.Type.Is("uri") && element.Tree.Raw(element.Node).StartsWith("urn:"u8));

    /// <summary>Finds <c>href="urn:…"</c> and <c>src="urn:…"</c> in the bytes as they are escaped, so that the rest of the narrative stays as it was written.</summary>
    private static void NarrativeLinks(Element div, Func<string, string?> map, Splices splices)
    {
        var raw = div.Tree.Raw(div.Node);
        var start = div.Tree[div.Node].Start;
        for (var at = 0; raw[at..].IndexOf("urn:"u8) is >= 0 and var next; at += next + 4)
        {
            var from = at + next;
            var length = raw[from..].IndexOfAny(_endsLink);
            var before = raw[..from].TrimEnd("\"'\\ "u8).TrimEnd("= "u8);
            if (length > 0 && (before.EndsWith("href"u8) || before.EndsWith("src"u8)) && map(Encoding.UTF8.GetString(raw.Slice(from, length))) is { } instead)
                splices.Replace(start + from, start + from + length, JsonText.Quote(instead.Replace("&", "&amp;", StringComparison.Ordinal)).AsMemory()[1..^1]);
        }
    }

    private static byte[] Array(List<ReadOnlyMemory<byte>> items) =>
        [.. "["u8, .. items.SelectMany((item, at) => at == 0 ? item.ToArray() : [(byte)',', .. item.ToArray()]), .. "]"u8];

    private static byte[] Join(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third = default) => [.. first, .. second, .. third];
}
