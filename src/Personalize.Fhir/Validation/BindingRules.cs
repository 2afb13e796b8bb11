using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Terminology;

namespace Personalize.Fhir.Validation;

/// <summary>Codes that a required binding asks for. What a value set that is not known here would say is not guessed.</summary>
internal readonly struct BindingRules(ValueSets valueSets, Findings findings)
{
    private const int MostPair = 256;
    private static readonly ushort _coding = FhirSchema.R4.Names.Id("coding");
    private static readonly ushort _system = FhirSchema.R4.Names.Id("system");
    private static readonly ushort _code = FhirSchema.R4.Names.Id("code");

    private const string OutsideSet = "The code is not in the value set that is required here.";

    /// <summary>A primitive: <c>code</c>, <c>string</c> or <c>uri</c>.</summary>
    public void Code(JsonProperty property, JsonTree tree, int node)
    {
        var isEscaped = tree[node].Has(JsonMarks.Escaped);
        var list = isEscaped ? null : property.Codes(valueSets).List;
        if ((list is null ? IsIn(property.RequiredSet!, tree, node, isEscaped) : list.Find(tree.Raw(node)) != JsonNames.Unknown) == false)
            findings.Error(Findings.CodeInvalid, OutsideSet, node);
    }

    private bool? IsIn(string set, JsonTree tree, int node, bool isEscaped)
    {
        var seen = CodesSeen.OfThread;
        if (!isEscaped && seen.Has(valueSets, set, tree.Raw(node)))
            return true;
        var isIn = valueSets.Contains(set, null, tree.Text(node));
        if (isIn == true && !isEscaped)
            seen.Add(valueSets, set, tree.Raw(node));
        return isIn;
    }

    /// <summary>A Coding, a CodeableConcept (one of its codings must be in the set) or a Quantity.</summary>
    public void Concept(JsonProperty property, JsonTree tree, int node)
    {
        if (tree[node].Kind != JsonKind.Object)
            return;
        var set = property.RequiredSet!;
        if (!IsListed(property, tree, node) && IsOutside(set, new(tree, node, -1, property.Type, property.Element)))
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

    /// <summary>True when its first coding is one that the set is known to hold: nearly all are, and it costs no memory to see.</summary>
    private bool IsListed(JsonProperty property, JsonTree tree, int node)
    {
        var coding = property.Type.Name == "CodeableConcept" ? First(tree, node, _coding) : node;
        var (system, code) = coding < 0 ? (-1, -1) : (First(tree, coding, _system), First(tree, coding, _code));
        if (system < 0 || code < 0 || !IsPlain(tree, system) || !IsPlain(tree, code) || property.Codes(valueSets).Pairs is not { } pairs)
            return false;
        var url = tree.Raw(system);
        var text = tree.Raw(code);
        Span<byte> pair = stackalloc byte[MostPair];
        if (url.Length + text.Length + 1 > MostPair)
            return false;
        url.CopyTo(pair);
        pair[url.Length] = (byte)'|';
        text.CopyTo(pair[(url.Length + 1)..]);
        return pairs.Find(pair[..(url.Length + text.Length + 1)]) != JsonNames.Unknown;
    }

    private static bool IsPlain(JsonTree tree, int node) => tree[node].Kind == JsonKind.String && !tree[node].Has(JsonMarks.Escaped);

    /// <summary>The value under that name, the first of an array; -1 when there is none.</summary>
    private static int First(JsonTree tree, int node, ushort name)
    {
        for (var at = node + 1; at < tree[node].Next; at = tree[at].Next)
            if (tree[at].Name == name && !tree[at].Has(JsonMarks.Twin))
                return tree[at].Kind != JsonKind.Array ? at : tree[at].Next > at + 1 ? at + 1 : -1;
        return -1;
    }
}
