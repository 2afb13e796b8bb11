using Hl7.Fhir.Model;
using Personalize.App.Fhir;

namespace Personalize.App.Clinician;

/// <summary>What a patient can wish for, as it is written down in FHIR.</summary>
internal static class Wishes
{
    /// <summary>The ways to reach somebody.</summary>
    public static readonly IReadOnlyList<string> Channels = ["sms", "phone", "email", "portal", "mail"];

    /// <summary>The kinds of message that a way can be wished for.</summary>
    public static readonly IReadOnlyList<string> Topics = ["appointment", "care", "wellness"];

    /// <summary>The kinds of visit.</summary>
    public static readonly IReadOnlyList<string> VisitModes = ["in-person", "video", "phone"];

    /// <summary>The times of day.</summary>
    public static readonly IReadOnlyList<string> Hours = ["morning", "midday", "afternoon", "evening"];

    /// <summary>The languages that the form offers, besides the ones on file: those spoken most in US homes, and English.</summary>
    public static readonly IReadOnlyList<string> Languages =
        ["en", "es", "zh", "vi", "tl", "ar", "ko", "ru", "fr", "ht", "pt", "hi", "bn", "pl", "so", "am", "fa", "uk", "de", "it", "ja", "hmn"];

    /// <summary>The code system and the codes of a kind of wish that is said by an Observation; null for any other kind.</summary>
    public static (string System, IReadOnlyList<string> Codes)? Kind(string? kind) => kind switch
    {
        "channel" => (Canonicals.Channel, Channels),
        "visit-mode" => (Canonicals.VisitMode, VisitModes),
        "contact-hours" => (Canonicals.ContactHours, Hours),
        _ => null,
    };

    /// <summary>A stated wish as an Observation (care experience preference). <paramref name="choices"/> are one to three codes, the first choice first.</summary>
    public static Observation State(string kind, string? topic, IReadOnlyList<string> choices, string patient, string user, DateTimeOffset now)
    {
        var (system, _) = Kind(kind) ?? throw new ArgumentException("No such kind of wish.", nameof(kind));
        var wish = new Observation
        {
            Status = ObservationStatus.Final,
            Category = [new CodeableConcept(Canonicals.UsCoreCategory, "care-experience-preference")],
            Code = new CodeableConcept(Canonicals.Loinc, "95541-9", "Care experience preference", null),
            Subject = new ResourceReference($"Patient/{patient}"),
            Effective = new FhirDateTime(now),
            Performer = user.Length > 0 ? [new ResourceReference(user)] : [],
            Value = new CodeableConcept(system, choices[0]),
        };
        if (topic is not null)
            wish.Component.Add(Part("topic", Canonicals.MessageTopic, topic));
        foreach (var (choice, name) in choices.Skip(1).Zip(["second-choice", "third-choice"]))
            wish.Component.Add(Part(name, system, choice));
        return wish;
    }

    private static Observation.ComponentComponent Part(string name, string system, string code) => new()
    {
        Code = new CodeableConcept(Canonicals.PreferenceCode, name),
        Value = new CodeableConcept(system, code),
    };

    /// <summary>Writes the languages and the need of an interpreter into the Patient. Other languages stay on file without a preference.</summary>
    /// <param name="patient">The Patient, which is changed.</param>
    /// <param name="spoken">The language to speak (BCP 47).</param>
    /// <param name="written">The language to write in; often the same.</param>
    /// <param name="interpreter">Whether an interpreter is needed; null when that is not known.</param>
    public static void SetLanguages(Patient patient, string spoken, string written, bool? interpreter)
    {
        foreach (var entry in patient.Communication)
            entry.PreferredElement = null;
        var speaks = Entry(patient, spoken);
        speaks.PreferredElement = new FhirBoolean(true);
        if (written != spoken)
        {
            var writes = Entry(patient, written);
            writes.PreferredElement = new FhirBoolean(true);
            writes.PreferredElement.AddExtension(Canonicals.PreferenceType, new Coding(Canonicals.PreferenceTypeCodes, "written"));
        }
        // Who reads only the first preferred entry gets the spoken language.
        patient.Communication = [speaks, .. patient.Communication.Where(c => !ReferenceEquals(c, speaks))];
        SetInterpreter(patient, interpreter);
    }

    private static Patient.CommunicationComponent Entry(Patient patient, string language)
    {
        var known = patient.Communication.FirstOrDefault(c => c.Language?.Coding.Any(l => l.System is null or Canonicals.Languages && Matches(l.Code, language)) == true);
        if (known is not null)
            return known;
        var added = new Patient.CommunicationComponent { Language = new CodeableConcept(Canonicals.Languages, language) };
        patient.Communication.Add(added);
        return added;
    }

    private static bool Matches(string? onFile, string language) => string.Equals(onFile, language, StringComparison.OrdinalIgnoreCase);

    private static void SetInterpreter(Patient patient, bool? needed)
    {
        patient.RemoveExtension(Canonicals.InterpreterNeeded);
        patient.RemoveExtension(Canonicals.InterpreterRequired);
        if (needed is { } known)
            patient.AddExtension(Canonicals.InterpreterNeeded, known
                ? new Coding(Canonicals.Snomed, "373066001", "Yes")
                : new Coding(Canonicals.Snomed, "373067005", "No"));
    }

    /// <summary>Whether an interpreter is needed; null when the Patient does not say.</summary>
    public static bool? NeedsInterpreter(Patient patient) =>
        patient.GetExtensionValue<Coding>(Canonicals.InterpreterNeeded)?.Code switch
        {
            "373066001" => true,
            "373067005" => false,
            _ => patient.GetExtensionValue<FhirBoolean>(Canonicals.InterpreterRequired)?.Value,
        };

    /// <summary>The language to speak, as it is on file; null when the Patient does not say.</summary>
    public static CodeableConcept? Spoken(Patient patient) =>
        (patient.Communication.FirstOrDefault(c => c.Preferred == true && !IsForWriting(c))
            ?? patient.Communication.FirstOrDefault(c => c.Preferred == true)
            ?? (patient.Communication is [var only] ? only : null))?.Language;

    /// <summary>The language to write in: the one marked so, else the spoken one.</summary>
    public static CodeableConcept? Written(Patient patient) =>
        patient.Communication.FirstOrDefault(IsForWriting)?.Language ?? Spoken(patient);

    private static bool IsForWriting(Patient.CommunicationComponent entry) =>
        entry.PreferredElement?.GetExtensionValue<Coding>(Canonicals.PreferenceType)?.Code == "written";
}
