namespace Personalize.Engine.Content;

/// <summary>The names that the content formats and the written resources share.</summary>
public static class Canonicals
{
    /// <summary>Where our canonicals live.</summary>
    public const string Root = "https://personalize-fhir.org/fhir";

    /// <summary>Code system of segments.</summary>
    public const string SegmentSystem = Root + "/CodeSystem/segment";

    /// <summary>Code system of suggestions: the rules' codes.</summary>
    public const string SuggestionSystem = Root + "/CodeSystem/suggestion";

    /// <summary>Code system of what a suggestion's Task takes in.</summary>
    public const string SuggestionInputSystem = Root + "/CodeSystem/suggestion-input";

    /// <summary>Code system of the reasons to dismiss a suggestion; its property <c>rest</c> says how long each one rests.</summary>
    public const string DismissalReasonSystem = Root + "/CodeSystem/dismissal-reason";

    /// <summary>Code system that tells Libraries apart: fact, preference.</summary>
    public const string LibraryTypeSystem = Root + "/CodeSystem/library-type";

    /// <summary>Extension on Patient: a segment that the patient is in.</summary>
    public const string PatientSegment = Root + "/StructureDefinition/patient-segment";

    /// <summary>Extension on Patient: a preference.</summary>
    public const string PatientPreference = Root + "/StructureDefinition/patient-preference";

    /// <summary>Extension on Library: what a fact is.</summary>
    public const string Fact = Root + "/StructureDefinition/fact";

    /// <summary>Extension on Group: what a segment is.</summary>
    public const string SegmentDefinition = Root + "/StructureDefinition/segment-definition";

    /// <summary>Extension on Library: the kind of a preference.</summary>
    public const string PreferenceKind = Root + "/StructureDefinition/preference-kind";

    /// <summary>Extension on Library: a topic that a preference is told for.</summary>
    public const string PreferenceTopic = Root + "/StructureDefinition/preference-topic";

    /// <summary>Extension on Library: where a preference comes from.</summary>
    public const string PreferenceSource = Root + "/StructureDefinition/preference-source";

    /// <summary>Extension on PlanDefinition: what a suggestion rule is worth.</summary>
    public const string SuggestionRule = Root + "/StructureDefinition/suggestion-rule";

    /// <summary>Profile of a suggestion's Task.</summary>
    public const string SuggestionTask = Root + "/StructureDefinition/suggestion-task";

    /// <summary>Extension on Task: its rank.</summary>
    public const string SuggestionRank = Root + "/StructureDefinition/suggestion-rank";

    /// <summary>HL7's extension that puts an expression into a resource.</summary>
    public const string Expression = "http://hl7.org/fhir/StructureDefinition/cqf-expression";

    /// <summary>The Device that speaks for the engine.</summary>
    public const string EngineDevice = "Device/personalize-engine";
}
