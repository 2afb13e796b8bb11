using System.Globalization;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Patch;

/// <summary>JSON Patch: all operations are done or none; what they do not name stays byte for byte. Source: RFC 6902; FHIR R4, RESTful API, patch.</summary>
public static class JsonPatch
{
    /// <summary>A changed copy of a resource. The result is read, not validated. Fails with <see cref="Failure.Invalid"/> on what is no JSON Patch,
    /// and with <see cref="Failure.Unprocessable"/> on an operation that cannot be done, naming it.</summary>
    public static Outcome<Resource> Apply(Resource target, ReadOnlyMemory<byte> patch) =>
        JsonTree.Parse(patch).Then(read => Apply(target.Bytes, read)).Then(Resource.Parse);

    /// <summary>A changed copy of any JSON document. Fails as for a resource, and with <see cref="Failure.Invalid"/> when the document is no JSON.</summary>
    public static Outcome<ReadOnlyMemory<byte>> Apply(ReadOnlyMemory<byte> document, JsonTree patch)
    {
        var operations = patch.Root.Items.ToList();
        if (patch.Root.Kind != JsonKind.Array)
            return new Failure.Invalid("A JSON Patch is an array of operations.");
        if (operations.Count > PatchLimits.MaxOperations)
            return new Failure.Invalid($"A patch has at most {PatchLimits.MaxOperations} operations.");
        for (var at = 0; at < operations.Count; at++)
            if (!Step(document, operations[at]).TryGet(out document, out var failure))
                return Named(failure, at, operations[at]["op"].Text);
        return document;
    }

    private static Outcome<ReadOnlyMemory<byte>> Step(ReadOnlyMemory<byte> document, JsonItem operation)
    {
        if (JsonPointer.Read(operation["path"].Text) is not { } path)
            return new Failure.Invalid("its path is no JSON pointer");
        if (!JsonTree.Parse(document, FhirSchema.R4.Names).TryGet(out var tree, out var failure))
            return failure;
        ReadOnlyMemory<byte>? value = operation["value"] is { Exists: true } given ? given.Json : default(ReadOnlyMemory<byte>?);
        var done = (operation["op"].Text, value) switch
        {
            ("add", { } added) => Add(tree, path, added),
            ("replace", { } instead) => Replace(tree, path, instead),
            ("test", { }) => Test(tree, path, operation["value"]),
            ("add" or "replace" or "test", null) => new Failure.Invalid("it has no value"),
            ("remove", _) => Remove(tree, path),
            ("move" or "copy", _) => Transfer(tree, operation, path),
            _ => new Failure.Invalid("its op is not one of add, remove, replace, move, copy, test"),
        };
        return done.Then<ReadOnlyMemory<byte>>(bytes => bytes.Length <= PatchLimits.MaxBytes ? bytes : new Failure.Unprocessable("its result is too large"));
    }

    private static Outcome<ReadOnlyMemory<byte>> Add(JsonTree tree, JsonPointer path, ReadOnlyMemory<byte> value)
    {
        if (path.IsRoot)
            return value;
        var parent = path.FindParent(tree);
        if (parent < 0 || tree[parent].Kind is not (JsonKind.Object or JsonKind.Array))
            return new Failure.Unprocessable("there is nothing to add to at its path");
        var splices = new Splices(tree.Bytes);
        if (tree[parent].Kind == JsonKind.Array)
        {
            var count = JsonEdit.Children(tree, parent).Count;
            var index = path.Last == "-" ? count : JsonPointer.Index(path.Last) ?? int.MaxValue;
            if (index > count)
                return new Failure.Unprocessable("its path names no place in the array");
            JsonEdit.Insert(tree, parent, index, value.Span, splices);
        }
        else if (JsonEdit.Member(tree, parent, path.Last) is >= 0 and var there)
            JsonEdit.Replace(tree, there, value, splices);
        else
            JsonEdit.AddMember(tree, parent, path.Last, value.Span, splices);
        return splices.Apply();
    }

    private static Outcome<ReadOnlyMemory<byte>> Replace(JsonTree tree, JsonPointer path, ReadOnlyMemory<byte> value)
    {
        if (path.Find(tree) is var node && node < 0)
            return NothingThere();
        var splices = new Splices(tree.Bytes);
        JsonEdit.Replace(tree, node, value, splices);
        return splices.Apply();
    }

    private static Outcome<ReadOnlyMemory<byte>> Remove(JsonTree tree, JsonPointer path)
    {
        if (path.Find(tree) is var node && node < 0)
            return NothingThere();
        if (path.IsRoot)
            return new Failure.Unprocessable("the whole document cannot be removed");
        var splices = new Splices(tree.Bytes);
        JsonEdit.Remove(tree, path.FindParent(tree), [node], splices);
        return splices.Apply();
    }

    private static Outcome<ReadOnlyMemory<byte>> Transfer(JsonTree tree, JsonItem operation, JsonPointer path)
    {
        if (JsonPointer.Read(operation["from"].Text) is not { } from)
            return new Failure.Invalid("its from is no JSON pointer");
        if (from.Find(tree) is var node && node < 0)
            return new Failure.Unprocessable("there is nothing at its from");
        var value = JsonEdit.Bytes(tree, node);
        if (operation["op"].Text == "copy")
            return Add(tree, path, value);
        if (from.Holds(path))
            return new Failure.Unprocessable("a value cannot be moved into itself");
        return from.Text == path.Text ? tree.Bytes : Remove(tree, from).Then(left => JsonTree.Parse(left, tree.Names)).Then(left => Add(left, path, value));
    }

    private static Outcome<ReadOnlyMemory<byte>> Test(JsonTree tree, JsonPointer path, JsonItem value)
    {
        if (path.Find(tree) is var node && node < 0)
            return NothingThere();
        return JsonSameness.Same(new JsonItem(tree, node), value) ? tree.Bytes : new Failure.Unprocessable("the value there is another one");
    }

    private static Failure.Unprocessable NothingThere() => new("there is nothing at its path");

    private static Failure Named(Failure failure, int at, string? op)
    {
        var named = failure.Issues[0] with { Text = string.Create(CultureInfo.InvariantCulture, $"Operation {at} ({Known(op)}) of the patch cannot be done: {failure.Issues[0].Text.TrimEnd('.')}.") };
        return failure is Failure.Unprocessable ? new Failure.Unprocessable([named]) : new Failure.Invalid([named]);
    }

    private static string Known(string? op) => op is "add" or "remove" or "replace" or "move" or "copy" or "test" ? op : "unknown";
}
