using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Validation.Profiles;

/// <summary>Judges elements by the rules of profiles. What R4 itself asks is not looked at again.</summary>
internal sealed class ProfileRules
{
    // Resources refer to each other in rings; each profile of a chain of references is tried so deep.
    private const int MostHops = 4;

    private readonly Findings _findings;
    private readonly ValidationContext _context;
    private readonly ReferenceTargets _targets;
    private readonly ElementValueRules _values;
    private readonly SliceFit _slices;
    private readonly int _hops;
    private readonly bool _isTrial;

    public ProfileRules(Findings findings, ValidationContext context, ReferenceTargets targets)
        : this(findings, context, targets, 0, false)
    {
    }

    private ProfileRules(Findings findings, ValidationContext context, ReferenceTargets targets, int hops, bool isTrial)
    {
        (_findings, _context, _targets, _hops, _isTrial) = (findings, context, targets, hops, isTrial);
        _values = new(findings, context);
        _slices = new(context, targets, Conforms);
    }

    /// <summary>All that the profile asks of the element.</summary>
    public void Check(Element element, Profile profile)
    {
        if (profile.MissingBase is not null)
            _findings.Once(profile.Url, Findings.NotFound, $"The profile {profile.Name} rests on one that is not known here: only its own rules are judged.", element);
        if (element.Type.Is(profile.Type.Name))
            Judge(element, profile.Root, profile);
        else
            _findings.Error(Findings.Structure, $"The profile {profile.Name} is for {profile.Type.Name}.", element);
    }

    /// <summary>True when the element keeps that profile, or is of that type when the canonical is one of R4's types; also when nothing is known of it.</summary>
    public bool Conforms(Element element, string canonical)
    {
        if (canonical.StartsWith(ProfileCompiler.Definitions, StringComparison.Ordinal) && FhirSchema.R4.Type(canonical[ProfileCompiler.Definitions.Length..]) is { } type)
            return element.Type.Is(type.Name);
        if (_context.Profiles.Find(canonical) is not { } profile || _hops >= MostHops)
            return true;
        var trial = new Findings(element.Tree, 1);
        new ProfileRules(trial, _context, _targets, _hops + 1, true).Check(element, profile);
        return !trial.HasErrors;
    }

    private static string Short(string url) => url[(url.LastIndexOf('/') + 1)..];

    private void Judge(Element element, ElementRules rules, Profile profile)
    {
        // A profile that unfolds such an element says itself what is in it.
        if (rules is { Slice: null, Children.Count: 0, Slices.Count: 0 } && profile.Same(element.Definition) is { } same)
            Own(element, same, profile);
        Own(element, rules, profile);
    }

    private void Own(Element element, ElementRules rules, Profile profile)
    {
        foreach (var rule in rules.Rules)
            Judge(element, rule, profile);
        if (rules.Children.Count > 0 && !_findings.IsFull)
            Children(element, rules.Children, profile);
    }

    private void Children(Element element, List<ElementRules> rules, Profile profile)
    {
        Span<int> counts = stackalloc int[rules.Count];
        counts.Clear();
        foreach (var child in element.Children())
        {
            var at = IndexOf(rules, child.Name);
            if (at < 0)
                continue;
            counts[at]++;
            if (rules[at].Slicing is null)
                Judge(child, rules[at], profile);
        }
        for (var at = 0; at < counts.Length; at++)
        {
            Count(element, rules[at], counts[at], profile);
            if (rules[at].Slicing is { } slicing)
                Sliced(element, rules[at], slicing, profile, null);
        }
    }

    private static int IndexOf(List<ElementRules> rules, string name)
    {
        for (var at = 0; at < rules.Count; at++)
            if (string.Equals(rules[at].Name, name, StringComparison.Ordinal))
                return at;
        return -1;
    }

    private void Count(Element parent, ElementRules rules, int count, Profile profile)
    {
        if (count >= rules.Min && count <= rules.Max)
            return;
        var what = rules.Slice is null ? "The element" : $"The slice {rules.Slice}";
        if (count < rules.Min)
            _findings.Error(Findings.Required, $"{what} must be there at least {Times(rules.Min)} ({profile.Name}).", parent, rules.Name);
        else
            _findings.Error(Findings.BusinessRule, rules.Max == 0 ? $"{what} must not be there ({profile.Name})." : $"{what} may be there at most {Times(rules.Max)} ({profile.Name}).", parent, rules.Name);
    }

    private static string Times(int count) => count == 1 ? "once" : $"{count} times";

