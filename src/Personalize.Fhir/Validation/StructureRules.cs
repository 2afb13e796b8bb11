using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Validation;

/// <summary>Which properties an object may have, how often, and as what kind of JSON. Source: FHIR R4, JSON Representation of Resources.</summary>
internal sealed class StructureRules(JsonTree tree, Findings findings, BindingRules bindings)
{
    private const int NotChosen = 0;

    public void Check(Element resource) => Object(resource.Node, resource.Type);

    /// <summary>An object that must have the elements of that type; for a primitive, its twin.</summary>
    private void Object(int node, FhirType type)
    {
        if (!IsFilledObject(node) || findings.IsFull)
            return;
        var elements = type.Elements;
        Span<int> counts = stackalloc int[elements.Count];
        Span<ushort> chosen = stackalloc ushort[elements.Count];
        counts.Clear();
        chosen.Clear();
        for (var at = node + 1; at < tree[node].Next; at = tree[at].Next)
            Member(node, at, type, counts, chosen);
        foreach (var required in type.Required)
            if (counts[required] == 0)
                findings.Error(Findings.Required, "The element must be there.", node, elements[required].Name);
    }

    private void Member(int container, int at, FhirType type, Span<int> counts, Span<ushort> chosen)
    {
        ref readonly var token = ref tree[at];
        var isTwin = token.Has(JsonMarks.Twin);
        var property = type.Property(token.Name, out var element);
        if (property is null || token.Name == JsonNames.Unknown || (isTwin && property.Type.Primitive == PrimitiveKind.None))
        {
            if (!(type.IsResource && token.Name == FhirSchema.R4.ResourceTypeName && !isTwin))
                findings.Error(Findings.Structure, $"{type.Name} has no such element.", at);
            return;
        }
        if (chosen[element] is not NotChosen and var other && other != token.Name)
            findings.Error(Findings.Structure, "The element has values of more than one type.", at);
        chosen[element] = token.Name;
        var sibling = tree[container].Has(JsonMarks.HasTwins) ? Sibling(container, token.Name, !isTwin) : -1;
        if (isTwin && sibling >= 0)
            return;
        var count = property.Element.Max == 1 ? Single(property, at, sibling, isTwin) : List(property, at, sibling, isTwin);
        counts[element] += count;
        if (count > property.Element.Max)
            findings.Error(Findings.BusinessRule, $"The element may stand here at most {property.Element.Max} times.", at);
    }

    private int Sibling(int container, ushort name, bool twin)
    {
        for (var at = container + 1; at < tree[container].Next; at = tree[at].Next)
            if (tree[at].Name == name && tree[at].Has(JsonMarks.Twin) == twin)
                return at;
        return -1;
    }

    private int Single(JsonProperty property, int at, int sibling, bool isTwin)
    {
        var (value, twin) = isTwin ? (-1, at) : (at, sibling);
        foreach (var node in (ReadOnlySpan<int>)[value, twin])
            if (node >= 0 && tree[node].Kind == JsonKind.Array)
            {
                findings.Error(Findings.Structure, "One value is expected, not an array.", node);
                return 1;
            }
        if (value >= 0 && tree[value].Kind == JsonKind.Null)
            findings.Error(Findings.Structure, "The value must not be null.", value);
        else if (value >= 0)
            Value(property, value);
        if (twin >= 0)
            Object(twin, property.Type);
        return 1;
    }

    private int List(JsonProperty property, int at, int sibling, bool isTwin)
    {
        var (values, twins) = isTwin ? (-1, at) : (at, sibling);
        if (!IsFilledArray(values) || !IsFilledArray(twins))
            return 1;
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
                return count;
            }
        }
        return count;
    }

    /// <summary>One place of a list: a value, what is said about it, or both; <c>null</c> stands for the one that is missing.</summary>
    private void Pair(JsonProperty property, int value, int twin)
    {
        var hasValue = value >= 0 && tree[value].Kind != JsonKind.Null;
        var hasTwin = twin >= 0 && tree[twin].Kind != JsonKind.Null;
        if (!hasValue && !hasTwin)
            findings.Error(Findings.Structure, "null may stand only where the other array has something.", Math.Max(value, twin));
        if (hasValue)
            Value(property, value);
        if (hasTwin)
            Object(twin, property.Type);
    }

    private void Value(JsonProperty property, int node)
    {
        var type = property.Type;
        if (type.Primitive != PrimitiveKind.None)
        {
            if (PrimitiveRules.Fault(type.Primitive, tree, node) is { } fault)
                findings.Error(fault.IsKind ? Findings.Structure : Findings.Value, fault.Text, node);
            else
                bindings.Code(property, tree, node);
            return;
        }
        if (type.IsResource)
        {
            Resource(node);
            return;
        }
        Object(node, type);
        bindings.Concept(property, tree, node);
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
