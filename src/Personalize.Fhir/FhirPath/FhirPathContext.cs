using Personalize.Fhir.Elements;
using Personalize.Fhir.Terminology;

namespace Personalize.Fhir.FhirPath;

/// <summary>What an evaluation may look at beside its focus.</summary>
/// <param name="Now">What <c>now()</c>, <c>today()</c> and <c>timeOfDay()</c> answer; its offset is the practice's.</param>
public sealed record FhirPathContext(DateTimeOffset Now)
{
    /// <summary>External constants by name without <c>%</c>; <c>%resource</c>, <c>%context</c>, <c>%ucum</c>, <c>%sct</c>, <c>%loinc</c>, <c>%`vs-name`</c> and <c>%`ext-name`</c> need not be given.</summary>
    public Func<string, PathValues?>? Constant { get; init; }

    /// <summary>What <c>memberOf()</c> asks.</summary>
    public ValueSets ValueSets
    {
        get => field ?? ValueSets.R4;
        init;
    }

    /// <summary>Finds what a reference names (a relative <c>Type/id</c> or a URL) for <c>resolve()</c>; null finds contained resources only.</summary>
    public Func<string, Element?>? Resolve { get; init; }

    /// <summary>Whether an element conforms to a profile (its canonical URL), for <c>conformsTo()</c>; null when the profile is not known. Without it only R4's own types are known.</summary>
    public Func<Element, string, bool?>? ConformsTo { get; init; }

    /// <summary>How much an evaluation may cost; <see cref="FhirPathLimits.Trusted"/> when not given.</summary>
    public FhirPathLimits Limits { get; init; } = FhirPathLimits.Trusted;

    /// <summary>Stops an evaluation from outside, such as when its time is over; it then fails with code <c>too-costly</c>. Looked at every few thousand steps.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Is told what <c>trace(name)</c> sees.</summary>
    public Action<string, PathValues>? Trace { get; init; }
}
