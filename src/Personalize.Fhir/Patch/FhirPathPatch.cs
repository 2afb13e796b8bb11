using System.Globalization;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Patch;

/// <summary>FHIRPath Patch: the operations of a Parameters resource, all or none; what they do not name stays byte for byte. Source: http://hl7.org/fhir/R4/fhirpatch.html.</summary>
public static class FhirPathPatch
{
    /// <summary>A changed copy of a resource. The result is read, not validated. Fails with <see cref="Failure.Invalid"/> on what is no patch,
    /// and with <see cref="Failure.Unprocessable"/> on an operation that cannot be done; both name the operation.</summary>
    /// <param name="target">What is changed.</param>
    /// <param name="patch">Parameters with a parameter <c>operation</c> for each operation.</param>
    /// <param name="context">What the paths are evaluated with.</param>
    public static Outcome<Resource> Apply(Resource target, Resource patch, FhirPathContext context)
    {
        if (patch.Type != "Parameters")
            return new Failure.Invalid("A FHIRPath Patch is a Parameters resource.", "resourceType");
        var operations = patch.Root.Children("parameter").ToList();
        if (operations.Count > PatchLimits.MaxOperations)
            return new Failure.Invalid($"A patch has at most {PatchLimits.MaxOperations} operations.");
        for (var at = 0; at < operations.Count; at++)
        {
            var parts = new PatchParts(operations[at]);
            if (!Step(target, parts, context).TryGet(out var changed, out var failure))
                return Named(failure, at, parts.Type);
            target = changed;
        }
        return target;
    }

    private static Outcome<Resource> Step(Resource target, PatchParts parts, FhirPathContext context)
    {
        if (!parts.IsOperation)
            return new Failure.Invalid("the parameter is not named operation");
        if (!Found(target, parts, context).TryGet(out var found, out var failure))
            return failure;
        var splices = new Splices(target.Bytes);
        var refused = parts.Type switch
        {
            "add" => Add(found, parts, splices),
            "insert" => Insert(found, parts, splices),
            "delete" => Delete(found, splices),
            "replace" => Replace(found, parts, splices),
            "move" => Move(found, parts, splices),
            _ => new Failure.Invalid("its type is not one of add, insert, delete, replace, move"),
        };
        if (refused is not null)
            return refused;
        var bytes = splices.Apply();
        return bytes.Length <= PatchLimits.MaxBytes ? Resource.Parse(bytes) : new Failure.Unprocessable("its result is too large");
    }

    private static Outcome<List<Element>> Found(Resource target, PatchParts parts, FhirPathContext context)
    {
        if (parts.Text("path") is not { } path)
            return new Failure.Invalid("it has no path");
        // Checked against the type: a name that is misspelt is told, and not taken for an element that is not there.
        if (!FhirPathExpression.ParseFor(path, target.Root.Type).Then(expression => expression.Evaluate(PathValues.Of(target.Root), context)).TryGet(out var values, out var failure))
            return failure;
        return values.Items.All(item => item.Element is { } element && ReferenceEquals(element.Tree, target.Tree))
            ? values.Items.Select(item => item.Element!.Value).ToList()
            : new Failure.Unprocessable("its path gives something that is not an element of the resource");
    }

    private static Failure? Add(List<Element> found, PatchParts parts, Splices splices)
    {
        if (parts.Text("name") is not { } name || parts.Value is not { } part)
            return new Failure.Invalid("it has no name or no value");
        if (One(found, out var owner) is { } refused)
            return refused;
        if (!PatchValue.For(owner.Type, name, part).TryGet(out var made, out var failure))
            return failure;
        if (Container(owner) is not { } container)
            return AddTwin(owner, made.Key, made.IsList, made.Value, splices);
        var place = ElementPlace.Named(owner.Tree, container, made.Key, 0);
        if (!made.IsList && owner.Children(owner.Type.Property(FhirSchema.R4.Names.Id(made.Key))!.Element).Any())
            return new Failure.Unprocessable("the element is there already and does not repeat");
        ElementEdit.Insert(place with { Index = made.IsList ? place.Count : -1 }, made.Value, splices);
        return null;
    }

    // The members of a primitive stand in its twin.
    private static int? Container(Element owner) => owner.Type.Kind != FhirTypeKind.Primitive ? owner.Node : owner.Twin >= 0 ? owner.Twin : null;

