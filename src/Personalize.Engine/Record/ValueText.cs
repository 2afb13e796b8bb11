using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;

namespace Personalize.Engine.Record;

/// <summary>Values for people: <c>9.1 %</c>, <c>yes</c>, <c>Current smoker</c>.</summary>
public static class ValueText
{
    /// <summary>A value of an expression; a unit is added to a bare number.</summary>
    public static string Of(PathValue value, string? unit = null)
    {
        if (value.Element is { } element && element.Text is null)
            return Of(element) ?? value.TypeName;
        return value.Value switch
        {
            bool truth => truth ? "yes" : "no",
            int or long or decimal when unit is not null => $"{value} {unit}",
            _ => value.ToString(),
        };
    }

    /// <summary>An element: a quantity with its unit, a concept or coding in words, a primitive as written; null for anything else.</summary>
    public static string? Of(Element element) => element.Type.Name switch
    {
        "CodeableConcept" => element.Words(),
        "Coding" => element.TextAt("display") ?? element.TextAt("code"),
        "Period" => $"{element.TextAt("start")} to {element.TextAt("end")}",
        "boolean" => element.Text == "true" ? "yes" : "no",
        "dateTime" or "instant" => ClinicalDate.TryParse(element.Text)?.Day,
        _ when element.Type.Is("Quantity") => QuantityText(element),
        _ => element.Text,
    };

    private static string QuantityText(Element quantity)
    {
        var unit = quantity.TextAt("unit") ?? quantity.TextAt("code");
        var number = $"{quantity.TextAt("comparator")}{quantity.TextAt("value")}";
        return unit is null or "1" ? number : $"{number} {unit}";
    }
}
