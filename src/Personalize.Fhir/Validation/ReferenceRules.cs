using Personalize.Fhir.Elements;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Validation;

/// <summary>References: that they name a type which R4 allows there, and something that is there where it can be seen. Source: FHIR R4, References between Resources.</summary>
internal sealed class ReferenceRules(Findings findings, ReferenceTargets targets)
{
    public void Check(Element reference)
    {
        var target = targets.Find(reference);
        if (target is null && targets.BundleAround(reference) is { } bundle && reference.Child("reference")?.Text?.StartsWith("urn:", StringComparison.Ordinal) == true)
            Lost(reference, bundle);
        var type = target?.Type ?? ReferenceTargets.TypeNamed(reference);
        var allowed = reference.Definition?.Targets ?? [];
        if (type is not null && allowed.Count > 0 && !IsAny(type, allowed))
            findings.Error(Findings.Structure, $"The reference must name {string.Join(" or ", allowed)}.", reference);
        else if (type is not null && reference.Child("type")?.Text is { } said && FhirSchema.R4.Type(said) is { } saidType && !type.Is(saidType.Name))
            findings.Error(Findings.Structure, "The reference says another type than it names.", reference);
    }

    private static bool IsAny(FhirType type, IReadOnlyList<string> allowed)
    {
        for (var at = 0; at < allowed.Count; at++)
            if (type.Is(allowed[at]))
                return true;
        return false;
    }

    /// <summary>In what is to be stored or to stand by itself a name that only the Bundle can explain must be explained there.</summary>
    private void Lost(Element reference, Element bundle)
    {
        const string Text = "The reference names nothing in this Bundle.";
        if (bundle.Child("type")?.Text is "transaction" or "batch" or "document" or "message")
            findings.Error(Findings.NotFound, Text, reference);
        else
            findings.Warning(Findings.NotFound, Text, reference);
    }
}
