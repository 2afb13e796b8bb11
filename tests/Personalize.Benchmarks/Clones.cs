using System.Text;
using System.Text.RegularExpressions;
using Personalize.Fhir.Elements;

namespace Personalize.Benchmarks;

/// <summary>As many resources as are wanted: Synthea's, again and again under new ids, with references that stay among each other and family names that differ.</summary>
internal sealed partial class Clones
{
    private const string Family = "\"family\":\"";
    private readonly Template[] _templates;

    private Clones(Template[] templates) => _templates = templates;

    /// <summary>How many resources one generation has; those of the next one have other ids.</summary>
    public int Generation => _templates.Length;

    /// <summary>A text with gaps: between piece n and n+1 stands the id with the number of gap n, or, for a negative one, letters of the generation.</summary>
    private sealed record Template(byte[][] Pieces, int[] Gaps);

    /// <summary>Clones of resources; of two with one id the first is taken.</summary>
    public static Clones Of(byte[][] originals)
    {
        var resources = originals.Select(json => Resource.Parse(json).Value).DistinctBy(r => r.Id).ToArray();
        var numbers = resources.Select((r, at) => (Id: r.Id!.ToString(), at)).ToDictionary(p => p.Id, p => p.at);
        var identified = resources.SelectMany(Identifiers).DistinctBy(p => p.Search).ToDictionary(p => p.Search, p => p.Target);
        return new([.. resources.Select(r => TemplateOf(Plain(r, resources, numbers, identified), numbers))]);
    }

    /// <summary>The resource of a number, 0 and up; the same bytes each time.</summary>
    public byte[] Json(int number)
    {
        var (generation, template) = (number / Generation, _templates[number % Generation]);
        using var json = new MemoryStream();
        json.Write(template.Pieces[0]);
        for (var gap = 0; gap < template.Gaps.Length; gap++)
        {
            json.Write(Encoding.ASCII.GetBytes(template.Gaps[gap] < 0 ? Letters(generation) : IdOf((generation * Generation) + template.Gaps[gap])));
            json.Write(template.Pieces[gap + 1]);
        }
        return json.ToArray();
    }

    /// <summary>The resources of a range of numbers.</summary>
    public byte[][] Range(int from, int count) => [.. Enumerable.Range(from, count).Select(Json)];

    /// <summary>The id of the resource of a number: as random as a UUID, the same each time.</summary>
    public static string IdOf(int number)
    {
        Span<byte> bytes = stackalloc byte[16];
        new Random(number).NextBytes(bytes);
        return new Guid(bytes).ToString();
    }

    private static string Letters(int generation) => $"{(char)('A' + (generation % 26))}{(char)('a' + (generation / 26 % 26))}";

    private static IEnumerable<(string Search, string Target)> Identifiers(Resource resource) =>
        from identifier in resource.Root.Children("identifier")
        select ($"{resource.Type}?identifier={identifier.Child("system")?.Text}|{identifier.Child("value")?.Text}", $"{resource.Type}/{resource.Id}");

    /// <summary>References by search and by bundle entry as references by id.</summary>
    private static string Plain(Resource resource, Resource[] resources, Dictionary<string, int> numbers, Dictionary<string, string> identified)
    {
        var text = BySearch().Replace(Encoding.UTF8.GetString(resource.Bytes.Span), m => identified.GetValueOrDefault(m.Groups[1].Value, m.Groups[1].Value));
        return ByEntry().Replace(text, m => numbers.TryGetValue(m.Groups[1].Value, out var at) ? $"{resources[at].Type}/{m.Groups[1].Value}" : m.Value);
    }

    private static Template TemplateOf(string text, Dictionary<string, int> numbers)
    {
        var (pieces, gaps, from) = (new List<byte[]>(), new List<int>(), 0);
        foreach (Match match in Gap().Matches(text))
        {
            var isName = match.Value == Family;
            if (!isName && !numbers.ContainsKey(match.Value))
                continue;
            var end = isName ? match.Index + match.Length : match.Index;
            pieces.Add(Encoding.UTF8.GetBytes(text[from..end]));
            gaps.Add(isName ? -1 : numbers[match.Value]);
            from = match.Index + match.Length;
        }
        pieces.Add(Encoding.UTF8.GetBytes(text[from..]));
        return new([.. pieces], [.. gaps]);
    }

    [GeneratedRegex("(?<=\")([A-Z][A-Za-z]+\\?identifier=[^\"]+)(?=\")")]
    private static partial Regex BySearch();

    [GeneratedRegex("urn:uuid:([0-9a-f-]{36})")]
    private static partial Regex ByEntry();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|" + Family)]
    private static partial Regex Gap();
}
