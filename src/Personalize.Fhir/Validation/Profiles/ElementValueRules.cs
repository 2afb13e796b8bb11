using System.Globalization;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Validation.Profiles;

/// <summary>The rules of a profile that look at nothing but the element itself.</summary>
internal sealed class ElementValueRules(Findings findings, ValidationContext context)
{
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
        // Who wants errors alone need not know whether a weaker set holds the code.
        if (binding.Strength != "required" && !context.Warnings)
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
        if (!constraint.Expression.TryGet(out var expression, out _) || !expression.Test(element, context.Path).TryGet(out var holds, out _))
            findings.Once(constraint.Key, Findings.NotSupported, $"Whether {constraint.Key} holds could not be worked out ({profile}).", element);
        else if (holds == Truth.False)
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
        if (element.HasValue && rule.Limit[0].Kind == JsonKind.Object)
        {
            FromNow(element, rule, profile);
            return;
        }
        var limit = new Element(rule.Limit, 0, -1, element.Type, element.Definition);
        if (Comparison.Holds(element, rule.IsLeast ? ">=" : "<=", limit, context.Path) == false)
            findings.Error(Findings.Value, $"The value is {(rule.IsLeast ? "less than the least" : "more than the greatest")} one that is allowed ({profile}).", element);
    }

    /// <summary>A date is limited by a time span: no longer ago than that, or no further ahead.</summary>
    private void FromNow(Element element, LimitRule rule, string profile)
    {
        var limit = rule.Limit.Root;
        if (!int.TryParse(limit["value"].Text, CultureInfo.InvariantCulture, out var count) || !FhirDate.TryParse(element.Text!.Split('T')[0], out var date))
            return;
        var (years, months, days) = limit["code"].Text switch { "a" => (count, 0, 0), "mo" => (0, count, 0), "wk" => (0, 0, count * 7), "d" => (0, 0, count), _ => (0, 0, 0) };
        if (years + months + days == 0)
            return;
        var sign = rule.IsLeast ? -1 : 1;
        var edge = DateOnly.FromDateTime(context.Path.Now.DateTime).AddYears(sign * years).AddMonths(sign * months).AddDays(sign * days);
        if (rule.IsLeast ? date.Last < edge : date.First > edge)
            findings.Error(Findings.Value, $"The date lies {(rule.IsLeast ? "further back" : "further ahead")} than is allowed ({profile}).", element);
    }
}
