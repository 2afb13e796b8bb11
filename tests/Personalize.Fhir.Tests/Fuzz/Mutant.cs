using System.Text;
using Personalize.Fhir.Json;

namespace Personalize.Fhir.Tests;

/// <summary>Damaged copies of documents: bytes flipped, stretches lost, doubled and exchanged, values put where others stood. The same seed gives the same copies.</summary>
internal sealed class Mutant(IReadOnlyList<byte[]> originals, int seed, bool isXml = false)
{
    private const int MostDamages = 4;

    private static readonly byte[][] _ofJson = [.. new[]
    {
        "{", "}", "[", "]", "\"", ":", ",", "null", "true", "-", "0", "00", "1e5", "-1.50", "1e999999999", "0.0000000000000000000000000001", new string('9', 60), "\\u0000", "\\ud800", "\\ud83d\\ude00", "\\",
        "\"\"", "{}", "[]", "[null]", "\"_id\":{}", "\"id\":\"a\"", "\"resourceType\":\"Patient\"", "\"extension\":[{\"url\":\"x\"}]", "\"reference\":\"Patient/1/_history/2\"", "\"#\"", "\"urn:uuid:\"", "|", "/", "?",
        "2020-02-30", "9999-12-31T23:59:59.999999+14:00", "0001-01-01T00:00:00-14:00", "\u0000", "\u00e9", "\ufeff", " ", "\n", new string('[', 70), new string('{', 70), new string(' ', 300),
    }.Select(Encoding.UTF8.GetBytes)];

    private static readonly byte[][] _ofXml = [.. new[]
    {
        "<", ">", "/>", "</", "\"", "'", "=", "&", "&lt;", "&#0;", "&#x41;", "&#xd800;", "&#x1F600;", "&nbsp;", "&x;", "<!--", "-->", "<!-- x -->", "<![CDATA[", "]]>", "<![CDATA[x]]>", "<?xml version=\"1.0\"?>", "<?xml version=\"1.1\" encoding=\"utf-16\"?>", "<?x y?>",
        "<!DOCTYPE x [<!ENTITY x \"y\">]>", "<!DOCTYPE Patient SYSTEM \"file:///etc/hosts\">", " id=\"x\"", " value=\"\"", " value=\"x\"", " xmlns=\"http://hl7.org/fhir\"", " xmlns=\"\"", " xmlns:x=\"http://hl7.org/fhir\"", "x:", "<id value=\"a\"/>", "<extension url=\"x\"/>", "<contained>", "<contained><Patient/></contained>",
        "<div xmlns=\"http://www.w3.org/1999/xhtml\">", "</div>", "<p>x</p>", "x", "\u0000", "\u00e9", "\ufeff", "\ufffe", " ", "\n", string.Concat(Enumerable.Repeat("<extension url=\"x\">", 70)), string.Concat(Enumerable.Repeat("<p>", 5000)), new string(' ', 300), "<1>", "<Patient xmlns=\"http://hl7.org/fhir\">", "</Patient>", new string('9', 60),
    }.Select(Encoding.UTF8.GetBytes)];

    private readonly byte[][] _pieces = isXml ? _ofXml : _ofJson;
    private readonly Random _random = new(seed);

    /// <summary>The next copy.</summary>
    public byte[] Next()
    {
        var bytes = new List<byte>(Original());
        for (var left = 1 + _random.Next(MostDamages); left > 0; left--)
            Damage(bytes);
        return [.. bytes];
    }

    private byte[] Original() => originals[_random.Next(originals.Count)];

    private void Damage(List<byte> bytes)
    {
        var at = _random.Next(bytes.Count + 1);
        var length = Math.Min(_random.Next(1, _random.Next(2) == 0 ? 4 : 200), bytes.Count - at);
        switch (_random.Next(8))
        {
            case 0 when at < bytes.Count:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 1:
                bytes.RemoveRange(at, length);
                break;
            case 2:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 3 or 4:
                bytes.InsertRange(at, _pieces[_random.Next(_pieces.Length)]);
                break;
            default:
                if (isXml)
                    ExchangeTags(bytes);
                else
                    Exchange(bytes);
                break;
        }
    }

    /// <summary>Puts a value of another document in the place of one of this: the result is JSON still, where this was.</summary>
    private void Exchange(List<byte> bytes)
    {
        var into = JsonTree.Parse(bytes.ToArray());
        if (into.Failure is not null || !JsonTree.Parse(Original()).TryGet(out var from, out _))
            return;
        var (to, with) = (into.Value[_random.Next(into.Value.Count)], from[_random.Next(from.Count)]);
        bytes.RemoveRange(to.Place, to.End - to.Place);
        bytes.InsertRange(to.Place, from.Bytes.Span[with.Place..with.End].ToArray());
    }

    /// <summary>Puts a few tags of another document, or of this one, in the place of some.</summary>
    private void ExchangeTags(List<byte> bytes)
    {
        var from = _random.Next(2) == 0 ? Original() : [.. bytes];
        var (start, end) = Tags(bytes.ToArray());
        var (first, last) = Tags(from);
        bytes.RemoveRange(start, end - start);
        bytes.InsertRange(start, from[first..last]);
    }

    // From the beginning of a tag to that of a later one; where there are no tags, nothing.
    private (int Start, int End) Tags(ReadOnlySpan<byte> xml)
    {
        var from = _random.Next(xml.Length + 1);
        var start = xml[from..].IndexOf((byte)'<') + from;
        if (start < from)
            return (0, 0);
        var end = start;
        for (var left = 1 + _random.Next(6); left > 0; left--)
            end = xml[(end + 1)..].IndexOf((byte)'<') is >= 0 and var next ? end + 1 + next : end;
        return (start, end);
    }
}
