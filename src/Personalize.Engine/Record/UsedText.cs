using Personalize.Fhir.Elements;

namespace Personalize.Engine.Record;

/// <summary>A resource in a few words, for a list of evidence: <c>Hemoglobin A1c 9.1 % on 2026-09-02</c>. Never names a person.</summary>
public static class UsedText
{
    /// <summary>What it is, its value, and the day that it is of, as far as the resource says so.</summary>
    public static string Of(Resource resource)
    {
        // A measure reads on after its name; an answer in words does not: "Worry about losing housing: Yes".
        var answer = resource.Root.Child("value") is { } value && !value.Type.Is("Quantity") ? ": " : " ";
        var what = string.Join(answer, new[] { Name(resource), Value(resource.Root) }.Where(part => !string.IsNullOrEmpty(part)));
        return Day(resource) is { } day ? $"{what} {Preposition(resource.Type)} {day}" : what;
    }

    private static string? Name(Resource resource) => resource.Type switch
    {
        "Patient" => "Patient's own data",
        "Communication" => Message(resource.Root),
        "Encounter" => Visit(EncounterKind(resource.Root), resource.Root.At("type")?.Words()),
        "Appointment" => $"Appointment ({resource.Root.TextAt("status")})",
        "Immunization" => resource.Root.At("vaccineCode")?.Words(),
        "MedicationRequest" or "MedicationStatement" => resource.Root.At("medication") is { } drug ? drug.Words() ?? drug.TextAt("display") : null,
        "Consent" => resource.Root.At("category")?.Words() is { } category ? $"Consent: {category}" : null,
        "Coverage" => resource.Root.At("type")?.Words(),
        "Goal" => resource.Root.At("description")?.Words(),
        _ => resource.Root.At("code")?.Words(),
    } ?? Spaced(resource.Type);

    private static string Message(Element message)
    {
        var medium = message.At("medium")?.Words();
        var direction = message.TextAt("sender", "reference")?.Contains("Patient/", StringComparison.Ordinal) == true ? "Message from the patient" : "Message";
        return medium is null ? direction : $"{direction} by {medium}";
    }

    private static string EncounterKind(Element encounter) => encounter.TextAt("class", "code") switch
    {
        "VR" => "Video visit",
        "EMER" => "Emergency visit",
        "IMP" => "Hospital stay",
        "HH" => "Home visit",
        _ => "Visit",
    };

    private static string Visit(string kind, string? type) =>
        type is null || type.Equals(kind, StringComparison.OrdinalIgnoreCase) ? kind : $"{kind} ({type})";

    private static string? Value(Element root)
    {
        if (root.Child("value") is { } value)
            return ValueText.Of(value);
        var parts = root.Children("component")
            .Where(component => component.Child("value") is not null)
            .Select(component => $"{Short(component.At("code")?.Words(), root.At("code")?.Words())} {ValueText.Of(component.Child("value")!.Value)}");
        return string.Join(", ", parts);
    }

    // What the whole is called need not be said of each part: "Blood pressure systolic 148 mmHg", not "Blood pressure Systolic blood pressure 148 mmHg".
    private static string? Short(string? part, string? whole) =>
        part is not null && whole is not null && part.EndsWith(" " + whole, StringComparison.OrdinalIgnoreCase) ? part[..^(whole.Length + 1)].ToLowerInvariant() : part;

    private static string? Day(Resource resource) =>
        resource.Type == "Patient" ? null : ClinicalDate.Of(resource)?.Day;

    private static string Preposition(string type) => type is "Condition" or "AllergyIntolerance" or "Coverage" or "CareTeam" or "CarePlan" ? "since" : "on";

    // QuestionnaireResponse becomes "Questionnaire response".
    private static string Spaced(string type) =>
        string.Concat(type.Select((letter, index) => index > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : letter.ToString()));
}
