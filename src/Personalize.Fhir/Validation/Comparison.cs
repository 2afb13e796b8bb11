using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;

namespace Personalize.Fhir.Validation;

/// <summary>Compares values of elements as FHIRPath does: dates by their precision, quantities by their units.</summary>
internal static class Comparison
{
    private static readonly Dictionary<string, FhirPathExpression> _operators =
        new[] { "=", "!=", ">", "<", ">=", "<=" }.ToDictionary(o => o, o => FhirPathExpression.Parse($"$this {o} %other").Value, StringComparer.Ordinal);

    /// <summary>Does the operator hold between them? Null when they cannot be compared.</summary>
    public static bool? Holds(Element left, string op, Element right, FhirPathContext context)
    {
        var other = PathValues.Of(right);
        return _operators.TryGetValue(op, out var expression) && expression.Test(left, context with { Constant = _ => other }).TryGet(out var holds, out _) && holds != Truth.Unknown
            ? holds == Truth.True : null;
    }
}
