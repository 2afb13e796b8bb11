using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Terminology;
using Personalize.Fhir.Validation;
using Personalize.Fhir.Validation.Profiles;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>What a validation or an expression needs to know: the profiles, value sets and code systems that come with the program, and of those that are stored the ones that a resource, a profile or an expression names.
/// A stored definition takes the place of one that comes with the program.</summary>
/// <param name="store">Where others are.</param>
/// <param name="program">What comes with the program.</param>
/// <param name="terms">What callers may know of codes.</param>
/// <param name="now">The time at the practice.</param>
public sealed class StoredDefinitions(IResourceStore store, ProgramDefinitions program, KnownTerms terms, Func<DateTimeOffset> now)
{
    // A resource that names more profiles than this, or more that are stored, is judged by the first ones; the rest are not known.
    private const int MostAsked = 1_000;
    private const int MostProfiles = 200;
    private const int MostQuestionnaires = 100;

    private readonly StoredCanonicals _canonicals = new(store);

    private sealed record Known(ProfileCatalog Profiles, ValueSets Terms);

    /// <summary>What a resource is judged by, as far as that caller may see. Fails as a search of the store.</summary>
    /// <param name="access">Who asks: what they may not find is not known.</param>
    /// <param name="resource">The resource.</param>
    /// <param name="profiles">Canonicals of profiles beside those that it names.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<Outcome<ValidationContext>> For(Access access, Resource resource, IEnumerable<string> profiles, CancellationToken ct)
    {
        var elements = Below(resource.Root).Prepend(resource.Root).ToList();
        if (!(await Questionnaires(access, elements, ct)).TryGet(out var questionnaires, out var failure))
            return failure;
        var named = elements.SelectMany(Profiles).Concat(profiles).Distinct(StringComparer.Ordinal).ToList();
        var codes = elements.Concat(questionnaires.Values.SelectMany(q => Below(q.Root))).SelectMany(Codes);
        return (await Of(access, named, codes, ct)).Select(known => new ValidationContext(new FhirPathContext(now()) { ValueSets = known.Terms })
        {
            Profiles = known.Profiles,
            Questionnaire = questionnaires.GetValueOrDefault,
        });
    }

    /// <summary>The same evaluation with value sets for <c>memberOf()</c> and profiles for <c>conformsTo()</c>. Fails as a search of the store.</summary>
    /// <param name="access">Who asks.</param>
    /// <param name="scope">The evaluation.</param>
    /// <param name="canonicals">What the expression names: only these are looked for in the store.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<Outcome<FhirPathContext>> Evaluation(Access access, FhirPathContext scope, IReadOnlyCollection<string> canonicals, CancellationToken ct) =>
        (await Of(access, canonicals, canonicals, ct)).Select(known => ProgramDefinitions.Evaluation(scope, known.Terms, known.Profiles));

    private async Task<Outcome<Known>> Of(Access access, IReadOnlyCollection<string> profiles, IEnumerable<string> codes, CancellationToken ct)
    {
        if (!(await Found(access, profiles, ct)).TryGet(out var found, out var failure))
            return failure;
        var catalog = found.Count == 0 ? program.Profiles : program.Profiles.With(found.Select(r => r.Tree));
        var bound = profiles.Concat(found.Select(r => r.Root.Child("url")!.Value.Text!)).SelectMany(catalog.ValueSets);
        return (await terms.Of(access, codes.Concat(bound), ct)).Select(known => new Known(catalog, known));
    }

    /// <summary>The stored ones among these profiles, those on which they rest, and those that they ask of parts; what was asked for by its version first, so that the other stands for the url.</summary>
    private async Task<Outcome<List<Resource>>> Found(Access access, IEnumerable<string> canonicals, CancellationToken ct)
    {
        var found = new List<(bool IsPinned, Resource Profile)>();
        var waiting = new Queue<string>(canonicals.Where(IsProfile));
        var seen = new HashSet<string>(waiting, StringComparer.Ordinal);
        for (var asked = 0; asked < MostAsked && found.Count < MostProfiles && waiting.TryDequeue(out var canonical); asked++)
        {
            if (!(await One(access, "StructureDefinition", canonical, ct)).TryGet(out var profiles, out var failure))
                return failure;
            foreach (var profile in profiles)
            {
                found.Add((canonical.Contains('|', StringComparison.Ordinal), profile));
                foreach (var next in Asked(profile.Root).Where(next => IsProfile(next) && seen.Add(next)))
                    waiting.Enqueue(next);
            }
        }
        return found.OrderBy(f => f.IsPinned ? 0 : 1).Select(f => f.Profile).ToList();
    }

    private async Task<Outcome<Dictionary<string, Resource>>> Questionnaires(Access access, IEnumerable<Element> elements, CancellationToken ct)
    {
        var questionnaires = new Dictionary<string, Resource>(StringComparer.Ordinal);
        var named = elements.Where(e => e.Type.Name == "QuestionnaireResponse").Select(r => r.Child("questionnaire")?.Text).OfType<string>().Where(c => c.Length > 0 && c[0] != '#');
        foreach (var canonical in named.Distinct(StringComparer.Ordinal).Take(MostQuestionnaires))
        {
            if (!(await One(access, "Questionnaire", canonical, ct)).TryGet(out var found, out var failure))
                return failure;
            foreach (var questionnaire in found)
                questionnaires[canonical] = questionnaire;
        }
        return questionnaires;
    }

    /// <summary>The stored definition, or none.</summary>
    private async Task<Outcome<IReadOnlyList<Resource>>> One(Access access, string type, string canonical, CancellationToken ct)
    {
        var found = await _canonicals.FindAny(access, type, canonical, ct);
        return found.Failure is Failure.Missing ? Array.Empty<Resource>() : found.Then(stored => Resource.Parse(stored.Json)).Select<IReadOnlyList<Resource>>(one => [one]);
    }

    /// <summary>A base or a profile of a part; R4's own types are none.</summary>
    private static bool IsProfile(string canonical) => StoredCanonicals.Bare(canonical) is var bare && FhirSchema.R4.Type(bare[(bare.LastIndexOf('/') + 1)..]) is null;

    private static IEnumerable<string> Asked(Element profile)
    {
        var types = Below(profile).Where(e => e.Definition?.Name is "profile" or "targetProfile" && e.Type.Name == "canonical").Select(e => e.Text);
        return types.Prepend(profile.Child("baseDefinition")?.Text).OfType<string>();
    }

    /// <summary>The profiles that an element names: in <c>meta.profile</c>, or as an extension.</summary>
    private static IEnumerable<string> Profiles(Element element) => element.Type.Name switch
    {
        "Meta" => element.Children("profile").Select(p => p.Text).OfType<string>(),
        "Extension" when element.Child("url")?.Text is { } url && url.Contains(':', StringComparison.Ordinal) => [url],
        _ => [],
    };

    /// <summary>The code system of a coded element, and the value set of a question.</summary>
    private static IEnumerable<string> Codes(Element element) => element.Type.Name switch
    {
        "Coding" when element.Child("system")?.Text is { } system => [system],
        "canonical" when element.Definition?.Name == "answerValueSet" && element.Text is { } set => [set],
        _ => [],
    };

    private static IEnumerable<Element> Below(Element element)
    {
        var waiting = new Stack<Element>([element]);
        while (waiting.TryPop(out var next))
            foreach (var child in next.Children())
            {
                yield return child;
                waiting.Push(child);
            }
    }
}
