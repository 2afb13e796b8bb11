namespace Personalize.App.Fhir;

/// <summary>Names out of the profiles that the pages read and write.</summary>
internal static class Canonicals
{
    private const string Root = "https://personalize-fhir.org/fhir";

    public const string PatientSegment = Root + "/StructureDefinition/patient-segment";
    public const string SuggestionRank = Root + "/StructureDefinition/suggestion-rank";
    public const string Suggestion = Root + "/CodeSystem/suggestion";
    public const string DismissalReason = Root + "/CodeSystem/dismissal-reason";
    public const string PreferenceCode = Root + "/CodeSystem/preference";
    public const string MessageTopic = Root + "/CodeSystem/message-topic";
    public const string Channel = Root + "/CodeSystem/channel";
    public const string VisitMode = Root + "/CodeSystem/visit-mode";
    public const string ContactHours = Root + "/CodeSystem/contact-hours";
    public const string Languages = "urn:ietf:bcp:47";
    public const string PreferenceType = "http://hl7.org/fhir/StructureDefinition/patient-preferenceType";
    public const string PreferenceTypeCodes = "http://terminology.hl7.org/CodeSystem/language-preference-type";
    public const string InterpreterNeeded = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-interpreter-needed";
    public const string InterpreterRequired = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired";
    public const string Snomed = "http://snomed.info/sct";
    public const string Loinc = "http://loinc.org";
    public const string UsCoreCategory = "http://hl7.org/fhir/us/core/CodeSystem/us-core-category";
}
