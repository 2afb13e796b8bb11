using System.Collections.Concurrent;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Terminology;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>What a caller may know of codes: the code systems and value sets that come with the program, and those that are stored and that the access may find.
/// The store is asked each time, so that an edit counts at once; what was made of the same versions is kept.</summary>
/// <param name="store">Where they are stored.</param>
/// <param name="program">What comes with the program.</param>
public sealed class KnownTerms(IResourceStore store, ProgramDefinitions program)
{
    // More stored resources than this are not followed at once, and not more canonicals looked for: what lies beyond counts as unknown.
    private const int MaxFollowed = 200;
    private const int MaxAsked = 1_000;

    // So many different selections are kept.
    private const int MaxKept = 32;

    private readonly StoredCanonicals _canonicals = new(store);
    private readonly ConcurrentDictionary<string, ValueSets> _kept = new(StringComparer.Ordinal);

    /// <summary>A resource, stored or posted, with what it draws on.</summary>
    public async ValueTask<Outcome<ValueSets>> With(Access access, Resource resource, CancellationToken ct) =>
        (await Of(access, Drawn(resource.Tree.Root), ct)).Select(known => known.With([resource.Tree]));

    /// <summary>What is known of these canonicals, and of what they draw on. A stored resource takes the place of a definition that comes with the program.</summary>
    public ValueTask<Outcome<ValueSets>> Of(Access access, IEnumerable<string> canonicals, CancellationToken ct) => Of(access, canonicals, new(null), ct);

    /// <summary>What was known of them at a commit.</summary>
    internal async ValueTask<Outcome<ValueSets>> Of(Access access, IEnumerable<string> canonicals, SameCommit at, CancellationToken ct)
    {
        var found = new List<(string Asked, Stored Stored)>();
        var waiting = new Queue<string>(canonicals.Distinct(StringComparer.Ordinal));
        var seen = new HashSet<string>(waiting, StringComparer.Ordinal);
        for (var asked = 0; asked < MaxAsked && found.Count < MaxFollowed && waiting.TryDequeue(out var canonical); asked++)
            foreach (var type in (string[])["ValueSet", "CodeSystem"])
            {
                if (!(await _canonicals.Find(access, type, canonical, at, ct)).TryGet(out var match, out var failure))
                {
                    if (failure is not Failure.Missing)
                        return failure;
                    continue;
                }
                found.Add((canonical, match));
                foreach (var next in Drawn(Resource.Parse(match.Json).Value.Tree.Root).Where(seen.Add))
                    waiting.Enqueue(next);
            }
        return found.Count == 0 ? program.Terms : Kept(found);
    }

    private ValueSets Kept(List<(string Asked, Stored Stored)> found)
    {
        // One that was asked for without version stands for its url, whatever other versions are here.
        var ordered = found.OrderBy(f => f.Asked.Contains('|', StringComparison.Ordinal) ? 0 : 1).Select(f => f.Stored).ToList();
        if (_kept.Count > MaxKept)
            _kept.Clear();
        return _kept.GetOrAdd(string.Join(' ', ordered.Select(s => $"{s.Key}/{s.Version}")), _ => program.Terms.With(ordered.Select(s => Resource.Parse(s.Json).Value.Tree)));
    }

    /// <summary>The systems and sets that a value set draws on.</summary>
    private static IEnumerable<string> Drawn(JsonItem resource)
    {
        var parts = resource["compose"]["include"].Items.Concat(resource["compose"]["exclude"].Items).ToList();
        return parts.Select(part => part["version"].Text is { } version ? $"{part["system"].Text}|{version}" : part["system"].Text).Concat(parts.SelectMany(part => part["valueSet"].Items.Select(set => set.Text))).OfType<string>();
    }
}
