using System.Globalization;
using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Json;
using Personalize.Fhir.Patch;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Validation;

namespace Personalize.Fhir.Tests;

/// <summary>Whatever comes in as a patch is applied or refused as a whole; what it is applied to stays as it was.</summary>
public sealed class Damaged_patches(ITestOutputHelper output)
{
    private const int Everyday = 2_500;
    private static readonly FhirPathContext Context = new(DateTimeOffset.UnixEpoch) { Limits = FhirPathLimits.Posted };

    private readonly Random _random = new(Fuzzing.Seed);
    private readonly List<Resource> _targets = [.. Fuzzing.Originals().Select(json => Resource.Parse(json).Value)];

    [Fact]
    public void By_FHIRPath_are_applied_or_refused() => Run(ByFhirPath, (target, patch) => Resource.Parse(patch).Then(read => FhirPathPatch.Apply(target, read, Context)));

    [Fact]
    public void By_JSON_pointers_are_applied_or_refused() => Run(ByPointer, (target, patch) => JsonPatch.Apply(target, patch));

    private void Run(Func<Resource, string> make, Func<Resource, byte[], Outcome<Resource>> apply)
    {
        // One in three is damaged as a document too.
        new Fuzzing(output).Run(Everyday, input =>
        {
            var target = Any(_targets);
            var patch = Encoding.UTF8.GetBytes(make(target));
            return Judge(target, input % 3 == 0 ? new Mutant([patch], _random.Next()).Next() : patch, apply, input);
        }, 0.01, 0.9);
    }

    private static bool Judge(Resource target, byte[] patch, Func<Resource, byte[], Outcome<Resource>> apply, int input)
    {
        var before = target.Bytes.ToArray();
        var done = apply(target, patch);
        Assert.True(target.Bytes.Span.SequenceEqual(before), $"input {input} changed what it was applied to");
        if (!done.TryGet(out var changed, out var failure))
        {
            Assert.NotEmpty(failure.Issues);
            return false;
        }
        Assert.True(Resource.Parse(changed.Bytes).Failure is null, $"input {input} gave something that cannot be read");
        Validator.Validate(changed);
        return true;
    }

    private string ByPointer(Resource target) => $"[{Several(() => JsonOperation(target))}]";

    private string JsonOperation(Resource target)
    {
        var op = Any(["add", "remove", "replace", "move", "copy", "test", "add", "replace", "test", "mode", ""]);
        return $"{{\"op\":\"{op}\",\"path\":{Quoted(Pointer(target))},\"from\":{Quoted(Pointer(target))},\"value\":{Value(target)}}}";
    }

    private string Pointer(Resource target)
    {
        var tree = target.Tree;
        var steps = new List<string>();
        for (var node = 0; tree[node].Kind is JsonKind.Object or JsonKind.Array && JsonEdit.Children(tree, node) is { Count: > 0 } children && _random.Next(6) > 0;)
        {
            var at = _random.Next(children.Count);
            steps.Add(tree[node].Kind == JsonKind.Array ? Any([at.ToString(CultureInfo.InvariantCulture), at.ToString(CultureInfo.InvariantCulture), "-", "01", "99999999999999999999", "-1"]) : tree.Key(children[at]));
            node = children[at];
        }
        if (_random.Next(8) == 0)
            steps.Add(Any(["", "~", "~0", "~1", "~2", "-", "0", "new", "_birthDate", "extension", "\ud800", new string('x', 5000), "é"]));
        return steps.Count == 0 ? Any(["", "/", "x", "//"]) : "/" + string.Join('/', steps);
    }

    private string ByFhirPath(Resource target) => $"{{\"resourceType\":\"Parameters\",\"parameter\":[{Several(() => Operation(target))}]}}";

    private string Operation(Resource target) => _random.Next(3) == 0 ? Wild(target) : Sensible(target);

