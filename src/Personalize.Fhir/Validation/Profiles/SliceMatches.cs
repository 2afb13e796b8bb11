using System.Collections.Immutable;
using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Validation.Profiles;

/// <summary>Works out, from the rules of a slice, what tells its items from others. Source: FHIR R4, Profiling, Discriminator.</summary>
internal static class SliceMatches
{
    public static IReadOnlyList<SliceMatch> Of(ElementRules slice, Slicing slicing, ProfileCatalog catalog)
    {
        var matches = slicing.Discriminators.SelectMany(d => Of(slice, d, catalog)).ToList();
        return matches.Count > 0 ? matches : [new NoSliceMatch()];
    }

    private static IEnumerable<SliceMatch> Of(ElementRules slice, Discriminator discriminator, ProfileCatalog catalog)
    {
        var path = Steps(discriminator.Path);
        return discriminator.Kind switch
        {
            "value" or "pattern" => Values(slice, path, catalog),
            "exists" => Exists(slice, path, catalog),
            "type" => Types(slice, path, catalog),
            "profile" => Profiles(slice, path, catalog),
            _ => [],
        };
    }

    /// <summary><c>$this</c> is no step; <c>code.coding</c> are two; <c>extension('url')</c>, <c>resolve()</c> and <c>ofType(X)</c> are calls.</summary>
    private static List<PathStep> Steps(string path)
    {
        var steps = new List<PathStep>();
        for (var rest = path.AsSpan(); rest.Length > 0;)
        {
            var open = rest.IndexOf('(');
            var dot = rest.IndexOf('.');
            var isCall = open >= 0 && (dot < 0 || open < dot);
            var end = isCall ? rest.IndexOf(')') + 1 : dot < 0 ? rest.Length : dot;
            var argument = isCall ? rest[(open + 1)..(end - 1)].Trim('\'').ToString() : "";
            var name = rest[..(isCall ? open : end)].ToString();
            if (name != "$this")
                steps.Add(isCall ? new(name switch { "extension" => PathStepKind.Extension, "resolve" => PathStepKind.Resolve, _ => PathStepKind.OfType }, argument) : new(PathStepKind.Child, name));
            rest = end < rest.Length ? rest[(end + 1)..] : default;
        }
        return steps;
    }

    /// <summary>The fixed value or pattern on the way, or the binding at its end; of a slice that says it only further down, all of these.</summary>
    private static IEnumerable<SliceMatch> Values(ElementRules slice, List<PathStep> path, ProfileCatalog catalog)
    {
        // The url of an extension is the canonical of its profile.
        if (path is [{ Text: "url" }] && slice.Name is "extension" or "modifierExtension" && slice.Rule<TypeRule>()?.Types is [{ Profiles: [var url, ..] }])
            return [new ValueSliceMatch(path, Text(url), true)];
        var (end, length, value) = Walk(slice, path, catalog);
        if (value is not null)
            return [Found(path, length, value)];
        if (Sliced(slice, path, catalog).ToList() is { Count: > 0 } inner)
            return inner;
        if (end is null)
            return [];
        return end.Rule<BindingRule>() is { Strength: "required" } binding ? [new BindingSliceMatch(path, binding.ValueSet)] : Below(end, path, catalog);
    }

    /// <summary>A list on the way may have slices of its own: what those say that must be there holds of the item.</summary>
    private static IEnumerable<SliceMatch> Sliced(ElementRules slice, List<PathStep> path, ProfileCatalog catalog)
    {
        var at = slice;
        for (var step = 1; step < path.Count && Next(at, path[step - 1], catalog) is { } next; step++)
        {
            at = next;
            foreach (var match in at.Slices.Where(s => s.Min > 0).SelectMany(s => Values(s, path[step..], catalog)))
                yield return Under(path[..step], match);
        }
    }

    /// <summary>What the discriminator asks of a value that was found at, or above, the end of its path.</summary>
    private static ValueSliceMatch Found(List<PathStep> path, int length, Rule value)
    {
        var (tree, isExact) = value is FixedRule isFixed ? (isFixed.Value, true) : (((PatternRule)value).Value, false);
        var part = tree.Root;
        foreach (var step in path.Skip(length))
            part = step.Kind == PathStepKind.Child ? part[step.Text] : default;
        return part.Exists && length < path.Count ? new(path, tree.Cut(part.Node), isExact) : new(path[..length], tree, isExact && length == path.Count);
    }

