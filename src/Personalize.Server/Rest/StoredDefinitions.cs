using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Search;
using Personalize.Fhir.Terminology;
using Personalize.Fhir.Validation;
using Personalize.Fhir.Validation.Profiles;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>What a validation needs to know: the profiles and value sets that come with the program, and of those that are stored the ones that a resource names.</summary>
/// <param name="store">Where others are.</param>
/// <param name="content">What comes with the program.</param>
/// <param name="now">The time at the practice.</param>
public sealed class StoredDefinitions(IResourceStore store, IReadOnlyList<Resource> content, Func<DateTimeOffset> now)
{
    // A profile may rest on another that is stored too, and so on.
    private const int MostBases = 8;

    // Made when they are first asked for: a server starts without them.
    private readonly Lazy<ProfileCatalog> _profiles = new(() => ProfileCatalog.UsCore.With(content.Select(r => r.Tree)));
    private readonly Lazy<ValueSets> _valueSets = new(() => ValueSets.UsCore.With(content.Select(r => r.Tree)));

    /// <summary>What a resource is judged by, as far as that caller may see.</summary>
    /// <param name="access">Who asks: what they may not read is not known.</param>
    /// <param name="resource">The resource.</param>
    /// <param name="profiles">Canonicals of profiles beside those that it names.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<ValidationContext> For(Access access, Resource resource, IEnumerable<string> profiles, CancellationToken ct)
    {
        var named = Resources(resource.Root).SelectMany(Named).Concat(profiles).Select(Bare).Distinct(StringComparer.Ordinal).ToList();
        var questionnaires = new Dictionary<string, Resource>(StringComparer.Ordinal);
        foreach (var canonical in Resources(resource.Root).Select(r => r.Child("questionnaire")?.Text).OfType<string>().Where(c => c[0] != '#').Select(Bare).Distinct(StringComparer.Ordinal))
            if (await Find(access, "Questionnaire", canonical, ct) is { } found)
                questionnaires[canonical] = found;
        return new ValidationContext(new FhirPathContext(now()) { ValueSets = _valueSets.Value })
        {
            Profiles = await Profiles(access, named, ct),
            Questionnaire = canonical => questionnaires.GetValueOrDefault(Bare(canonical)),
        };
    }

    /// <summary>The same evaluation with what comes with the program: value sets for <c>memberOf()</c>, profiles for <c>conformsTo()</c>. Nothing stored is known to it.</summary>
    public FhirPathContext Evaluation(FhirPathContext scope)
    {
        var known = scope with { ValueSets = _valueSets.Value };
        return known with { ConformsTo = (element, canonical) => Validator.Conforms(element, canonical, new ValidationContext(known) { Profiles = _profiles.Value }) };
    }

    private async Task<ProfileCatalog> Profiles(Access access, IEnumerable<string> named, CancellationToken ct)
    {
        var found = new List<Resource>();
        foreach (var canonical in named)
        {
            var next = canonical;
            for (var depth = 0; depth < MostBases && _profiles.Value.Find(next) is null && await Find(access, "StructureDefinition", next, ct) is { } profile; depth++)
            {
                found.Add(profile);
                next = Bare(profile.Root.Child("baseDefinition")?.Text ?? "");
            }
        }
        return found.Count == 0 ? _profiles.Value : _profiles.Value.With(found.Select(r => r.Tree));
    }

    private async Task<Resource?> Find(Access access, string type, string canonical, CancellationToken ct)
    {
        var query = SearchQuery.Parse(type, [new("url", canonical.Replace(",", "\\,", StringComparison.Ordinal)), new("_count", "1")], store.Catalog, lenient: false);
        if (!query.TryGet(out var parsed, out _) || !(await store.Search(access, parsed, null, ct)).TryGet(out var page, out _) || page.Matches.IsEmpty)
            return null;
        return Resource.Parse(page.Matches[0].Json).TryGet(out var found, out _) ? found : null;
    }

    private static IEnumerable<string> Named(Element resource) => resource.Child("meta")?.Children("profile").Select(p => p.Text).OfType<string>() ?? [];

    /// <summary>The resource and those in it.</summary>
    private static IEnumerable<Element> Resources(Element resource)
    {
        yield return resource;
        var inside = resource.Children("contained").Concat(resource.Children("entry").Select(e => e.Child("resource")).OfType<Element>());
        foreach (var inner in inside.Where(e => e.Type.IsResource).SelectMany(Resources))
            yield return inner;
    }

    private static string Bare(string canonical) => canonical.Split('|')[0];
}
