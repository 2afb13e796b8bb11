using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Terminology;

namespace Personalize.Fhir.Validation;

/// <summary>Says whether a resource has the structure that R4 gives it. Pure.</summary>
public static class Validator
{
    /// <summary>All findings about unknown elements, wrong types, cardinality, primitive syntax and required bindings; empty when all is well. Each names its FHIRPath location, line and column. It stops after 100.</summary>
    public static ImmutableArray<Issue> Validate(Resource resource) => Validate(resource, ValueSets.R4);

    /// <summary>As <see cref="Validate(Resource)"/>, with these value sets; a binding to a set that is not among them is not judged.</summary>
    public static ImmutableArray<Issue> Validate(Resource resource, ValueSets valueSets)
    {
        var findings = new Findings(resource.Tree);
        new StructureRules(resource.Tree, findings, new BindingRules(valueSets, findings)).Check(resource.Root);
        return findings.All;
    }

    /// <summary>As <see cref="Validate(Resource)"/>, of a Bundle around the resources of its entries: these are not looked at, since each is validated by itself when it is used.</summary>
    public static ImmutableArray<Issue> ValidateEnvelope(Resource bundle)
    {
        var findings = new Findings(bundle.Tree);
        new StructureRules(bundle.Tree, findings, new BindingRules(ValueSets.R4, findings), envelopeOnly: true).Check(bundle.Root);
        return findings.All;
    }

    /// <summary>As <see cref="Validate(Resource, ValueSets)"/>, and when nothing was found so far also the constraints of severity error that R4 expresses in FHIRPath (issue code <c>invariant</c>).
    /// This costs far more than the rest; a constraint that cannot be worked out is a warning.</summary>
    public static ImmutableArray<Issue> Validate(Resource resource, FhirPathContext context)
    {
        var structure = Validate(resource, context.ValueSets);
        if (!structure.IsEmpty)
            return structure;
        var findings = new Findings(resource.Tree);
        new ConstraintRules(findings, context).Check(resource.Root);
        return findings.All;
    }

    /// <summary>All that can be said of a resource: its structure; R4's constraints; references, extensions with their places, codes; Bundle rules; a QuestionnaireResponse beside its Questionnaire;
    /// the profiles that it and the resources in it name, and those given here. Nothing is left out because something else was found. It stops after 100 errors.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="context">What it is judged by.</param>
    /// <param name="profiles">Canonicals of profiles that it must keep; one that is not known is an error.</param>
    public static ImmutableArray<Issue> Validate(Resource resource, ValidationContext context, params IEnumerable<string> profiles)
    {
        if (context.Mode == ValidationMode.Delete)
            return [];
        var rules = ResourceRules.Rent(resource.Tree, context);
        try
        {
            Judge(resource, context, profiles, rules);
            return rules.Findings.All;
        }
        finally
        {
            rules.Return();
        }
    }

    private static void Judge(Resource resource, ValidationContext context, IEnumerable<string> profiles, ResourceRules rules)
    {
        new StructureRules(resource.Tree, rules.Findings, new BindingRules(context.Path.ValueSets, rules.Findings)).Check(resource.Root);
        rules.Check(resource.Root);
        foreach (var canonical in profiles)
            if (context.Profiles.Find(canonical) is { } profile)
                rules.Profiles.Check(resource.Root, profile);
            else
                rules.Findings.Error(Findings.NotFound, "The profile that the resource should keep is not known here.", resource.Root);
        if (context.Mode == ValidationMode.Update && resource.Id is null)
            rules.Findings.Error(Findings.Required, "A resource that is to replace another must have an id.", resource.Root, "id");
    }

    /// <summary>Whether an element keeps a profile, as <c>conformsTo()</c> asks: a resource with everything that R4 asks of it, another element by the profile's own rules; null when the profile is not known.</summary>
    /// <param name="element">The element.</param>
    /// <param name="canonical">The profile.</param>
    /// <param name="context">What it is judged by.</param>
    public static bool? Conforms(Element element, string canonical, ValidationContext context)
    {
        if (context.Profiles.Find(canonical) is null)
            return null;
        var errorsOnly = context.Warnings ? context with { Warnings = false } : context;
        if (element.Type.IsResource && Resource.Of(element).TryGet(out var resource, out _))
            return !Validate(resource, errorsOnly, canonical).Any(issue => issue.IsError);
        var rules = ResourceRules.Rent(element.Tree, errorsOnly);
        try
        {
            return rules.Profiles.Conforms(element, canonical);
        }
        finally
        {
            rules.Return();
        }
    }

    /// <summary>The resource, or <see cref="Failure.Invalid"/> (structure, type, syntax) or <see cref="Failure.Unprocessable"/> (cardinality, binding) when an error was found.</summary>
    public static Outcome<Resource> Check(Resource resource) => Judge(resource, Validate(resource, ValueSets.R4));

    /// <summary>As <see cref="Check(Resource)"/>, with these value sets.</summary>
    public static Outcome<Resource> Check(Resource resource, ValueSets valueSets) => Judge(resource, Validate(resource, valueSets));

    /// <summary>As <see cref="Check(Resource, ValueSets)"/>, with the constraints (<see cref="Validate(Resource, FhirPathContext)"/>); one that does not hold is <see cref="Failure.Unprocessable"/>.</summary>
    public static Outcome<Resource> Check(Resource resource, FhirPathContext context) => Judge(resource, Validate(resource, context));

    private static Outcome<Resource> Judge(Resource resource, ImmutableArray<Issue> issues)
    {
        if (!issues.Any(i => i.IsError))
            return resource;
        return issues.Any(i => i.Code is Findings.Structure or Findings.Value) ? new Failure.Invalid(issues) : new Failure.Unprocessable(issues);
    }
}
