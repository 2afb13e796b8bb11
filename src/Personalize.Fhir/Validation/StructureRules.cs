using System.Runtime.CompilerServices;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Validation;

/// <summary>Which properties an object may have, how often, and as what kind of JSON. Source: FHIR R4, JSON Representation of Resources.</summary>
internal readonly struct StructureRules(JsonTree tree, Findings findings, BindingRules bindings, bool envelopeOnly = false)
{
    private static readonly ushort _resource = FhirSchema.R4.Names.Id("resource");

    private const string NothingBeside = "null may stand only where the other array has something.";

    public void Check(Element resource) => Object(resource.Node, resource.Type);

    /// <summary>An object that must have the elements of that type; for a primitive, its twin.</summary>
    private void Object(int node, FhirType type)
    {
        if (!IsFilledObject(node) || findings.IsFull)
            return;
        var members = type.All;
        var seen = tree[node].Has(JsonMarks.HasTwins) ? WithTwins(node, type, members) : Plain(node, type, members);
        if ((members.Required & ~seen) != 0)
            Missing(node, members, seen);
    }

    /// <summary>The members of an object without twins; gives a bit for each element that was seen.</summary>
    private ulong Plain(int node, FhirType type, FhirType.Members members)
    {
        var tokens = tree.Tokens;
        var (rules, seen) = (members.Rules, 0UL);
        for (int at = node + 1, end = tokens[node].Next; at < end; at = tokens[at].Next)
        {
            ref readonly var token = ref tokens[at];
            ref readonly var rule = ref rules[token.Name];
            if (rule.Name != token.Name)
            {
                Unknown(type, at);
                continue;
            }
            var bit = 1UL << rule.Element;
            if ((seen & bit) != 0)
                Again(node, at);
            seen |= bit;
            if (!rule.IsSingle)
                List(rule.Property, at);
            else if (!PrimitiveRules.IsPlainlySound(rule.Primitive, token))
                Single(rule.Property, at);
            else if (rule.IsBound)
                bindings.Code(rule.Property, tree, at);
        }
        return seen;
    }

    private ulong WithTwins(int node, FhirType type, FhirType.Members members)
    {
        var (rules, seen) = (members.Rules, 0UL);
        for (int at = node + 1, end = tree[node].Next; at < end; at = tree[at].Next)
        {
            ref readonly var rule = ref rules[tree[at].Name];
            if (rule.Name != tree[at].Name || (tree[at].Has(JsonMarks.Twin) && rule.Primitive == PrimitiveKind.None))
            {
                Unknown(type, at);
                continue;
            }
            if ((seen & 1UL << rule.Element) != 0)
                Again(node, at);
            seen |= 1UL << rule.Element;
            Paired(node, at, rule.Property);
        }
        return seen;
    }

    private void Unknown(FhirType type, int at)
    {
        if (!type.IsResource || tree[at].Name != FhirSchema.R4.ResourceTypeName || tree[at].Has(JsonMarks.Twin))
            findings.Error(Findings.Structure, $"{type.Name} has no such element.", at);
    }

    /// <summary>An element that stood there before: right for a primitive and its twin, wrong for two types of a choice.</summary>
    private void Again(int container, int at)
    {
        var name = tree[at].Name;
        for (var other = container + 1; other < at; other = tree[other].Next)
            if (tree[other].Name == name)
                return;
        findings.Error(Findings.Structure, "The element has values of more than one type.", at);
    }

    private void Missing(int node, FhirType.Members members, ulong seen)
    {
        for (var element = 0; element < members.Elements.Length; element++)
            if ((members.Required & ~seen & 1UL << element) != 0)
                findings.Error(Findings.Required, "The element must be there.", node, members.Elements[element].Name);
    }

    /// <summary>In an object with twins: a primitive is judged together with what is said about it, where the value stands.</summary>
    private void Paired(int container, int at, JsonProperty property)
    {
        var isTwin = tree[at].Has(JsonMarks.Twin);
        var sibling = Sibling(container, tree[at].Name, !isTwin);
        if (isTwin && sibling >= 0)
            return;
        if (!property.IsSingle)
            List(property, at, sibling, isTwin);
        else if (!isTwin && Single(property, at) && sibling >= 0)
            Twin(property, sibling);
        else if (isTwin)
            Twin(property, at);
    }

    private int Sibling(int container, ushort name, bool twin)
    {
        for (var at = container + 1; at < tree[container].Next; at = tree[at].Next)
            if (tree[at].Name == name && tree[at].Has(JsonMarks.Twin) == twin)
                return at;
        return -1;
    }

    /// <summary>False when it is an array.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Single(JsonProperty property, int node)
    {
        var kind = tree[node].Kind;
        if (kind == JsonKind.Array)
            findings.Error(Findings.Structure, "One value is expected, not an array.", node);
        else if (kind == JsonKind.Null)
            findings.Error(Findings.Structure, "The value must not be null.", node);
        else
            Value(property, node);
        return kind != JsonKind.Array;
    }

    private void Twin(JsonProperty property, int node)
    {
        if (tree[node].Kind == JsonKind.Array)
            findings.Error(Findings.Structure, "One value is expected, not an array.", node);
        else
            Object(node, property.Type);
    }

    /// <summary>A list without twins.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void List(JsonProperty property, int at)
    {
        if (!IsFilledArray(at))
            return;
        var tokens = tree.Tokens;
        var count = 0;
        for (int item = at + 1, end = tokens[at].Next; item < end; item = tokens[item].Next, count++)
            if (tokens[item].Kind == JsonKind.Null)
                findings.Error(Findings.Structure, NothingBeside, item);
            else
                Value(property, item);
        TooMany(property, at, count);
    }

    private void TooMany(JsonProperty property, int at, int count)
    {
        if (count > property.Element.Max)
            findings.Error(Findings.BusinessRule, $"The element may stand here at most {property.Element.Max} times.", at);
    }

    private void List(JsonProperty property, int at, int sibling, bool isTwin)
    {
        var (values, twins) = isTwin ? (-1, at) : (at, sibling);
        if (!IsFilledArray(values) || !IsFilledArray(twins))
            return;
        var (value, valueEnd) = values < 0 ? (0, 0) : (values + 1, tree[values].Next);
        var (twin, twinEnd) = twins < 0 ? (0, 0) : (twins + 1, tree[twins].Next);
        var count = 0;
        for (; value < valueEnd || twin < twinEnd; count++)
        {
            Pair(property, value < valueEnd ? value : -1, twin < twinEnd ? twin : -1);
            value = value < valueEnd ? tree[value].Next : value;
            twin = twin < twinEnd ? tree[twin].Next : twin;
            if (values >= 0 && twins >= 0 && value < valueEnd != twin < twinEnd)
            {
                // null fills up both arrays, so that each value stands beside what is said about it.
                findings.Error(Findings.Structure, "The array and the one with its extensions must be of the same length: null stands for what is missing.", value < valueEnd ? value : twin);
                break;
            }
        }
        TooMany(property, at, count);
    }

    /// <summary>One place of a list: a value, what is said about it, or both; <c>null</c> stands for the one that is missing.</summary>
    private void Pair(JsonProperty property, int value, int twin)
    {
        var hasValue = value >= 0 && tree[value].Kind != JsonKind.Null;
        var hasTwin = twin >= 0 && tree[twin].Kind != JsonKind.Null;
        if (!hasValue && !hasTwin)
            findings.Error(Findings.Structure, NothingBeside, Math.Max(value, twin));
        if (hasValue)
            Value(property, value);
        if (hasTwin)
            Object(twin, property.Type);
    }

    private void Value(JsonProperty property, int node)
    {
        if (property.Primitive != PrimitiveKind.None)
        {
            if (PrimitiveRules.Fault(property.Primitive, tree, node) is { } fault)
                findings.Error(fault.IsKind ? Findings.Structure : Findings.Value, fault.Text, node);
            else if (property.RequiredSet is not null)
                bindings.Code(property, tree, node);
        }
        else if (property.Type.IsResource)
        {
            if (!envelopeOnly || property.Id != _resource)
                Resource(node);
        }
        else
        {
            Object(node, property.Type);
            if (property.RequiredSet is not null)
                bindings.Concept(property, tree, node);
        }
    }

    private void Resource(int node)
    {
        if (!IsFilledObject(node))
            return;
        if (Element.ResourceTypeAt(tree, node) is { } own)
            Object(node, own);
        else
            findings.Error(Findings.Structure, "resourceType does not name a resource type of FHIR R4.", node);
    }

    private bool IsFilledObject(int node)
    {
        ref readonly var token = ref tree[node];
        if (token.Kind != JsonKind.Object)
            findings.Error(Findings.Structure, "An object is expected.", node);
        else if (token.Next == node + 1)
            findings.Error(Findings.Structure, "An object must not be empty.", node);
        else
            return true;
        return false;
    }

    private bool IsFilledArray(int node)
    {
        if (node < 0)
            return true;
        ref readonly var token = ref tree[node];
        if (token.Kind != JsonKind.Array)
            findings.Error(Findings.Structure, "An array is expected: the element may repeat.", node);
        else if (token.Next == node + 1)
            findings.Error(Findings.Structure, "An array must not be empty.", node);
        else
            return true;
        return false;
    }
}
