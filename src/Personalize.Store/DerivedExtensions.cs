using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Store;

/// <summary>The extensions of Patient that the engine alone writes: segments and preferences that were worked out.</summary>
public static class DerivedExtensions
{
    /// <summary>The segments of a patient.</summary>
    public const string Segment = "https://personalize-fhir.org/fhir/StructureDefinition/patient-segment";

    /// <summary>The preferences of a patient.</summary>
    public const string Preference = "https://personalize-fhir.org/fhir/StructureDefinition/patient-preference";

    /// <summary>True for the URL of a derived extension.</summary>
    public static bool IsDerived(string url) => url is Segment or Preference;

    /// <summary>The content with its derived extensions dropped and those of the stored version carried over; null when that changes nothing.</summary>
    internal static Outcome<Resource>? CarryOver(Resource content, Resource? stored)
    {
        var kept = stored is null ? [] : Of(stored).Select(e => e.Json).ToList();
        if (kept.Count == 0 && !Of(content).Any())
            return null;
        return Resource.Parse(Edit.WithExtensions(content, IsDerived, kept));
    }

    /// <summary>The derived extensions of a Patient.</summary>
    internal static IEnumerable<Element> Of(Resource patient) => patient.Root.Children("extension").Where(e => IsDerived(e.Child("url")?.Text ?? ""));
}