    private static IEnumerable<SliceMatch> Below(ElementRules rules, List<PathStep> path, ProfileCatalog catalog) =>
        rules.Children.Concat(rules.Slices).Where(c => c.Min > 0 || c.Rule<FixedRule>() is not null || c.Rule<PatternRule>() is not null)
            .SelectMany(c => Values(c, [], catalog).Select(m => Under([.. path, .. Own(c)], m)));

    private static SliceMatch Under(IEnumerable<PathStep> path, SliceMatch match) => match switch
    {
        ValueSliceMatch value => value with { Path = [.. path, .. value.Path] },
        BindingSliceMatch binding => binding with { Path = [.. path, .. binding.Path] },
        _ => match,
    };

    private static IEnumerable<PathStep> Own(ElementRules rules) => rules.Slice is null ? [new(PathStepKind.Child, rules.Name)] : [];

    private static IEnumerable<SliceMatch> Exists(ElementRules slice, List<PathStep> path, ProfileCatalog catalog) =>
        Walk(slice, path, catalog).End switch
        {
            { Max: 0 } => [new ExistsSliceMatch(path, false)],
            { Min: > 0 } => [new ExistsSliceMatch(path, true)],
            _ => [],
        };

    private static IEnumerable<SliceMatch> Types(ElementRules slice, List<PathStep> path, ProfileCatalog catalog)
    {
        if (Allowed(slice, path, catalog) is not { } allowed)
            return path.Count == 0 && ElementIds.ChoiceOf(slice.Name, slice.Slice!) is { } named ? [new TypeSliceMatch(path, [named.Name])] : [];
        var types = path is [.., { Kind: PathStepKind.Resolve }] ? allowed.SelectMany(t => t.Targets).Select(t => TypeOf(t, catalog)).OfType<string>() : allowed.Select(t => t.Name);
        return [new TypeSliceMatch(path, [.. types.Distinct()])];
    }

    private static IEnumerable<SliceMatch> Profiles(ElementRules slice, List<PathStep> path, ProfileCatalog catalog)
    {
        if (Allowed(slice, path, catalog) is not { } allowed)
            return [];
        var profiles = path is [.., { Kind: PathStepKind.Resolve }] ? allowed.SelectMany(t => t.Targets) : allowed.SelectMany(t => t.Profiles);
        return [new ProfileSliceMatch(path, [.. profiles.Distinct()])];
    }

    private static ImmutableArray<AllowedType>? Allowed(ElementRules slice, List<PathStep> path, ProfileCatalog catalog) =>
        Walk(slice, path is [.., { Kind: PathStepKind.Resolve }] ? path[..^1] : path, catalog).End?.Rule<TypeRule>()?.Types;

    /// <summary>The resource type of a profile or of R4's own definition.</summary>
    public static string? TypeOf(string profile, ProfileCatalog catalog) =>
        profile.StartsWith(ProfileCompiler.Definitions, StringComparison.Ordinal) && FhirSchema.R4.Type(profile[ProfileCompiler.Definitions.Length..]) is { } own ? own.Name : catalog.Find(profile)?.Type.Name;

    /// <summary>Goes down the rules; where they end, into the profile of the type. Stops at the first fixed value or pattern.</summary>
    private static (ElementRules? End, int Length, Rule? Value) Walk(ElementRules slice, List<PathStep> path, ProfileCatalog catalog)
    {
        var at = slice;
        for (var step = 0; ; step++)
        {
            if (at.Rules.Find(r => r is FixedRule or PatternRule) is { } value)
                return (at, step, value);
            if (step == path.Count)
                return (at, step, null);
            if (Next(at, path[step], catalog) is not { } next)
                return (null, step, null);
            at = next;
        }
    }

    private static ElementRules? Next(ElementRules at, PathStep step, ProfileCatalog catalog)
    {
        var profile = at.Rule<TypeRule>()?.Types is [{ Profiles: [var own] }] ? catalog.Find(own)?.Root : null;
        return step.Kind switch
        {
            PathStepKind.Child => at.Child(step.Text) ?? profile?.Child(step.Text),
            PathStepKind.Extension => (at.Child("extension") ?? profile?.Child("extension"))?.Slices.Find(s => s.Rule<TypeRule>()?.Types is [{ Profiles: [var url] }] && url == step.Text),
            PathStepKind.OfType => at,
            PathStepKind.Resolve => at.Rule<TypeRule>()?.Types is [{ Targets: [var target] }] ? catalog.Find(target)?.Root : null,
            _ => null,
        };
    }

    private static JsonTree Text(string text) => JsonTree.Parse(JsonText.Quote(text), FhirSchema.R4.Names).Value;
}
