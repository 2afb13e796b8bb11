using System.Collections.Immutable;
using System.Text;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Validation.Profiles;

/// <summary>One thing that a profile asks of every repetition of an element. Printed as it stands in the compiled text.</summary>
internal abstract record Rule;

/// <summary>A type that is allowed, the profiles of which one must be kept, and what a reference may point to.</summary>
internal sealed record AllowedType(string Name, ImmutableArray<string> Profiles, ImmutableArray<string> Targets)
{
    private string?[]? _targetTypes;

    /// <summary>May a reference name a resource of that type? Yes where a target is not known.</summary>
    public bool Allows(FhirType type, ProfileCatalog catalog)
    {
        foreach (var target in _targetTypes ??= [.. Targets.Select(t => SliceMatches.TypeOf(t, catalog))])
            if (target is null || type.Is(target))
                return true;
        return false;
    }

    public override string ToString() => $"{Name}{Rules.List('<', Profiles, '>')}{Rules.List('(', Targets, ')')}";
}

/// <summary>The element has one of these types.</summary>
internal sealed record TypeRule(ImmutableArray<AllowedType> Types) : Rule
{
    public override string ToString() => $":{string.Join(' ', Types)}";
}

/// <summary>The element is that value, no more and no less.</summary>
internal sealed record FixedRule(JsonTree Value) : Rule
{
    public override string ToString() => "=" + Rules.Text(Value);
}

/// <summary>The element has at least what that value has.</summary>
internal sealed record PatternRule(JsonTree Value) : Rule
{
    public override string ToString() => "~" + Rules.Text(Value);
}

/// <summary>The value is not below (or not above) that limit.</summary>
internal sealed record LimitRule(JsonTree Limit, bool IsLeast) : Rule
{
    public override string ToString() => (IsLeast ? "[" : "]") + Rules.Text(Limit);
}

/// <summary>The text has at most so many characters.</summary>
internal sealed record LengthRule(int Most) : Rule
{
    public override string ToString() => "|" + Most.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The code is in the value set; what else happens is said by the strength.</summary>
internal sealed record BindingRule(string Strength, string ValueSet) : Rule
{
    public override string ToString() => $"@{Strength} {ValueSet}";
}

/// <summary>A FHIRPath expression that must not be false.</summary>
internal sealed record ConstraintRule(string Key, bool IsError, string Text, Outcome<FhirPathExpression> Expression) : Rule
{
    public override string ToString() => $"{(IsError ? '!' : '?')}{Key}: {Text}";
}

/// <summary>How the slices of an element are told apart. <c>Path</c> is of the restricted FHIRPath that discriminators are written in.</summary>
internal sealed record Discriminator(string Kind, string Path)
{
    public override string ToString() => $"{Kind}:{Path}";
}

/// <summary>The slices of an element, in their order.</summary>
/// <param name="Openness"><c>open</c>, <c>closed</c> or <c>openAtEnd</c>.</param>
/// <param name="IsOrdered">True when the items must come in the order of the slices.</param>
/// <param name="Discriminators">What tells them apart.</param>
internal sealed record Slicing(string Openness, bool IsOrdered, ImmutableArray<Discriminator> Discriminators)
{
    public override string ToString() => $"/{Openness}{(IsOrdered ? " ordered" : "")}{string.Concat(Discriminators.Select(d => " " + d))}";
}

/// <summary>The rules for one element of a profile, or for one slice of it.</summary>
internal sealed class ElementRules(string id, string name)
{
    private IReadOnlyList<SliceMatch>? _matches;

    /// <summary>As in the profile: <c>Patient.extension:race</c>.</summary>
    public string Id { get; } = id;

    /// <summary>The element's short name: <c>value</c> for <c>value[x]:valueQuantity</c>; of the root its type.</summary>
    public string Name { get; } = name;

    /// <summary>The name of the slice; null when it is not one.</summary>
    public string? Slice { get; init; }

    public int Min { get; set; }

    public int Max { get; set; } = int.MaxValue;

    public Slicing? Slicing { get; set; }

    /// <summary>What each repetition must keep.</summary>
    public List<Rule> Rules { get; } = [];

    public List<ElementRules> Children { get; } = [];

    public List<ElementRules> Slices { get; } = [];

    /// <summary>What makes an item one of this slice; worked out when first asked for, since it may stand in other profiles.</summary>
    public IReadOnlyList<SliceMatch> Matches(Slicing slicing, ProfileCatalog catalog) => _matches ??= SliceMatches.Of(this, slicing, catalog);

    public T? Rule<T>()
        where T : Rule => Rules.OfType<T>().FirstOrDefault();

    public ElementRules? Child(string name) => Children.Find(c => c.Name == name);

    public override string ToString() =>
        $"{(Slice is null ? Name : ":" + Slice)}{(Min == 0 && Max == int.MaxValue && Slice is null ? "" : $" {Min}..{(Max == int.MaxValue ? "*" : Max)}")}{(Slicing is null ? "" : $" {Slicing}")}{string.Concat(Rules.Select(r => $" {r}"))}";
}

/// <summary>How rules are shown.</summary>
internal static class Rules
{
    public static string Text(JsonTree value) => Encoding.UTF8.GetString(value.Bytes.Span);

    public static string List(char open, ImmutableArray<string> names, char close) => names.IsEmpty ? "" : $"{open}{string.Join(',', names)}{close}";
}
