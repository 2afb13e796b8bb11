using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Json;

namespace Personalize.Fhir.Validation.Profiles;

/// <summary>The rules of a profile that look at nothing but the element itself.</summary>
internal sealed class ElementValueRules(Findings findings, ValidationContext context)
{
    private static readonly FhirPathExpression _notBelow = FhirPathExpression.Parse("$this >= %limit").Value;
    private static readonly FhirPathExpression _notAbove = FhirPathExpression.Parse("$this <= %limit").Value;

    public void Judge(Element element, Rule rule, string profile)
    {
        switch (rule)
        {
            case FixedRule isFixed:
                Differs(element, isFixed.Value, true, profile);
                break;
            case PatternRule pattern:
                Differs(element, pattern.Value, false, profile);
                break;
            case BindingRule binding:
                Bound(element, binding, profile);
                break;
            case ConstraintRule constraint:
                Holds(element, constraint, profile);
                break;
            case LimitRule limit:
                Limited(element, limit, profile);
                break;
            case LengthRule length when element.Text?.Length > length.Most:
                findings.Error("too-long", $"The text may have at most {length.Most} characters ({profile}).", element);
                break;
        }
    }

    private void Differs(Element element, JsonTree wanted, bool isExact, string profile)
    {
        var differs = element.Node < 0 ? element.Twin : ValueMatch.Differs(element.Tree, element.Node, wanted, isExact);
        if (differs != ValueMatch.Fits)
            findings.Error(Findings.Value, isExact ? $"The value is not the one that is fixed here ({profile})." : $"The value lacks something of what must be in it ({profile}).", differs);
    }

    private void Bound(Element element, BindingRule binding, string profile)
    {
        if (binding.Strength is not ("required" or "extensible") || (element.Node < 0 && element.Type.Primitive != Schema.PrimitiveKind.None))
            return;
        var isIn = CodeMatch.IsIn(element, binding.ValueSet, context.Path.ValueSets);
        if (isIn is null && context.Warnings && !context.Path.ValueSets.Knows(binding.ValueSet))
            findings.Once(binding.ValueSet, Findings.NotFound, $"The value set {binding.ValueSet} is not known here: codes are not checked against it.", element);
        else if (isIn == false && binding.Strength == "required")
            findings.Error(Findings.CodeInvalid, $"The code is not in the value set {binding.ValueSet} ({profile}).", element);
        else if (isIn == false && context.Warnings && !IsTextAlone(element))
            findings.Warning(Findings.CodeInvalid, $"The code is not in the value set {binding.ValueSet}, which may be left only when it has no fitting code ({profile}).", element);
    }

    private static bool IsTextAlone(Element element) => element.Type.Name == "CodeableConcept" && element.Child("coding") is null;

    private void Holds(Element element, ConstraintRule constraint, string profile)
    {
        if (!constraint.IsError && !context.Warnings)
            return;
        if (!constraint.Expression.Then(e => e.Evaluate(PathValues.Of(element), context.Path)).TryGet(out var holds, out _))
            findings.Once(constraint.Key, Findings.NotSupported, $"Whether {constraint.Key} holds could not be worked out ({profile}).", element);
        else if (holds.AsBoolean() == false)
            Broken(element, constraint, profile);
    }

    private void Broken(Element element, ConstraintRule constraint, string profile)
    {
        var text = $"The constraint {constraint.Key} does not hold ({profile}).";
        if (constraint.IsError)
            findings.Error(Findings.Invariant, text, element);
        else
            findings.Warning(Findings.Invariant, text, element);
    }

    private void Limited(Element element, LimitRule rule, string profile)
    {
        var limit = PathValues.Of(new Element(rule.Limit, 0, -1, element.Type, element.Definition));
        var expression = rule.IsLeast ? _notBelow : _notAbove;
        if (expression.Evaluate(PathValues.Of(element), context.Path with { Constant = _ => limit }).TryGet(out var holds, out _) && holds.AsBoolean() == false)
            findings.Error(Findings.Value, $"The value is {(rule.IsLeast ? "less than the least" : "more than the greatest")} one that is allowed ({profile}).", element);
    }
}