    /// <summary>One that may well be done: an element goes, comes again, or takes another one's place.</summary>
    private string Sensible(Resource target)
    {
        var (owner, child) = (target.Root, Any(target.Root.Children().ToList()));
        while (_random.Next(3) > 0 && child.Children().ToList() is { Count: > 0 } below)
            (owner, child) = (child, Any(below));
        var value = child.Node < 0 || child.Type.Kind == FhirTypeKind.Backbone || child.Type.IsResource ? "\"valueString\":\"x\"" : $"\"value{char.ToUpperInvariant(child.Type.Name[0])}{child.Type.Name[1..]}\":{Encoding.UTF8.GetString(child.Json.Span)}";
        var list = $"{owner.Location()}.{child.Name}";
        var (type, path) = Any([("add", owner.Location()), ("replace", child.Location()), ("insert", list), ("delete", child.Location()), ("move", list), ("delete", list)]);
        string[] parts = [Part("type", $"\"valueCode\":\"{type}\""), Part("path", $"\"valueString\":{Quoted(path)}"), Part("name", $"\"valueString\":{Quoted(child.Name)}"), Part("value", value), Part("index", "\"valueInteger\":0"), Part("source", "\"valueInteger\":0"), Part("destination", $"\"valueInteger\":{_random.Next(2)}")];
        return $"{{\"name\":\"operation\",\"part\":[{string.Join(',', parts)}]}}";
    }

    private string Wild(Resource target)
    {
        var parts = new List<string> { Part("type", $"\"valueCode\":\"{Any(["add", "insert", "delete", "replace", "move", "move", "insert", "x"])}\""), Part("path", $"\"valueString\":{Quoted(Path(target))}") };
        parts.Add(Part("name", $"\"valueString\":{Quoted(Any(["extension", "id", "name", "value", "text", "status", "contained", "identifier", "", "x y", "_id"]))}"));
        foreach (var index in new[] { "index", "source", "destination" })
            parts.Add(Part(index, $"\"valueInteger\":{Any(["0", "0", "1", "2", "-1", "2147483647", "99999999999", "1.5", "\"0\""])}"));
        parts.Add($"{{\"name\":\"value\",{Any(["\"valueString\":\"x\"", "\"valueCode\":\"final\"", "\"valueDate\":\"2020\"", "\"valueBoolean\":true", "\"_valueString\":{\"id\":\"x\"}", "\"valueQuantity\":{\"value\":1.50}", "\"valueIdentifier\":{}", "\"part\":[{\"name\":\"family\",\"valueString\":\"x\"}]", "\"part\":[]", "\"resource\":{\"resourceType\":\"Patient\"}", "\"valueExtension\":{\"url\":\"x\",\"valueString\":\"y\"}", "\"part\":[{\"name\":\"x\",\"part\":[{\"name\":\"x\",\"part\":[]}]}]"])}}}");
        return $"{{\"name\":\"operation\",\"part\":[{string.Join(',', parts.Where(_ => _random.Next(12) > 0))}]}}";
    }

    private static string Part(string name, string value) => $"{{\"name\":\"{name}\",{value}}}";

    private string Path(Resource target)
    {
        var element = target.Root;
        while (_random.Next(5) > 0 && element.Children().ToList() is { Count: > 0 } children)
            element = Any(children);
        var path = element.Location();
        return _random.Next(4) > 0 ? path : Any([path.Split('[')[0], path + ".first()", path + " | " + target.Type, path + ".where(true)", $"{target.Type}.descendants()", "%resource", "'x'", "{}", path + "[0]", path + ".extension", "(", ""]);
    }

    private string Value(Resource target)
    {
        var at = _random.Next(target.Tree.Count);
        return _random.Next(4) == 0 ? Any(["null", "{}", "[]", "\"x\"", "1e999", "[[[]]]", "{\"resourceType\":\"Patient\"}", "\"\\ud800\""]) : Encoding.UTF8.GetString(JsonEdit.Bytes(target.Tree, at).Span);
    }

    private string Several(Func<string> one) => string.Join(',', Enumerable.Range(0, 1 + _random.Next(_random.Next(50) == 0 ? 60 : 3)).Select(_ => one()));

    private static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private T Any<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];
}
