using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Validation.Profiles;

namespace Personalize.Fhir.Validation;

/// <summary>What a resource is to be validated for. Source: FHIR R4, operation <c>$validate</c>, mode.</summary>
public enum ValidationMode
{
    /// <summary>Just its content.</summary>
    Content,
    /// <summary>To be created: it needs no id.</summary>
    Create,
    /// <summary>To replace another: it must have an id.</summary>
    Update,
    /// <summary>To be deleted: its content does not matter.</summary>
    Delete,
}

/// <summary>What a validation rests on beside the resource.</summary>
/// <param name="Path">For constraints: the time, the value sets, and how references are resolved.</param>
public sealed record ValidationContext(FhirPathContext Path)
{
    /// <summary>The profiles that are known; those of US Core and R4 when nothing else is given.</summary>
    public ProfileCatalog Profiles
    {
        get => field ?? ProfileCatalog.UsCore;
        init;
    }

    /// <summary>Finds a Questionnaire by its canonical; null when none is known.</summary>
    public Func<string, Resource?>? Questionnaire { get; init; }

    /// <summary>What the resource is to be validated for.</summary>
    public ValidationMode Mode { get; init; }

    /// <summary>What is refused beyond R4; nothing when nothing is given.</summary>
    public Strictness Strictness { get; init; } = Strictness.None;

    /// <summary>True when warnings are worked out too; errors alone cost less.</summary>
    public bool Warnings { get; init; } = true;
}
