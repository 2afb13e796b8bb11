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
    // R4 marks this one alone as best practice: that there be a narrative.
    private const string BestPractice = "dom-6";

    // ele-1: that an element is not empty is seen to by the structure already, but for one that has nothing but an id.
    // que-7 asks for the Boolean of FHIRPath where FHIR has its own boolean, so that it never holds; later versions mended it.
    private static readonly FrozenSet<string> _leftOut = ["ele-1", "que-7"];

    // These speak of contained resources alone: without one they hold.
    private static readonly FrozenSet<string> _ofContained = ["dom-2", "dom-3", "dom-4", "dom-5"];

    // This one of references within a resource alone.
    private const string LocalReference = "ref-1";

    // What an element must keep, gathered once: by its definition where that says its type, else by its type.
    private static readonly ConcurrentDictionary<object, Bound[]> _bound = new(ReferenceEqualityComparer.Instance);

    /// <summary>A constraint with its expression.</summary>
    private sealed record Bound(ConstraintDef Definition, Outcome<FhirPathExpression> Expression)
    {
        public bool IsError { get; } = Definition.Severity == "error";

        public bool IsOfContained { get; } = _ofContained.Contains(Definition.Key);

        public bool IsOfLocal { get; } = Definition.Key == LocalReference;
    }

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
        var definition = element.Definition;
        // R4 puts no other constraint than ele-1 on primitive types.
        if (element.Type.Primitive != PrimitiveKind.None && definition is { Constraints.Count: 0 })
            return;
        if (definition is { Types.Count: 1 } && !element.Type.IsResource)
        {
            Check(element, _bound.GetOrAdd(definition, static d => Gather((ElementDef)d, ((ElementDef)d).Types[0])));
            return;
        }
        Check(element, _bound.GetOrAdd(element.Type, static t => Gather(null, (FhirType)t)));
        if (definition is { Constraints.Count: > 0 })
            Check(element, _bound.GetOrAdd(definition, static d => Gather((ElementDef)d, null)));
    }

    private static bool IsLocal(Element reference) => reference.Child("reference") is { HasValue: true } named && named.Tree.Raw(named.Node).StartsWith("#"u8);

    private static Bound[] Gather(ElementDef? definition, FhirType? type)
    {
        var all = new List<ConstraintDef>();
        for (var at = type; at is not null; at = at.Base)
            all.AddRange(at.Constraints);
        all.AddRange(definition?.Constraints ?? []);
        return [.. all.Where(c => !_leftOut.Contains(c.Key)).Select(c => new Bound(c, FhirPathExpression.Parse(c.Expression)))];
    }

    private void Check(Element element, Bound[] constraints)
    {
        bool? contains = null;
        foreach (var constraint in constraints)
            if ((constraint.IsError || warnings)
                && (!constraint.IsOfContained || (contains ??= element.Child("contained") is not null))
                && (!constraint.IsOfLocal || IsLocal(element)))
                Check(element, constraint);
    }

    private void Check(Element element, Bound constraint)
    {
        if (!constraint.Expression.TryGet(out var expression, out _) || !expression.Test(element, context).TryGet(out var holds, out _))
            findings.Warning(Findings.Invariant, $"Whether {constraint.Definition.Key} holds could not be worked out.", element);
        else if (holds == Truth.False)
            Broken(constraint.Definition, element.Node >= 0 ? element.Node : element.Twin);
    }

    private void Broken(ConstraintDef constraint, int node)
    {
        var text = $"The constraint {constraint.Key} of FHIR R4 does not hold.";
        if (constraint.Key == BestPractice)
            findings.Practice(constraint.Key, Findings.Invariant, "A narrative is good practice (dom-6).", node);
        else if (constraint.Severity == "error")
            findings.Error(Findings.Invariant, text, node);
        else
            findings.Warning(Findings.Invariant, text, node);
    }
}
