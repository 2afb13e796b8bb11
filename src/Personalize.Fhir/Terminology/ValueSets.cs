using System.Collections.Concurrent;
using Personalize.Fhir.Json;

namespace Personalize.Fhir.Terminology;

/// <summary>What is known of codes: R4's own code systems and value sets (<c>r4.codes</c>) and those added from <c>fhir-profiles</c> or the store. Immutable.</summary>
public sealed class ValueSets
{
    // Value sets that draw on each other in a ring are not known beyond this.
    private const int MaxNesting = 16;

    // More codes than this are not laid out for quick looking up.
    private const int MaxPairs = 10_000;

    // Sets from outside may name each other many times over: beyond this many looks nothing is known.
    private const int MaxSteps = 10_000;

    private static readonly Lazy<ValueSets> _r4 = new(() => new ValueSets([], [], Embedded("r4.codes"), isEmbedded: true));
    private static readonly Lazy<ValueSets> _usCore = new(() => new ValueSets(R4._systems, R4._sets, Embedded("us-core.codes"), isEmbedded: true));

    // By the bare canonical, and by the one with the version where there is one.
    private readonly Dictionary<string, CodeSystem> _systems;
    private readonly Dictionary<string, KnownSet> _sets;

    /// <summary>A value set.</summary>
    private sealed record KnownSet(string? Version, IReadOnlyList<ValueSetPart> Parts);

    private readonly ConcurrentDictionary<string, JsonNames?> _lists = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<string, JsonNames?> _pairs = new(ReferenceEqualityComparer.Instance);

    private ValueSets(Dictionary<string, CodeSystem> systems, Dictionary<string, KnownSet> sets, IEnumerable<string> lines, bool isEmbedded = false)
    {
        (_systems, _sets) = (new(systems), new(sets));
        string[] head = [];
        var block = new List<string>();
        foreach (var line in lines.Append(""))
        {
            if (line.StartsWith(' '))
            {
                block.Add(line);
                continue;
            }
            Add(head, block, isEmbedded);
            (head, block) = (line.Split('\t'), []);
        }
    }

    /// <summary>R4's own.</summary>
    public static ValueSets R4 => _r4.Value;

    /// <summary>R4's own and those of US Core 6.1.0.</summary>
    public static ValueSets UsCore => _usCore.Value;

    /// <summary>These and the CodeSystems and ValueSets among the given resources (<c>resource.Tree</c>); one with a URL that is known already takes its place, but where a canonical names the version of the other. What is neither is passed over.</summary>
    public ValueSets With(IEnumerable<JsonTree> resources) => new(_systems, _sets, resources.SelectMany(r => CodesCompiler.LinesWithDisplays(r.Root)));

    /// <summary>Is there a value set of that canonical, of whatever version?</summary>
    public bool Knows(string valueSet) => _sets.ContainsKey(CodesCompiler.Bare(valueSet));

    /// <summary>Is there a value set of that canonical, of the version that it names?</summary>
    public bool KnowsExactly(string valueSet) => Exactly(valueSet) is not null;

    /// <summary>Is anything known of that code system: its codes, a part of them, or their form?</summary>
    public bool KnowsSystem(string system) => _systems.ContainsKey(system) || SyntaxSystems.Contains(system, "") is not null;

    /// <summary>Has the code system that code? Null when its codes are not all known here.</summary>
    internal bool? Defines(ReadOnlySpan<char> system, ReadOnlySpan<char> code) => _systems.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(system, out var known) ? known.Contains(code)
        : SyntaxSystems.IsOne(system) ? SyntaxSystems.Contains(system.ToString(), code.ToString()) : null;

    /// <summary>Has the code system that code? Null when its codes are not all known here.</summary>
    public bool? Defines(string system, string code) => _systems.TryGetValue(system, out var known) ? known.Contains(code) : SyntaxSystems.Contains(system, code);

    /// <summary>The parts of a value set; null when it is not known here in the version that it names.</summary>
    internal IReadOnlyList<ValueSetPart>? Parts(string valueSet) => Exactly(valueSet)?.Parts;

    /// <summary>The version of a value set that is known here; null when it says none.</summary>
    internal string? VersionOf(string valueSet) => Exactly(valueSet)?.Version;

    /// <summary>What is known of a code system; null for nothing, or for another version than the canonical names.</summary>
    internal CodeSystem? System(string canonical) => Find(_systems, canonical, known => known.Version);

    /// <summary>The code system of a part, in the version that it asks for.</summary>
    internal CodeSystem? System(ValueSetPart part) => part.System is null ? null : System(part.SystemVersion is null ? part.System : $"{part.System}|{part.SystemVersion}");

    /// <summary>The display of a code where one is known.</summary>
    public string? Display(string? system, string code) => Wording(system, code)?.Display;

    /// <summary>What a code is called; null where nothing is known.</summary>
    internal Wording? Wording(string? system, string code) => system is null ? null : System(system)?.Wording(code);

    private KnownSet? Exactly(string canonical) => Find(_sets, canonical, known => known.Version);

    /// <summary>What is known by a canonical: of the version that it names, or of one that says no version itself.</summary>
    private static T? Find<T>(Dictionary<string, T> all, string canonical, Func<T, string?> version)
        where T : class => all.TryGetValue(canonical, out var exact) ? exact
        : canonical.IndexOf('|', StringComparison.Ordinal) is >= 0 and var bar && all.TryGetValue(canonical[..bar], out var bare) && version(bare) is null ? bare : null;

