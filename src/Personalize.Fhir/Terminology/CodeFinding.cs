using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Terminology;

/// <summary>A code that is to be judged.</summary>
/// <param name="System">Its code system; null for a bare code.</param>
/// <param name="Code">The code.</param>
/// <param name="Display">The display that it bears; null for none.</param>
public sealed record JudgedCode(string? System, string Code, string? Display = null);

/// <summary>Whether a code belongs to a value set or code system. Source: http://hl7.org/fhir/R4/valueset-operation-validate-code.html.</summary>
/// <param name="Result">True when it belongs there and its display is not a known other one.</param>
/// <param name="Message">Why not, or what could not be said; null when all is well.</param>
/// <param name="Display">The display, where one is known.</param>
public sealed record CodeFinding(bool Result, string? Message, string? Display)
{
    /// <summary>True when any of the codes belongs to the value set. Fails with <see cref="Failure.Missing"/> for a set that is not known here,
    /// and with <see cref="Failure.Unprocessable"/> (not-supported) when none does for sure and of one it cannot be said.</summary>
    /// <param name="sets">What is known.</param>
    /// <param name="valueSet">The canonical; of the version that it names.</param>
    /// <param name="codes">The codes.</param>
    /// <param name="language">In which language the display is wished; null for that of the definition.</param>
    public static Outcome<CodeFinding> InSet(ValueSets sets, string valueSet, IReadOnlyList<JudgedCode> codes, string? language = null) => sets.KnowsExactly(valueSet)
        ? Any(codes.Select(code => Judged(sets, code, sets.Contains(valueSet, code.System, code.Code), "The code is not in the value set.", language)))
        : new Failure.Missing("The value set is not known here.");

    /// <summary>True when any of the codes is one of the system; a code without system is taken as one of it. Fails with <see cref="Failure.Unprocessable"/> (not-supported) when that cannot be said.</summary>
    /// <param name="sets">What is known.</param>
    /// <param name="system">The code system; of the version that it names.</param>
    /// <param name="codes">The codes.</param>
    /// <param name="language">In which language the display is wished; null for that of the definition.</param>
    public static Outcome<CodeFinding> InSystem(ValueSets sets, string system, IReadOnlyList<JudgedCode> codes, string? language = null) => Any(codes.Select(code => Judged(sets, code with { System = system },
        code.System is not null && code.System != CodesCompiler.Bare(system) ? false : sets.System(system) is { } known ? known.Contains(code.Code) : SyntaxSystems.Contains(system, code.Code), "The code is not one of the code system.", language)));

    private static Outcome<CodeFinding> Any(IEnumerable<CodeFinding?> judged)
    {
        var all = judged.ToList();
        if (all.FirstOrDefault(finding => finding is { Result: true }) is { } good)
            return good;
        if (all.Contains(null))
            return CodeLookup.Unknown();
        // One that belongs there but for its display tells more than one that does not belong there.
        return all.Count > 0 ? all.Find(finding => finding!.Display is not null) ?? all[0]! : new CodeFinding(false, "There is no code.", null);
    }

    private static CodeFinding? Judged(ValueSets sets, JudgedCode code, bool? belongs, string otherwise, string? language)
    {
        if (belongs is not { } sure)
            return null;
        if (!sure)
            return new(false, otherwise, null);
        var wording = sets.Wording(code.System, code.Code);
        var spoken = language is null ? null : wording?.In(language);
        var display = spoken ?? wording?.Display;
        if (code.Display is not null && wording?.Has(code.Display) == false)
            return new(false, "The display is not the one of this code.", display);
        if (code.Display is not null && wording is null)
            return new(true, "The display of this code is not known here and was not judged.", null);
        return new(true, language is not null && spoken is null && display is not null ? NotSpoken : null, display);
    }

    /// <summary>What is said where a language was asked for in vain.</summary>
    public const string NotSpoken = "No display in the language that was asked for is known here.";
}