    private static Failure.Unprocessable? AddTwin(Element primitive, string key, bool isList, NewValue value, Splices splices)
    {
        if (value.Json is not { } json)
            return new Failure.Unprocessable("the value is empty");
        byte[] twin = [(byte)'{', .. JsonText.Quote(key), (byte)':', .. isList ? JsonEdit.Array([json]) : json.Span, (byte)'}'];
        var place = ElementPlace.Of(primitive);
        ElementEdit.Replace(place, place.Key, new NewValue(primitive.Json, twin), splices);
        return null;
    }

    private static Failure? Insert(List<Element> found, PatchParts parts, Splices splices)
    {
        if (parts.Number("index") is not { } index || parts.Value is not { } part)
            return new Failure.Invalid("it has no index or no value");
        if (List(found, out var place) is { } refused)
            return refused;
        if (index < 0 || index > place.Count)
            return new Failure.Unprocessable("its index lies outside of the list");
        if (!PatchValue.For(Owner(found[0], place), place.Key, part).TryGet(out var made, out var failure))
            return failure;
        ElementEdit.Insert(place with { Index = index }, made.Value, splices);
        return null;
    }

    private static Failure.Unprocessable? Delete(List<Element> found, Splices splices)
    {
        // Nothing there is what was wished for.
        if (found.Count == 0)
            return null;
        if (One(found, out var element) is { } refused)
            return refused;
        if (element.Node == 0)
            return new("a resource cannot be deleted by a patch");
        ElementEdit.Delete(ElementPlace.Of(element), splices);
        return null;
    }

    private static Failure? Replace(List<Element> found, PatchParts parts, Splices splices)
    {
        if (parts.Value is not { } part)
            return new Failure.Invalid("it has no value");
        if (One(found, out var element) is { } refused)
            return refused;
        if (element.Node == 0)
            return new Failure.Unprocessable("a resource cannot be replaced by a patch");
        var place = ElementPlace.Of(element);
        if (!PatchValue.For(Owner(element, place), element.Name, part).TryGet(out var made, out var failure))
            return failure;
        ElementEdit.Replace(place, made.Key, made.Value, splices);
        return null;
    }

    private static Failure? Move(List<Element> found, PatchParts parts, Splices splices)
    {
        if (parts.Number("source") is not { } source || parts.Number("destination") is not { } destination)
            return new Failure.Invalid("it has no source or no destination");
        if (List(found, out var place) is { } refused)
            return refused;
        if (source < 0 || destination < 0 || source >= place.Count || destination >= place.Count)
            return new Failure.Unprocessable("its source or destination lies outside of the list");
        ElementEdit.Move(place with { Index = source }, destination, splices);
        return null;
    }

    private static Failure.Unprocessable? One(List<Element> found, out Element element)
    {
        element = found.Count == 1 ? found[0] : default;
        return found.Count switch
        {
            1 => null,
            0 => new("its path gives no element"),
            _ => new("its path gives more than one element"),
        };
    }

    private static Failure.Unprocessable? List(List<Element> found, out ElementPlace place)
    {
        place = null!;
        if (found.Count == 0)
            return new("its path gives no element");
        if (found.Exists(element => element.Node == 0))
            return new("its path gives a resource, not a list");
        place = ElementPlace.Of(found[0]);
        var (values, twins) = (place.Values, place.Twins);
        return place.IsList && found.TrueForAll(element => ElementPlace.Of(element) is { IsList: true } other && (other.Values, other.Twins) == (values, twins))
            ? null
            : new("its path gives elements that are not one list");
    }

    /// <summary>The type of what an element stands in.</summary>
    private static FhirType Owner(Element element, ElementPlace place) => OwnerOf(element.Tree, place.Container);

    private static FhirType OwnerOf(JsonTree tree, int container)
    {
        if (Element.ResourceTypeAt(tree, container) is { } resource)
            return resource;
        var around = ElementPlace.Of(tree, container);
        return OwnerOf(tree, around.Container).Property(tree.Names.Id(around.Key))!.Type;
    }

    private static Failure Named(Failure failure, int at, string? type)
    {
        var shown = type is "add" or "insert" or "delete" or "replace" or "move" ? type : "unknown";
        var named = failure.Issues[0] with
        {
            Text = string.Create(CultureInfo.InvariantCulture, $"Operation {at} ({shown}) of the patch cannot be done: {failure.Issues[0].Text.TrimEnd('.')}."),
            Expression = $"Parameters.parameter[{at}]",
        };
        return failure is Failure.Unprocessable ? new Failure.Unprocessable([named]) : new Failure.Invalid([named]);
    }
}
