using Personalize.Fhir.Elements;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Validation;

/// <summary>References: that they name a type which R4 allows there, and something that is there where it can be seen. Source: FHIR R4, References between Resources.</summary>
internal sealed class ReferenceRules(Findings findings, ReferenceTargets targets)
{
    public void Check(Element reference)
    {
        if (reference.Child("reference")?.Text is not { Length: > 0 } text)
            return;
        var target = targets.Find(reference);
        if (target is null && text.StartsWith("urn:", StringComparison.Ordinal) && targets.BundleAround(reference) is { } bundle)
            Lost(reference, bundle);
        if (text.Any(char.IsWhiteSpace))
            return;
        var type = target?.Type ?? (text[0] == '#' ? null : ReferenceTargets.TypeNamed(text));
        var allowed = reference.Definition?.Targets ?? [];
        if (type is not null && allowed.Count > 0 && !allowed.Any(type.Is))
            findings.Error(Findings.Structure, $"The reference must name {string.Join(" or ", allowed)}.", reference);
        else if (type is not null && reference.Child("type")?.Text is { } said && FhirSchema.R4.Type(said) is { } saidType && !type.Is(saidType.Name))
            findings.Error(Findings.Structure, "The reference says another type than it names.", reference);
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