    /// <summary>Is the code in the value set? Null when the value set, or a system that it draws on, is not known here.</summary>
    /// <param name="valueSet">Canonical; when it names a version that is not known here, the one that is known is asked.</param>
    /// <param name="system">The code system; null for a bare code (then any system of the set).</param>
    /// <param name="code">The code.</param>
    public bool? Contains(string valueSet, string? system, string code)
    {
        var steps = MaxSteps;
        return (Exactly(valueSet) ?? _sets.GetValueOrDefault(CodesCompiler.Bare(valueSet))) is { } known ? Contains(known, system, code, 0, ref steps) : null;
    }

    /// <summary>The codes of a set that is no more than a list of codes, for looking up bare codes in UTF-8; null when it is more than that, or not known.
    /// The canonical must be the very object that the schema holds: it is looked up by identity, which costs no hash of its text.</summary>
    internal JsonNames? List(string valueSet) => _lists.GetOrAdd(valueSet, static (set, all) => all.Codes(set, 0) is { } codes ? JsonNames.Of(codes) : null, this);

    /// <summary>Codings that are surely in the set, each as <c>system|code</c>, for looking them up in UTF-8: what is not among them may be in it all the same. Null when there are none, or too many.
    /// The canonical must be the very object that the schema holds.</summary>
    internal JsonNames? Pairs(string valueSet) => _pairs.GetOrAdd(valueSet, static (set, all) =>
        all.PairsOf(set, 0).Take(MaxPairs + 1).ToList() is { Count: > 0 and <= MaxPairs } pairs ? JsonNames.Of(pairs) : null, this);

    private IEnumerable<string> PairsOf(string valueSet, int nesting)
    {
        if (nesting > MaxNesting || Exactly(valueSet) is not { Parts: var parts } || parts.Any(p => p.IsExclude))
            return [];
        return parts.SelectMany(part => part switch
        {
            { Filters.Count: > 0 } => [],
            { System: { } url, Codes.Count: > 0, Sets.Count: 0 } => part.Codes.Select(code => $"{url}|{code}"),
            { System: { } url, Codes.Count: 0, Sets.Count: 0 } => System(part)?.List?.Select(code => $"{url}|{code}") ?? [],
            { System: null, Codes.Count: 0, Sets: [var set] } => PairsOf(set, nesting + 1),
            _ => [],
        });
    }

    private List<string>? Codes(string valueSet, int nesting)
    {
        if (nesting > MaxNesting || Exactly(valueSet) is not { Parts: var parts })
            return null;
        var codes = new List<string>();
        foreach (var part in parts)
        {
            if (PartCodes(part, nesting) is not { } more)
                return null;
            codes.AddRange(more);
        }
        return codes;
    }

    private IEnumerable<string>? PartCodes(ValueSetPart part, int nesting) => part switch
    {
        { IsExclude: true } or { Filters.Count: > 0 } or { Sets.Count: > 1 } => null,
        { Codes.Count: > 0, Sets.Count: 0 } => part.Codes,
        { System: null, Sets: [var set] } => Codes(set, nesting + 1),
        { System: not null, Codes.Count: 0, Sets.Count: 0 } => System(part)?.List,
        _ => null,
    };

    private bool? Contains(KnownSet set, string? system, string code, int nesting, ref int steps)
    {
        if (--steps < 0 || nesting > MaxNesting)
            return null;
        bool? included = false;
        bool? excluded = false;
        foreach (var part in set.Parts)
        {
            // One sure yes decides; a doubt stays only as long as there is none.
            if (part.IsExclude && excluded != true)
                excluded = Matches(part, system, code, nesting, ref steps) is var now && now != false ? now : excluded;
            else if (!part.IsExclude && included != true)
                included = Matches(part, system, code, nesting, ref steps) is var now && now != false ? now : included;
        }
        return included == false || excluded == true ? false : excluded is null ? null : included;
    }

    /// <summary>Does a part name the code? Null when that rests on what is not known here.</summary>
    internal bool? Matches(ValueSetPart part, string? system, string code)
    {
        var steps = MaxSteps;
        return Matches(part, system, code, 0, ref steps);
    }

    private bool? Matches(ValueSetPart part, string? system, string code, int nesting, ref int steps)
    {
        if (part.System is not null && system is not null && part.System != system)
            return false;
        var matches = part.Codes.Count > 0 ? part.Codes.Contains(code) : part.System is null ? true : InSystem(part, part.System, code);
        foreach (var set in part.Sets)
        {
            if (matches == false)
                return false;
            matches = And(matches, Exactly(set) is { } known ? Contains(known, system, code, nesting + 1, ref steps) : null);
        }
        return matches;
    }

    private bool? InSystem(ValueSetPart part, string url, string code)
    {
        if (System(part) is not { } system)
            return part.Filters.Count == 0 ? SyntaxSystems.Contains(url, code) : null;
        var matches = system.Contains(code);
        foreach (var filter in part.Filters)
            matches = matches == true ? filter.Holds(system, code) : matches;
        return matches;
    }

    private static bool? And(bool? left, bool? right) => left == false || right == false ? false : left is null || right is null ? null : true;

    private void Add(string[] head, List<string> block, bool isEmbedded)
    {
        if (head is ["system", ..])
            Keep(_systems, head, CodeSystem.Read(head, block, isEmbedded));
        else if (head is ["set", ..])
            Keep(_sets, head, new KnownSet(CodesCompiler.VersionOf(head), [.. block.Select(line => ValueSetPart.Read(line, CodesCompiler.LanguageOf(head)))]));
    }

    private static void Keep<T>(Dictionary<string, T> all, string[] head, T known)
    {
        all[head[1]] = known;
        if (CodesCompiler.VersionOf(head) is { } version)
            all[$"{head[1]}|{version}"] = known;
    }

    /// <summary>The lines of an embedded file.</summary>
    internal static string[] Embedded(string name)
    {
        using var stream = typeof(ValueSets).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded: run fhir-profiles/compile.cs.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n');
    }
}
