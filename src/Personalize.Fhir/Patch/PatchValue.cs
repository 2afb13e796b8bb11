using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Patch;

/// <summary>The value of an operation, out of a part of Parameters: <c>value[x]</c>, <c>resource</c>, or parts that are the elements of a type without a name. Source: FHIR R4, FHIRPath Patch.</summary>
internal static class PatchValue
{
    /// <summary>The property that the value goes into, and the value as it stands there.</summary>
    public static Outcome<(string Key, bool IsList, NewValue Value)> For(FhirType owner, string name, Element part)
    {
        var isChoice = owner.Element(name) is { IsChoice: true };
        var value = part.Child("value");
        var property = !isChoice ? Property(owner, name) : value is { } given ? Property(owner, name + Capital(given.Type.Name)) : null;
        if (property is null)
            return new Failure.Unprocessable(owner.Element(name) is null ? "there is no element of that name" : "the element cannot have a value of that type");
        var isList = property.Element.Max > 1;
        return Of(property.Type, part).Select(made => (property.Name, isList, made));
    }

    private static JsonProperty? Property(FhirType owner, string name) => FhirSchema.R4.Names.Id(name) is var id && id != JsonNames.Unknown ? owner.Property(id) : null;

    private static Outcome<NewValue> Of(FhirType type, Element part)
    {
        if (part.Child("value") is { } value)
            return new NewValue(Side(value.Tree, value.Node), Side(value.Tree, value.Twin));
        if (part.Child("resource") is { } resource)
            return new NewValue(resource.Json, null);
        var parts = part.Children("part").ToList();
        return parts.Count == 0 ? new Failure.Invalid("it has no value") : Object(type, parts);
    }

    private static ReadOnlyMemory<byte>? Side(JsonTree tree, int row)
    {
        if (row < 0)
            return null;
        return JsonEdit.Bytes(tree, row);
    }

    private static Outcome<NewValue> Object(FhirType type, List<Element> parts)
    {
        var members = new Dictionary<string, (bool IsList, List<NewValue> Values)>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            if (!For(type, part.Child("name")?.Text ?? "", part).TryGet(out var made, out var failure))
                return failure;
            if (!members.TryAdd(made.Key, (made.IsList, [made.Value])))
                members[made.Key].Values.Add(made.Value);
        }
        if (members.Any(m => m.Value is { IsList: false, Values.Count: > 1 }))
            return new Failure.Unprocessable("an element that does not repeat is given twice");
        return new NewValue(Written(members), null);
    }

    private static byte[] Written(Dictionary<string, (bool IsList, List<NewValue> Values)> members)
    {
        var bytes = new List<byte> { (byte)'{' };
        foreach (var (key, (isList, values)) in members)
        {
            Write(bytes, key, isList, values, value => value.Json);
            Write(bytes, "_" + key, isList, values, value => value.Twin);
        }
        return [.. bytes, (byte)'}'];
    }

    private static void Write(List<byte> bytes, string key, bool isList, List<NewValue> values, Func<NewValue, ReadOnlyMemory<byte>?> side)
    {
        if (values.All(value => side(value) is null))
            return;
        if (bytes.Count > 1)
            bytes.Add((byte)',');
        bytes.AddRange([.. JsonText.Quote(key), (byte)':']);
        bytes.AddRange(isList ? JsonEdit.Array(values.Select(value => side(value) ?? "null"u8.ToArray())) : side(values[0])!.Value.ToArray());
    }

    private static string Capital(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}
