using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Terminology;

/// <summary>A code of a value set.</summary>
/// <param name="System">Its code system; null where the set names none.</param>
/// <param name="Code">The code.</param>
/// <param name="Display">Its display, where one is known.</param>
public sealed record ExpandedCode(string? System, string Code, string? Display);

/// <summary>The codes of a value set, or a page of them. Source: http://hl7.org/fhir/R4/valueset-operation-expand.html.</summary>
/// <param name="ValueSet">The canonical, without version.</param>
/// <param name="Total">How many codes there are in all (with the filter).</param>
/// <param name="Offset">How many were passed over.</param>
/// <param name="Codes">In the order of the definition.</param>
public sealed record Expansion(string ValueSet, int Total, int Offset, IReadOnlyList<ExpandedCode> Codes)
{
    /// <summary>Fails with <see cref="Failure.Missing"/> for a set that is not known here, and with <see cref="Failure.Unprocessable"/> (not-supported)
    /// for one that draws on a code system whose codes are not all known here: a part would be a guess.</summary>
    /// <param name="sets">What is known.</param>
    /// <param name="valueSet">The canonical, with or without version.</param>
    /// <param name="filter">Only codes whose code or display holds this text, whatever its case; null for all.</param>
    /// <param name="offset">How many to pass over.</param>
    /// <param name="count">How many to give at most; null for all.</param>
    public static Outcome<Expansion> Of(ValueSets sets, string valueSet, string? filter = null, int offset = 0, int? count = null)
    {
        if (!new Expander(sets).Codes(valueSet).TryGet(out var codes, out var failure))
            return failure;
        var wanted = string.IsNullOrEmpty(filter) ? codes : codes.FindAll(code => Holds(code.Code, filter) || (code.Display is { } display && Holds(display, filter)));
        return new Expansion(CodesCompiler.Bare(valueSet), wanted.Count, offset, [.. wanted.Skip(offset).Take(count ?? int.MaxValue)]);
    }

    private static bool Holds(string text, string filter) => text.Contains(filter, StringComparison.OrdinalIgnoreCase);
}
