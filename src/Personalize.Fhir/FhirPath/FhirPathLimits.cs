namespace Personalize.Fhir.FhirPath;

/// <summary>How much one evaluation may cost before it fails with an execution failure of code <c>too-costly</c>.</summary>
/// <param name="Steps">Items looked at, compared or made; text counts one step for each 32 characters, a regular expression one for each of them and each place of its pattern, repetitions written out.</param>
/// <param name="Values">Items held at the same time; 40 bytes each.</param>
public sealed record FhirPathLimits(long Steps, int Values)
{
    /// <summary>For expressions of definitions that are trusted: no limit of steps, 4 million values.</summary>
    public static FhirPathLimits Trusted { get; } = new(long.MaxValue, 4_000_000);

    /// <summary>For expressions that strangers post: 2 million steps (well below a second) and 200,000 values.</summary>
    public static FhirPathLimits Posted { get; } = new(2_000_000, 200_000);
}
