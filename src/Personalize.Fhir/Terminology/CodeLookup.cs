using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Terminology;

/// <summary>What a code is called in a language.</summary>
/// <param name="Language">The language.</param>
/// <param name="Text">The text.</param>
public sealed record Designation(string Language, string Text);

/// <summary>What is known of a code. Source: http://hl7.org/fhir/R4/codesystem-operation-lookup.html.</summary>
/// <param name="System">Its code system.</param>
/// <param name="Code">The code.</param>
/// <param name="Display">Its display; null when none is known here.</param>
/// <param name="Parents">The codes right above it.</param>
/// <param name="Children">The codes right below it.</param>
public sealed record CodeLookup(string System, string Code, string? Display, IReadOnlyList<string> Parents, IReadOnlyList<string> Children)
{
    /// <summary>The version of the system; null when it says none.</summary>
    public string? Version { get; private init; }

    /// <summary>What the code is called beside its display.</summary>
    public IReadOnlyList<Designation> Designations { get; private init; } = [];

    /// <summary>Fails with <see cref="Failure.Missing"/> when the system has no such code, and with <see cref="Failure.Unprocessable"/> (not-supported) when that cannot be said here.</summary>
    /// <param name="sets">What is known.</param>
    /// <param name="system">The code system, with or without version.</param>
    /// <param name="code">The code.</param>
    /// <param name="language">In which language the display is wished; where none is known in it, it is that of the definition. Null for that of the definition.</param>
    public static Outcome<CodeLookup> Of(ValueSets sets, string system, string code, string? language = null)
    {
        var bare = CodesCompiler.Bare(system);
        if (sets.System(system) is not { } known)
            return bare == system && SyntaxSystems.Contains(system, code) is { } hasForm ? hasForm ? new CodeLookup(system, code, null, [], []) : Missing() : Unknown();
        if (known.Contains(code) is not { } defines)
            return Unknown();
        if (!defines)
            return Missing();
        var wording = known.Wording(code);
        return new CodeLookup(bare, code, (language is null ? null : wording?.In(language)) ?? wording?.Display, [.. known.Parents(code).Distinct()], [.. known.Children(code)])
        {
            Version = known.Version,
            Designations = [.. (wording?.Others ?? []).Select(other => new Designation(other.Language, other.Text))],
        };
    }

    private static Failure.Missing Missing() => new("The code system has no such code.");

    /// <summary>What is answered where nothing is known, or not enough.</summary>
    internal static Failure.Unprocessable Unknown() => new([Issue.Error("not-supported", "The codes of this code system are not known here, or not all of them.")]);
}
