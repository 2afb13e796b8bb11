using Personalize.Fhir.Elements;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Terminology;

namespace Personalize.Fhir.Validation.Profiles;

/// <summary>Asks of coded elements whether a value set holds them.</summary>
internal static class CodeMatch
{
    /// <summary>Is the code (of a CodeableConcept one of its codings) in the set? Null when that is not known; false for a concept without any code.</summary>
    public static bool? IsIn(Element element, string valueSet, ValueSets sets)
    {
        if (element.Type.Kind == FhirTypeKind.Primitive)
            return element.Text is { } text ? sets.Contains(valueSet, null, text) : null;
        if (element.Type.Name != "CodeableConcept")
            return Coding(element, valueSet, sets);
        bool? found = false;
        foreach (var coding in element.Children("coding"))
            found = Or(found, Coding(coding, valueSet, sets));
        return found;
    }

    private static bool? Coding(Element coding, string valueSet, ValueSets sets)
    {
        if (coding.Child("code")?.Text is { } code)
            return sets.Contains(valueSet, coding.Child("system")?.Text, code);
        return coding.Type.Name == "Coding" ? false : null;
    }

    private static bool? Or(bool? left, bool? right) => left == true || right == true ? true : left is null || right is null ? null : false;
}
