using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Terminology;

/// <summary>How two codes of a system lie to each other. Source: http://hl7.org/fhir/R4/codesystem-operation-subsumes.html.</summary>
public enum Subsumption
{
    /// <summary>The same code.</summary>
    Equivalent,
    /// <summary>The first is above the second.</summary>
    Subsumes,
    /// <summary>The first is below the second.</summary>
    SubsumedBy,
    /// <summary>Neither.</summary>
    NotSubsumed,
}

/// <summary>Asks the hierarchy of a code system.</summary>
public static class Hierarchy
{
    /// <summary>How the first code lies to the second. Fails with <see cref="Failure.Missing"/> when one of them is no code of the system,
    /// and with <see cref="Failure.Unprocessable"/> (not-supported) when that cannot be said here.</summary>
    public static Outcome<Subsumption> Between(ValueSets sets, string system, string first, string second)
    {
        if (!Known(sets, system, first, second).TryGet(out var known, out var failure))
            return failure;
        if (known.IsA(second, first))
            return known.IsA(first, second) ? Subsumption.Equivalent : Subsumption.Subsumes;
        if (known.IsA(first, second))
            return Subsumption.SubsumedBy;
        return known.IsComplete ? Subsumption.NotSubsumed : CodeLookup.Unknown();
    }

    /// <summary>The code and all codes below it. Fails as <see cref="Between"/>; also when the system is known in part.</summary>
    public static Outcome<IReadOnlyList<string>> Below(ValueSets sets, string system, string code) =>
        Whole(sets, system, code).Select<IReadOnlyList<string>>(known => [.. known.Codes.Where(other => known.IsA(other, code))]);

    /// <summary>The code and all codes above it. Fails as <see cref="Between"/>; also when the system is known in part.</summary>
    public static Outcome<IReadOnlyList<string>> Above(ValueSets sets, string system, string code) =>
        Whole(sets, system, code).Select<IReadOnlyList<string>>(known => [.. known.Codes.Where(other => known.IsA(code, other))]);

    private static Outcome<CodeSystem> Whole(ValueSets sets, string system, string code) =>
        Known(sets, system, code).Then<CodeSystem>(known => known.IsComplete ? known : CodeLookup.Unknown());

    private static Outcome<CodeSystem> Known(ValueSets sets, string system, params string[] codes)
    {
        if (sets.System(system) is not { } known)
            return CodeLookup.Unknown();
        if (codes.All(code => known.Contains(code) == true))
            return known;
        return known.IsComplete ? new Failure.Missing("The code system has no such code.") : CodeLookup.Unknown();
    }
}
