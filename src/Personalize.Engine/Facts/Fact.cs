using System.Collections.Immutable;
using Personalize.Engine.Content;
using Personalize.Engine.Record;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;

namespace Personalize.Engine.Facts;

/// <summary>A fact about a patient, as far as it can be told.</summary>
/// <param name="Definition">What it is.</param>
/// <param name="Values">Its values; empty when unknown.</param>
/// <param name="Used">The resources that it rests on, those of the facts behind it among them.</param>
/// <param name="Roots">When it is unknown: the unknown facts that are the cause; itself, when nothing is behind it.</param>
/// <param name="Fault">Why it could not be worked out, without content; null when it could.</param>
public sealed record Fact(
    FactDefinition Definition, PathValues Values, ImmutableArray<Resource> Used, ImmutableArray<FactDefinition> Roots, string? Fault)
{
    /// <summary>True when it has a value.</summary>
    public bool IsKnown => Values.Items.Count > 0;

    /// <summary>The truth of a boolean fact; null when it is unknown or of another type.</summary>
    public bool? Truth => Definition.Type == FactType.Boolean ? Values.AsBoolean() : null;

    /// <summary>Its value for people, with unit; null when unknown.</summary>
    public string? Text => IsKnown ? string.Join(", ", Values.Items.Select(value => ValueText.Of(value, Definition.Unit))) : null;

    /// <summary>The date of the newest resource that it rests on, the Patient not counted; null when there is none.</summary>
    public ClinicalDate? Date => Used.Where(resource => resource.Type != "Patient").Select(ClinicalDate.Of).OfType<ClinicalDate>().MaxBy(date => date.At);
}
