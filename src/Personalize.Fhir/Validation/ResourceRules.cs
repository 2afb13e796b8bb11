using System.Runtime.CompilerServices;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Validation.Profiles;
using Personalize.Fhir.Validation.Questionnaires;

namespace Personalize.Fhir.Validation;

/// <summary>All that is asked of a resource beyond its structure, found in one walk: constraints, references, extensions, codes, and the profiles that it names.</summary>
internal sealed class ResourceRules
{
    private static readonly FhirType _extension = FhirSchema.R4.Type("Extension")!;
    private static readonly FhirType _reference = FhirSchema.R4.Type("Reference")!;
    private static readonly FhirType _coding = FhirSchema.R4.Type("Coding")!;

    // Rules at rest, to be used again with the context that they were made for: they are many small objects, and most resources are judged in a few microseconds.
    private static readonly ConditionalWeakTable<ValidationContext, StrongBox<ResourceRules?>> _atRest = [];

    private readonly StrongBox<ResourceRules?> _place;
    private readonly ReferenceTargets _targets;
    private readonly ValidationContext _context;
    private readonly ConstraintRules _constraints;
    private readonly ReferenceRules _references;
    private readonly ExtensionRules _extensions;
    private readonly CodingRules _codings;
    private readonly QuestionnaireRules _questionnaires;
    private readonly BundleRules _bundles;
    private readonly ConformanceRules _definitions;
    private readonly StrictRules? _strict;

    private ResourceRules(ValidationContext context, StrongBox<ResourceRules?> place)
    {
        // A constraint may ask for a profile in its turn.
        context = context with { Path = context.Path with { ConformsTo = context.Path.ConformsTo ?? ((element, canonical) => context.Profiles.Find(canonical) is null ? null : Profiles!.Conforms(element, canonical)) } };
        (_context, _place, _targets) = (context, place, new(context.Path));
        Profiles = new(Findings, context, _targets);
        _constraints = new(Findings, context.Path, context.Warnings);
        _references = new(Findings, _targets);
        _extensions = new(Findings, context, Profiles);
        _codings = new(Findings, context);
        _questionnaires = new(Findings, context);
        _bundles = new(Findings);
        _definitions = new(Findings);
        _strict = context.Strictness == Strictness.None ? null : new(Findings, context.Strictness);
    }

    public ProfileRules Profiles { get; }

    /// <summary>What is found.</summary>
    public Findings Findings { get; } = new(null!);

    /// <summary>Rules for that context; give them back with <see cref="Return"/>. A judgement inside another one, and one of another thread, has rules of its own.</summary>
    public static ResourceRules Rent(JsonTree tree, ValidationContext context)
    {
        var place = _atRest.GetOrCreateValue(context);
        var rules = Interlocked.Exchange(ref place.Value, null) ?? new ResourceRules(context, place);
        rules.Begin(tree);
        return rules;
    }

    /// <summary>Forgets the resource; the next judgement takes these rules.</summary>
    public void Return()
    {
        Begin(null);
        Volatile.Write(ref _place.Value, this);
    }

    private void Begin(JsonTree? tree)
    {
        Findings.Begin(tree);
        _targets.Begin(tree);
    }

    /// <summary>The element and everything under it, resources inside included.</summary>
    public void Check(Element element)
    {
        if (Findings.IsFull)
            return;
        _constraints.CheckOnly(element);
        if (element.Type.IsResource)
            Whole(element);
        foreach (var child in element.Children())
        {
            if (ReferenceEquals(child.Type, _extension))
                _extensions.Check(child, element);
            if (child is { Twin: < 0, Type.Primitive: not PrimitiveKind.None })
                Leaf(child);
            else
                Check(child);
        }
        if (ReferenceEquals(element.Type, _reference))
            _references.Check(element);
        else if (ReferenceEquals(element.Type, _coding))
            _codings.Check(element);
        else if (element.HasValue)
            _strict?.Check(element);
    }

    /// <summary>A primitive that is nothing but its value: most elements are.</summary>
    private void Leaf(Element element)
    {
        _constraints.CheckOnly(element);
        _strict?.Check(element);
    }

    private void Whole(Element resource)
    {
        Named(resource);
        if (resource.Type.Name == "QuestionnaireResponse")
            _questionnaires.Check(resource);
        else if (resource.Type.Name == "Bundle")
            _bundles.Check(resource);
        else if (resource.Type.Name == "Observation")
            Implied(resource);
        else
            _definitions.Check(resource);
    }

    /// <summary>The profiles in <c>meta.profile</c>.</summary>
    private void Named(Element resource)
    {
        if (resource.Child("meta") is not { } meta)
            return;
        foreach (var named in meta.Children("profile"))
        {
            if (named.Text is not { } canonical || IsOwn(canonical, resource.Type))
                continue;
            if (_context.Profiles.Find(canonical) is { } profile)
                Kept(resource, profile, canonical);
            else if (_context.Warnings)
                Findings.Once(canonical, Findings.NotFound, "The profile is not known here.", named);
        }
    }

    /// <summary>What R4 asks of a vital sign that names no profile is only pointed out: much of the data in the world does not keep it.</summary>
    private void Implied(Element observation)
    {
        if (_context.Warnings && VitalSigns.Implied(observation) is { } canonical && _context.Profiles.Find(canonical) is { } profile)
            Check(observation, profile, isLenient: true);
    }

    private void Check(Element resource, Profile profile, bool isLenient)
    {
        Findings.IsLenient = isLenient;
        Profiles.Check(resource, profile);
        Findings.IsLenient = false;
    }

    /// <summary>Another version than the one known here may ask for other things: what it would refuse is only pointed out.</summary>
    private void Kept(Element resource, Profile profile, string canonical)
    {
        var bar = canonical.IndexOf('|', StringComparison.Ordinal);
        Check(resource, profile, isLenient: bar >= 0 && profile.Version is { } version && version != canonical[(bar + 1)..]);
    }

    private static bool IsOwn(string canonical, FhirType type) =>
        ProfileCompiler.Bare(canonical) is var bare && bare.StartsWith(ProfileCompiler.Definitions, StringComparison.Ordinal) && type.Is(bare[ProfileCompiler.Definitions.Length..]);
}
