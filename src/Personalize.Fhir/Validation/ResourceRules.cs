using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Validation.Profiles;
using Personalize.Fhir.Validation.Questionnaires;

namespace Personalize.Fhir.Validation;

/// <summary>All that is asked of a resource beyond its structure, found in one walk: constraints, references, extensions, codes, and the profiles that it names.</summary>
internal sealed class ResourceRules
{
    private readonly Findings _findings;
    private readonly ValidationContext _context;
    private readonly ConstraintRules _constraints;
    private readonly ReferenceRules _references;
    private readonly ExtensionRules _extensions;
    private readonly CodingRules _codings;
    private readonly QuestionnaireRules _questionnaires;
    private readonly BundleRules _bundles;
    private readonly ConformanceRules _definitions;
    private readonly StrictRules? _strict;

    public ResourceRules(JsonTree tree, Findings findings, ValidationContext context)
    {
        var targets = new ReferenceTargets(tree, context.Path);
        // A constraint may ask for a profile in its turn.
        context = context with { Path = context.Path with { ConformsTo = context.Path.ConformsTo ?? ((element, canonical) => context.Profiles.Find(canonical) is null ? null : Profiles!.Conforms(element, canonical)) } };
        (_findings, _context) = (findings, context);
        Profiles = new(findings, context, targets);
        _constraints = new(findings, context.Path, context.Warnings);
        _references = new(findings, targets);
        _extensions = new(findings, context, Profiles);
        _codings = new(findings, context);
        _questionnaires = new(findings, context);
        _bundles = new(findings);
        _definitions = new(findings);
        _strict = context.Strictness == Strictness.None ? null : new(findings, context.Strictness);
    }

    public ProfileRules Profiles { get; }

    /// <summary>The element and everything under it, resources inside included.</summary>
    public void Check(Element element)
    {
        if (_findings.IsFull)
            return;
        _constraints.CheckOnly(element);
        if (element.Type.IsResource)
            Whole(element);
        foreach (var child in element.Children())
        {
            if (child.Type.Name == "Extension")
                _extensions.Check(child, element);
            if (child is { Twin: < 0, Type.Primitive: not PrimitiveKind.None })
                Leaf(child);
            else
                Check(child);
        }
        if (element.Type.Name == "Reference")
            _references.Check(element);
        else if (element.Type.Name == "Coding")
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
                _findings.Once(canonical, Findings.NotFound, "The profile is not known here.", named);
        }
    }

    /// <summary>Another version than the one known here may ask for other things: what it would refuse is only pointed out.</summary>
    private void Kept(Element resource, Profile profile, string canonical)
    {
        var bar = canonical.IndexOf('|', StringComparison.Ordinal);
        _findings.IsLenient = bar >= 0 && profile.Version is { } version && version != canonical[(bar + 1)..];
        Profiles.Check(resource, profile);
        _findings.IsLenient = false;
    }

    private static bool IsOwn(string canonical, FhirType type) =>
        ProfileCompiler.Bare(canonical) is var bare && bare.StartsWith(ProfileCompiler.Definitions, StringComparison.Ordinal) && type.Is(bare[ProfileCompiler.Definitions.Length..]);
}
