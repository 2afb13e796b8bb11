using System.Collections.Concurrent;
using System.Collections.Frozen;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Validation;

/// <summary>The FHIRPath constraints that R4 puts on types and elements. Those of severity warning are looked at only when warnings are wanted. Source: FHIR R4, ElementDefinition.constraint.</summary>
internal sealed class ConstraintRules(Findings findings, FhirPathContext context, bool warnings = false)
{
    // ele-1: that an element is not empty is seen to by the structure already, but for one that has nothing but an id.
    // que-7 asks for the Boolean of FHIRPath where FHIR has its own boolean, so that it never holds; later versions mended it.
    private static readonly FrozenSet<string> _leftOut = ["ele-1", "que-7"];

    // One expression for each constraint of the schema, made when it is first needed.
    private static readonly ConcurrentDictionary<ConstraintDef, Outcome<FhirPathExpression>> _expressions = new(ReferenceEqualityComparer.Instance);

    public void Check(Element element)
    {
        if (findings.IsFull)
            return;
        CheckOnly(element);
        foreach (var child in element.Children())
            Check(child);
    }

    /// <summary>The element's own constraints, without those of what is under it.</summary>
    public void CheckOnly(Element element)
    {
        for (var type = element.Type; type is not null; type = type.Base)
            Check(element, type.Constraints);
        Check(element, element.Definition?.Constraints ?? []);
    }

    private void Check(Element element, IReadOnlyList<ConstraintDef> constraints)
    {
        foreach (var constraint in constraints)
            if ((warnings || constraint.Severity == "error") && !_leftOut.Contains(constraint.Key))
                Check(element, constraint);
    }

    private void Check(Element element, ConstraintDef constraint)
    {
        var result = _expressions.GetOrAdd(constraint, static c => FhirPathExpression.Parse(c.Expression)).Then(e => e.Evaluate(PathValues.Of(element), context));
        var node = element.Node >= 0 ? element.Node : element.Twin;
        if (!result.TryGet(out var holds, out _))
            findings.Warning(Findings.Invariant, $"Whether {constraint.Key} holds could not be worked out.", node);
        else if (holds.AsBoolean() == false)
            Broken(constraint, node);
    }

    private void Broken(ConstraintDef constraint, int node)
    {
        var text = $"The constraint {constraint.Key} of FHIR R4 does not hold.";
        if (constraint.Severity == "error")
            findings.Error(Findings.Invariant, text, node);
        else
            findings.Warning(Findings.Invariant, text, node);
    }
}
