using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Terminology;

namespace Personalize.Fhir.Validation;

/// <summary>Codes that a required binding asks for. What a value set that is not known here would say is not guessed.</summary>
internal sealed class BindingRules(ValueSets valueSets, Findings findings)
{
    private const string OutsideSet = "The code is not in the value set that is required here.";

    /// <summary>A primitive: <c>code</c>, <c>string</c> or <c>uri</c>.</summary>
    public void Code(JsonProperty property, JsonTree tree, int node)
    {
        if (Set(property) is not { } set)
            return;
        var isIn = tree[node].Has(JsonMarks.Escaped) || valueSets.List(set) is not { } list
            ? valueSets.Contains(set, null, tree.Text(node))
            : list.Find(tree.Raw(node)) != JsonNames.Unknown;
        if (isIn == false)
            findings.Error(Findings.CodeInvalid, OutsideSet, node);
    }

    /// <summary>A Coding, a CodeableConcept (one of its codings must be in the set) or a Quantity.</summary>
    public void Concept(JsonProperty property, JsonTree tree, int node)
    {
        if (Set(property) is not { } set || tree[node].Kind != JsonKind.Object)
            return;
        if (IsOutside(set, new(tree, node, -1, property.Type, property.Element)))
            findings.Error(Findings.CodeInvalid, OutsideSet, node);
    }

    private bool IsOutside(string set, Element element)
    {
        if (element.Type.Name != "CodeableConcept")
            return IsIn(set, element) == false;
        foreach (var coding in element.Children("coding"))
            if (IsIn(set, coding) != false)
                return false;
        return true;
    }

    private bool? IsIn(string set, Element coding) =>
        coding.Child("code")?.Text is { } code ? valueSets.Contains(set, coding.Child("system")?.Text, code) : coding.Type.Name == "Coding" ? false : null;

    private static string? Set(JsonProperty property) => property.Element.BindingStrength == "required" ? property.Element.ValueSet : null;
}
