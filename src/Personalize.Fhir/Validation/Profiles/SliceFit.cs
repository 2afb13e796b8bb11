using Personalize.Fhir.Elements;

namespace Personalize.Fhir.Validation.Profiles;

/// <summary>Says to which slice an item belongs.</summary>
internal sealed class SliceFit(ValidationContext context, ReferenceTargets targets, Func<Element, string, bool> conforms)
{
    /// <summary>The place of the first slice that the item fits; -1 when it fits none.</summary>
    public int Find(Element item, List<ElementRules> slices, Slicing slicing)
    {
        for (var at = 0; at < slices.Count; at++)
            if (Fits(item, slices[at], slicing))
                return at;
        return -1;
    }

    /// <summary>Does the item belong to that slice?</summary>
    public bool Fits(Element item, ElementRules slice, Slicing slicing)
    {
        foreach (var match in slice.Matches(slicing, context.Profiles))
            if (!Fits(item, match))
                return false;
        return true;
    }

    private bool Fits(Element item, SliceMatch match) => match switch
    {
        NoSliceMatch => false,
        ExistsSliceMatch { Exists: false } => !Any(item, match, 0),
        _ => Any(item, match, 0),
    };

    /// <summary>Is there, behind that step of the path, anything that fits?</summary>
    private bool Any(Element element, SliceMatch match, int step)
    {
        if (step == match.Path.Count)
            return Test(element, match);
        var (kind, text) = match.Path[step];
        switch (kind)
        {
            case PathStepKind.OfType:
                return element.Type.Is(text) && Any(element, match, step + 1);
            case PathStepKind.Resolve:
                return Resolved(element, match, step + 1);
            case PathStepKind.Extension:
                foreach (var extension in element.Children("extension"))
                    if (extension.Child("url")?.TextIs(text) == true && Any(extension, match, step + 1))
                        return true;
                return false;
            default:
                foreach (var child in element.Children(text))
                    if (Any(child, match, step + 1))
                        return true;
                return false;
        }
    }

    /// <summary>What a reference names; when that is not at hand, its type is what the reference says.</summary>
    private bool Resolved(Element reference, SliceMatch match, int step)
    {
        if (targets.Find(reference) is { } target)
            return Any(target, match, step);
        return match is TypeSliceMatch types && step == match.Path.Count && reference.Child("reference")?.Text is { } text
            && ReferenceTargets.TypeNamed(text) is { } named && types.Types.Any(named.Is);
    }

    private bool Test(Element element, SliceMatch match) => match switch
    {
        ValueSliceMatch value => element.Node >= 0 && ValueMatch.Differs(element.Tree, element.Node, value.Value, value.IsExact) == ValueMatch.Fits,
        BindingSliceMatch binding => CodeMatch.IsIn(element, binding.ValueSet, context.Path.ValueSets) != false,
        TypeSliceMatch types => types.Types.Any(element.Type.Is),
        ProfileSliceMatch profiles => profiles.Profiles.Any(p => conforms(element, p)),
        _ => true,
    };
}