    /// <summary>The items of a sliced element; <c>within</c> leaves out those that are not of the slice that is itself sliced.</summary>
    private void Sliced(Element parent, ElementRules rules, Slicing slicing, Profile profile, Func<Element, bool>? within)
    {
        Span<int> counts = stackalloc int[rules.Slices.Count];
        counts.Clear();
        var (last, isBehind) = (-1, false);
        foreach (var item in parent.Children(rules.Name))
        {
            if (within?.Invoke(item) == false)
                continue;
            // A slice's own rules were judged when it was found among its siblings.
            if (rules.Slice is null)
                Judge(item, rules, profile);
            var at = _slices.Find(item, rules.Slices, slicing);
            Order(item, at, last, isBehind, slicing, profile);
            isBehind |= at < 0;
            if (at < 0)
                continue;
            last = at;
            counts[at]++;
            Judge(item, rules.Slices[at], profile);
        }
        for (var at = 0; at < counts.Length; at++)
        {
            var slice = rules.Slices[at];
            Count(parent, slice, counts[at], profile);
            if (slice.Slicing is { } inner)
                Sliced(parent, slice, inner, profile, item => within?.Invoke(item) != false && _slices.Fits(item, slice, slicing));
        }
    }

    private void Order(Element item, int at, int last, bool isBehind, Slicing slicing, Profile profile)
    {
        if (at < 0 && slicing.Openness == "closed")
            _findings.Error(Findings.Structure, $"The element fits none of the slices that are allowed here ({profile.Name}).", item);
        else if (at >= 0 && isBehind && slicing.Openness == "openAtEnd")
            _findings.Error(Findings.Structure, $"Elements of a slice must stand before all others ({profile.Name}).", item);
        else if (at >= 0 && at < last && slicing.IsOrdered)
            _findings.Error(Findings.Structure, $"The slices do not stand in the order that is asked for ({profile.Name}).", item);
    }

    private void Judge(Element element, Rule rule, Profile profile)
    {
        switch (rule)
        {
            case TypeRule types:
                Types(element, types, profile);
                break;
            default:
                _values.Judge(element, rule, profile.Name);
                break;
        }
    }

    private void Types(Element element, TypeRule rule, Profile profile)
    {
        if (Allowed(element, rule.Types) is not { } allowed)
        {
            _findings.Error(Findings.Structure, $"The element must be of type {string.Join(" or ", rule.Types.Select(t => t.Name))} ({profile.Name}).", element);
            return;
        }
        // An extension that is known is judged where it stands, whoever asks for it.
        if (!allowed.Profiles.IsEmpty && (_isTrial || element.Type.Name != "Extension"))
            Kept(element, allowed.Profiles, profile);
        if (!allowed.Targets.IsEmpty && element.Type.Name == "Reference")
            Target(element, allowed, profile);
    }

    private static AllowedType? Allowed(Element element, ImmutableArray<AllowedType> types)
    {
        foreach (var type in types)
            if (element.Type.Is(type.Name))
                return type;
        return null;
    }

    private void Kept(Element element, ImmutableArray<string> canonicals, Profile profile)
    {
        if (canonicals is [var only])
        {
            if (_context.Profiles.Find(only) is { } known)
                Check(element, known);
            else if (FhirSchema.R4.Type(Short(only)) is null)
                _findings.Once(only, Findings.NotFound, $"The profile {Short(only)}, which {profile.Name} asks for, is not known here.", element);
        }
        else if (!canonicals.Any(c => Conforms(element, c)))
            _findings.Error(Findings.Structure, $"The element keeps none of the profiles {string.Join(", ", canonicals.Select(Short))} ({profile.Name}).", element);
    }

    private void Target(Element reference, AllowedType allowed, Profile profile)
    {
        var profiles = allowed.Targets;
        if (_targets.Find(reference) is { } target)
        {
            if (!profiles.Any(p => Conforms(target, p)))
                _findings.Error(Findings.Structure, $"What the reference names keeps none of {string.Join(", ", profiles.Select(Short))} ({profile.Name}).", reference);
        }
        else if (Named(reference) is { } type && !allowed.Allows(type, _context.Profiles))
            _findings.Error(Findings.Structure, $"The reference must name {string.Join(" or ", profiles.Select(Short))} ({profile.Name}).", reference);
    }

    private static FhirType? Named(Element reference) =>
        ReferenceTargets.TypeNamed(reference) ?? (reference.Child("type")?.Text is { } type ? FhirSchema.R4.Type(type) : null);
}
