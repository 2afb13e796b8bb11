using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Terminology;

/// <summary>A code of a value set.</summary>
/// <param name="System">Its code system; null where the set names none.</param>
/// <param name="Code">The code.</param>
/// <param name="Display">Its display, where one is known.</param>
public sealed record ExpandedCode(string? System, string Code, string? Display)
{
    /// <summary>True for a code that is no longer to be used.</summary>
    public bool IsInactive { get; init; }

    /// <summary>True when the display is in the language that was asked for.</summary>
    public bool IsInLanguage { get; init; }
}

/// <summary>Which codes of an expansion are wished, and how.</summary>
public sealed record ExpansionWish
{
    /// <summary>Everything.</summary>
    public static ExpansionWish All { get; } = new();

    /// <summary>Only codes whose code or display holds this text, whatever its case; null for all.</summary>
    public string? Filter { get; init; }

    /// <summary>How many to pass over.</summary>
    public int Offset { get; init; }

    /// <summary>How many to give at most; null for all.</summary>
    public int? Count { get; init; }

    /// <summary>The language of the displays; where none is known in it, they stay in that of the definition. Null for that of the definition.</summary>
    public string? Language { get; init; }

    /// <summary>True to leave out codes that are no longer to be used.</summary>
    public bool ActiveOnly { get; init; }
}

/// <summary>The codes of a value set, or a page of them. Source: http://hl7.org/fhir/R4/valueset-operation-expand.html.</summary>
/// <param name="ValueSet">The canonical, without version.</param>
/// <param name="Total">How many codes there are in all (with the filter).</param>
/// <param name="Offset">How many were passed over.</param>
/// <param name="Codes">In the order of the definition.</param>
public sealed record Expansion(string ValueSet, int Total, int Offset, IReadOnlyList<ExpandedCode> Codes)
{
    /// <summary>The version of the value set; null when it says none.</summary>
    public string? Version { get; private init; }

    /// <summary>Fails with <see cref="Failure.Missing"/> for a set that is not known here, and with <see cref="Failure.Unprocessable"/> (not-supported)
    /// for one that draws on a code system whose codes are not all known here: a part would be a guess.</summary>
    /// <param name="sets">What is known.</param>
    /// <param name="valueSet">The canonical; of the version that it names.</param>
    /// <param name="wish">Which of them; all when nothing is given.</param>
    public static Outcome<Expansion> Of(ValueSets sets, string valueSet, ExpansionWish? wish = null)
    {
        wish ??= ExpansionWish.All;
        if (!new Expander(sets, wish.Language).Codes(valueSet).TryGet(out var codes, out var failure))
            return failure;
        var wanted = codes.FindAll(code => !(wish.ActiveOnly && code.IsInactive) && (string.IsNullOrEmpty(wish.Filter) || Holds(code.Code, wish.Filter) || (code.Display is { } display && Holds(display, wish.Filter))));
        return new Expansion(CodesCompiler.Bare(valueSet), wanted.Count, wish.Offset, [.. wanted.Skip(wish.Offset).Take(wish.Count ?? int.MaxValue)]) { Version = sets.VersionOf(valueSet) };
    }

    private static bool Holds(string text, string filter) => text.Contains(filter, StringComparison.OrdinalIgnoreCase);
}
