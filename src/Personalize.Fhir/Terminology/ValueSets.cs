namespace Personalize.Fhir.Terminology;

/// <summary>What is known of codes: R4's own code systems and value sets (<c>r4.codes</c>) and those added from <c>fhir-profiles</c> or the store. Immutable.</summary>
public sealed class ValueSets
{
    /// <summary>R4's own.</summary>
    public static ValueSets R4 => throw new NotImplementedException();

    /// <summary>Is the code in the value set? Null when the value set, or a system that it draws on, is not known here.</summary>
    /// <param name="valueSet">Canonical, with or without version.</param>
    /// <param name="system">The code system; null for a bare code (then any system of the set).</param>
    /// <param name="code">The code.</param>
    public bool? Contains(string valueSet, string? system, string code) => throw new NotImplementedException();
}
