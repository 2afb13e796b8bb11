using Personalize.Fhir.Json;

namespace Personalize.Fhir.Validation.Profiles;

/// <summary>One step of a discriminator's path.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Text">The element's name, the extension's url or the type.</param>
internal sealed record PathStep(PathStepKind Kind, string Text);

internal enum PathStepKind
{
    Child,
    Extension,
    OfType,
    Resolve,
}

/// <summary>What an item must fulfil to belong to a slice: at the end of the path something is found that fits.</summary>
internal abstract record SliceMatch(IReadOnlyList<PathStep> Path);

/// <summary>The value there is (or has at least) that one.</summary>
internal sealed record ValueSliceMatch(IReadOnlyList<PathStep> Path, JsonTree Value, bool IsExact) : SliceMatch(Path);

/// <summary>The code there is in that value set.</summary>
internal sealed record BindingSliceMatch(IReadOnlyList<PathStep> Path, string ValueSet) : SliceMatch(Path);

/// <summary>Something is there, or nothing is.</summary>
internal sealed record ExistsSliceMatch(IReadOnlyList<PathStep> Path, bool Exists) : SliceMatch(Path);

/// <summary>What is there has one of these types.</summary>
internal sealed record TypeSliceMatch(IReadOnlyList<PathStep> Path, IReadOnlyList<string> Types) : SliceMatch(Path);

/// <summary>What is there keeps one of these profiles.</summary>
internal sealed record ProfileSliceMatch(IReadOnlyList<PathStep> Path, IReadOnlyList<string> Profiles) : SliceMatch(Path);

/// <summary>Nothing fits: the profile does not say what makes the slice.</summary>
internal sealed record NoSliceMatch() : SliceMatch((IReadOnlyList<PathStep>)[]);
