using System.Collections.Frozen;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Validation.Profiles;

namespace Personalize.Fhir.Validation;

/// <summary>The profiles that R4 asks of vital signs by their code, whether a resource names them or not. Source: http://hl7.org/fhir/R4/observation-vitalsigns.html.</summary>
internal static class VitalSigns
{
    private const string Category = "http://terminology.hl7.org/CodeSystem/observation-category";
    private const string Loinc = "http://loinc.org";

    private static readonly FrozenDictionary<string, string> _profiles = new (string Code, string Profile)[]
    {
        ("85353-1", "vitalspanel"), ("9279-1", "resprate"), ("8867-4", "heartrate"), ("2708-6", "oxygensat"), ("8310-5", "bodytemp"), ("8302-2", "bodyheight"),
        ("9843-4", "headcircum"), ("29463-7", "bodyweight"), ("39156-5", "bmi"), ("85354-9", "bp"),
    }.ToFrozenDictionary(p => p.Code, p => ProfileCompiler.Definitions + p.Profile, StringComparer.Ordinal);

    /// <summary>The profile that is asked of an Observation which says by its category that it is a vital sign and names no profile; null for none.</summary>
    public static string? Implied(Element observation)
    {
        if (observation.Child("meta")?.Child("profile") is not null || !Codings(observation, "category").Any(c => Is(c, Category, "vital-signs")))
            return null;
        foreach (var coding in Codings(observation, "code"))
            if (coding.Child("system")?.TextIs(Loinc) == true && coding.Child("code")?.Text is { } code && _profiles.TryGetValue(code, out var profile))
                return profile;
        return null;
    }

    private static IEnumerable<Element> Codings(Element observation, string name) => observation.Children(name).SelectMany(concept => concept.Children("coding"));

    private static bool Is(Element coding, string system, string code) => coding.Child("system")?.TextIs(system) == true && coding.Child("code")?.TextIs(code) == true;
}
