using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Schema;

namespace Personalize.Engine.Content;

/// <summary>Sorts the constants that an expression mentions: facts, segments, resource types, and what FHIRPath itself knows.</summary>
internal static class Mentions
{
    /// <summary>What stands before a segment's code in an expression.</summary>
    public const string SegmentPrefix = "segment-";

    private static readonly HashSet<string> _own = ["patient", "topic", "resource", "rootResource", "context", "ucum", "sct", "loinc"];
    private static readonly HashSet<string> _types = [.. FhirSchema.R4.ResourceTypes];

    public static bool IsType(string constant) => _types.Contains(constant);

    public static bool IsSegment(string constant) => constant.StartsWith(SegmentPrefix, StringComparison.Ordinal);

    private static bool IsOwn(string constant) =>
        _own.Contains(constant) || constant.StartsWith("vs-", StringComparison.Ordinal) || constant.StartsWith("ext-", StringComparison.Ordinal);

    /// <summary>The constants that can only be facts.</summary>
    public static IEnumerable<string> Facts(FhirPathExpression expression) =>
        expression.Constants.Where(constant => !IsOwn(constant) && !IsType(constant) && !IsSegment(constant));

    /// <summary>The codes of the segments that are mentioned.</summary>
    public static IEnumerable<string> Segments(FhirPathExpression expression) =>
        expression.Constants.Where(IsSegment).Select(constant => constant[SegmentPrefix.Length..]);

    /// <summary>The resource types that are mentioned.</summary>
    public static IEnumerable<string> Types(FhirPathExpression expression) => expression.Constants.Where(IsType);
}
