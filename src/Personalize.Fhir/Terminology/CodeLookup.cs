using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Terminology;

/// <summary>What is known of a code. Source: http://hl7.org/fhir/R4/codesystem-operation-lookup.html.</summary>
/// <param name="System">Its code system.</param>
/// <param name="Code">The code.</param>
/// <param name="Display">Its display; null when none is known here.</param>
/// <param name="Parents">The codes right above it.</param>
/// <param name="Children">The codes right below it.</param>
public sealed record CodeLookup(string System, string Code, string? Display, IReadOnlyList<string> Parents, IReadOnlyList<string> Children)
{
    /// <summary>Fails with <see cref="Failure.Missing"/> when the system has no such code, and with <see cref="Failure.Unprocessable"/> (not-supported) when that cannot be said here.</summary>
    public static Outcome<CodeLookup> Of(ValueSets sets, string system, string code)
    {
        if (sets.Defines(system, code) is not { } defines)
            return Unknown();
        if (!defines)
            return new Failure.Missing("The code system has no such code.");
        return sets.System(system) is { } known
            ? new CodeLookup(system, code, known.Display(code), [.. known.Parents(code).Distinct()], [.. known.Children(code)])
            : new CodeLookup(system, code, null, [], []);
    }

    /// <summary>What is answered where nothing is known, or not enough.</summary>
    internal static Failure.Unprocessable Unknown() => new([Issue.Error("not-supported", "The codes of this code system are not known here, or not all of them.")]);
}
