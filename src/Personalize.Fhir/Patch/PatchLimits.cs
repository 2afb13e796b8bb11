namespace Personalize.Fhir.Patch;

/// <summary>How far a patch may go: each operation reads the result of the one before, and copies can double it.</summary>
public static class PatchLimits
{
    /// <summary>The most operations of one patch.</summary>
    public const int MaxOperations = 1_000;

    /// <summary>The most bytes of a result, also between two operations.</summary>
    public const int MaxBytes = 32 << 20;
}
