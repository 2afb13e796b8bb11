using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Validation.Profiles;

/// <summary>The profiles that are known: those of R4 itself and of US Core 6.1.0, and those added. Immutable; a profile is made into rules when it is first asked for.</summary>
public sealed partial class ProfileCatalog
{
    // A profile that rests on itself ends here.
    private const int MostBases = 16;

    private static readonly Lazy<ProfileCatalog> _r4 = new(() => new ProfileCatalog([], Embedded("r4.profiles")));
    private static readonly Lazy<ProfileCatalog> _usCore = new(() => new ProfileCatalog(R4._texts, Embedded("us-core.profiles")));

    // By the bare canonical, and by the one with its version: the head line, and the lines under it.
    private readonly Dictionary<string, (string Head, List<string> Lines)> _texts;
    private readonly ConcurrentDictionary<string, Profile> _made = new(StringComparer.Ordinal);

    private ProfileCatalog(Dictionary<string, (string Head, List<string> Lines)> known, IEnumerable<string> lines)
    {
        _texts = new(known, StringComparer.Ordinal);
        List<string> block = [];
        foreach (var line in lines.Where(l => l.Length > 0 && l[0] != '#'))
        {
            if (line[0] == ' ')
                block.Add(line);
            else
                Keep(line.Split('\t'), (line, block = []));
        }
    }

    private void Keep(string[] head, (string Head, List<string> Lines) text)
    {
        _texts[head[0]] = text;
        if (head[1] != "-")
            _texts[$"{head[0]}|{head[1]}"] = text;
    }

    /// <summary>The profiles and extensions that come with R4.</summary>
    public static ProfileCatalog R4 => _r4.Value;

    /// <summary>R4's and those of US Core 6.1.0.</summary>
    public static ProfileCatalog UsCore => _usCore.Value;

    /// <summary>The canonicals of all, without version, in no order.</summary>
    public IEnumerable<string> Canonicals => _texts.Keys.Where(canonical => !canonical.Contains('|', StringComparison.Ordinal));

    /// <summary>These and the profiles among the given resources (<c>resource.Tree</c>); one with a canonical that is known already takes its place, but where a canonical names the version of the other.
    /// One without a snapshot rests on its base, which must be known here too or be a type of R4. What is no profile of a type of R4 is passed over.</summary>
    public ProfileCatalog With(IEnumerable<JsonTree> resources) => new(_texts, resources.SelectMany(r => ProfileCompiler.Lines(r.Root)));

    /// <summary>The value sets that the profile of that canonical, and those on which it rests, speak of: in bindings and by <c>memberOf()</c>; none when it is not known.</summary>
    public IEnumerable<string> ValueSets(string canonical) => Key(canonical) is { } key
        ? Lines(key, 0).SelectMany(line => line.Split('\t')).SelectMany(Named).Distinct(StringComparer.Ordinal)
        : [];

    private static IEnumerable<string> Named(string field) => field.Length == 0 ? [] : field[0] switch
    {
        '@' => field.Split(' ').Skip(1).Take(1),
        '!' or '?' => MemberOf().Matches(field).Select(match => match.Groups[1].Value),
        _ => [],
    };

    [GeneratedRegex(@"memberOf\('([^']+)'\)", RegexOptions.CultureInvariant)]
    private static partial Regex MemberOf();

    /// <summary>The profile of that canonical; null when it is not known. When it names a version that is not known here, the one that is known is given.</summary>
    public Profile? Find(string canonical)
    {
        if (_made.TryGetValue(canonical, out var known))
            return known;
        if (Key(canonical) is not { } url)
            return null;
        return _made.TryGetValue(url, out var made) ? made : _texts.TryGetValue(url, out var text) ? _made.GetOrAdd(url, ProfileReader.Read(text.Head, Lines(url, 0), Missing(url))) : null;
    }

    private string? Key(string canonical) => _texts.ContainsKey(canonical) ? canonical : ProfileCompiler.Bare(canonical) is var bare && _texts.ContainsKey(bare) ? bare : null;

    /// <summary>The lines of a profile behind those of the profiles that it rests on.</summary>
    private List<string> Lines(string url, int depth)
    {
        if (depth > MostBases || !_texts.TryGetValue(url, out var text))
            return [];
        return Base(text.Head) is { } over ? [.. Lines(over, depth + 1), .. text.Lines] : text.Lines;
    }

    /// <summary>The first base on the way to R4's own type that is not known.</summary>
    private string? Missing(string url)
    {
        for (var depth = 0; depth <= MostBases; depth++)
        {
            if (!_texts.TryGetValue(url, out var text))
                return url == ProfileCompiler.Definitions + FhirSchema.R4.Type(url[(url.LastIndexOf('/') + 1)..])?.Name ? null : url;
            if (Base(text.Head) is not { } over)
                return null;
            url = over;
        }
        return url;
    }

    private static string? Base(string head) => head.Split('\t').FirstOrDefault(f => f[0] == '+')?[1..];

    private static string[] Embedded(string name)
    {
        using var stream = typeof(ProfileCatalog).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded: run fhir-profiles/compile.cs.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n');
    }
}
