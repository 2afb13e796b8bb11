using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Fhir.Terminology;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>What a caller may know of codes: R4's and US Core's own code systems and value sets, and those that are stored and that the access may find.</summary>
/// <param name="store">Where they are stored.</param>
internal sealed class KnownTerms(IResourceStore store)
{
    // More stored resources than this are not followed from one value set: what lies beyond counts as unknown.
    private const int MaxFollowed = 200;

    /// <summary>A stored resource with what it draws on.</summary>
    public ValueTask<Outcome<ValueSets>> With(Access access, Resource resource, CancellationToken ct) => Follow(access, [resource.Tree], Drawn(resource.Tree.Root), ct);

    /// <summary>What is known of these canonicals, and of what they draw on. A stored resource takes the place of a definition that comes with the program.</summary>
    public ValueTask<Outcome<ValueSets>> Of(Access access, IEnumerable<string> canonicals, CancellationToken ct) => Follow(access, [], canonicals, ct);

    private async ValueTask<Outcome<ValueSets>> Follow(Access access, List<JsonTree> found, IEnumerable<string> canonicals, CancellationToken ct)
    {
        var waiting = new Queue<string>(canonicals.Select(Bare));
        var seen = new HashSet<string>(waiting, StringComparer.Ordinal);
        while (found.Count < MaxFollowed && waiting.TryDequeue(out var canonical))
            foreach (var type in new[] { "ValueSet", "CodeSystem" })
            {
                if (!(await Find(access, type, canonical, ct)).TryGet(out var matches, out var failure))
                    return failure;
                foreach (var match in matches.Take(1))
                {
                    var tree = Resource.Parse(match.Json).Value.Tree;
                    found.Add(tree);
                    foreach (var next in Drawn(tree.Root).Where(seen.Add))
                        waiting.Enqueue(next);
                }
            }
        return found.Count == 0 ? ValueSets.UsCore : ValueSets.UsCore.With(found);
    }

    // The newest version first.
    private async ValueTask<Outcome<IReadOnlyList<Stored>>> Find(Access access, string type, string canonical, CancellationToken ct)
    {
        if (access.Of(type, Rights.Search) == Reach.None)
            return Array.Empty<Stored>();
        if (!SearchQuery.Parse(type, [new("url", SearchText(canonical)), new("_sort", "-_lastUpdated"), new("_count", "1")], store.Catalog, lenient: false).TryGet(out var query, out var failure))
            return failure;
        return (await store.Search(access, query, null, ct)).Select(page => (IReadOnlyList<Stored>)page.Matches);
    }

    /// <summary>The systems and sets that a value set draws on, and the system of a code system.</summary>
    private static IEnumerable<string> Drawn(JsonItem resource)
    {
        var parts = resource["compose"]["include"].Items.Concat(resource["compose"]["exclude"].Items).ToList();
        return parts.Select(part => part["system"].Text).Concat(parts.SelectMany(part => part["valueSet"].Items.Select(set => set.Text))).OfType<string>().Select(Bare);
    }

    private static string Bare(string canonical) => canonical.Split('|')[0];

    // Commas, bars and dollars have a meaning in a search.
    private static string SearchText(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal).Replace("$", "\\$", StringComparison.Ordinal);
}
