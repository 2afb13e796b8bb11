using Personalize.Engine.Content;
using Personalize.Fhir.FhirPath;

namespace Personalize.Engine.Facts;

/// <summary>Says whether a value is of a fact's type.</summary>
internal static class FactTyping
{
    public static bool Fits(FactType type, PathValue value) => type switch
    {
        FactType.Boolean => value.Value is bool,
        FactType.Integer => value.Value is int or long,
        FactType.Decimal => value.Value is int or long or decimal,
        FactType.String => value.Value is string,
        FactType.Code => value.Value is string || value.TypeName is "Coding" or "CodeableConcept",
        FactType.Date => value.TypeName is "date" or "dateTime" or "instant",
        FactType.Quantity => value.TypeName == "Quantity" || value.Element?.Type.Is("Quantity") == true,
        _ => false,
    };
}
