using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Tests;

/// <summary>A copy of a resource with one thing changed.</summary>
/// <param name="Where">What was changed: a primitive type, or the kind of element.</param>
/// <param name="What">How.</param>
/// <param name="Json">The copy.</param>
internal sealed record Alteration(string Where, string What, ReadOnlyMemory<byte> Json);

/// <summary>The resource with each element changed in each way that its definition has not been changed in before.</summary>
/// <param name="resource">The resource.</param>
/// <param name="seen">The changes so far, each with its definition.</param>
/// <param name="each">Whether what is asked of a definition is asked of it again in each type of resource, and each form of a value for each definition, not only once for each data type and binding.</param>
internal sealed class Alterations(Resource resource, HashSet<string> seen, bool each)
{
    private static readonly string[] Objects = ["{}", "[]", "null", "\"\"", "\"x\"", "1", "true", "[null]", "[{}]", "{\"id\":\"x\"}", "{\"id\":1}", "{\"unknownThing\":1}", "{\"extension\":[]}", "{\"extension\":[{}]}", "{\"extension\":[{\"url\":\"http://example.org/x\"}]}", "{\"resourceType\":\"Patient\"}"];

    private static readonly string[] Twins =
        ["{}", "[]", "null", "\"x\"", "1", "{\"id\":\"x\"}", "{\"id\":\"x y\"}", "{\"id\":\"\"}", "{\"unknownThing\":1}", "{\"value\":\"x\"}", "{\"extension\":[]}", "{\"extension\":{}}", "{\"extension\":[{\"url\":\"http://example.org/x\",\"valueString\":\"x\"}]}", "{\"extension\":[{\"valueString\":\"x\"}]}", "[[]]"];

    private static readonly string[] ResourceTypes = ["\"Foo\"", "\"Resource\"", "\"DomainResource\"", "\"HumanName\"", "\"patient\"", "\"Patient \"", "\"\"", "1", "null", "[\"Patient\"]", "\"http://hl7.org/fhir/StructureDefinition/Patient\""];

    private JsonTree Tree => resource.Tree;

    /// <summary>All copies.</summary>
    public IEnumerable<Alteration> All() => Whole().Concat(Of(0, resource.Root.Type));

    private IEnumerable<Alteration> Whole()
    {
        if (!IsNew(resource.Root.Type, "", ""))
            return [];
        var text = Encoding.UTF8.GetString(Tree.Bytes.Span);
        (string What, string Json)[] copies =
        [
            ("a byte order mark", "\uFEFF" + text), ("in an array", $"[{text}]"), ("cut short", text[..^1]), ("something behind", text + "x"), ("twice", text + text), ("a comment before", "/* x */" + text), ("a comment behind", text + "/* x */"), ("a comma behind the last member", text.TrimEnd()[..^1] + ",}"),
            ("null", "null"), ("a string", "\"x\""), ("empty", "{}"), ("nothing", ""), ("nothing but its type", $"{{\"resourceType\":\"{resource.Type}\"}}"), ("white space around", "\n " + text + " \n"),
        ];
        return copies.Select(c => new Alteration("document", c.What, Encoding.UTF8.GetBytes(c.Json)));
    }

    private IEnumerable<Alteration> Of(int node, FhirType type)
    {
        foreach (var alteration in Members(node, type))
            yield return alteration;
        for (var at = node + 1; at < Tree[node].Next; at = Tree[at].Next)
        {
            if (type.Property(Tree[at].Name) is not { } property || Tree[at].Has(JsonMarks.Twin))
                continue;
            foreach (var alteration in Of(node, type, at, property))
                yield return alteration;
            foreach (var item in Items(at))
                if (Inner(item, property) is { } inner)
                    foreach (var alteration in Of(item, inner))
                        yield return alteration;
        }
    }

    private IEnumerable<int> Items(int at)
    {
        if (Tree[at].Kind != JsonKind.Array)
            yield return at;
        else
            for (var item = at + 1; item < Tree[at].Next; item = Tree[item].Next)
                yield return item;
    }

    private FhirType? Inner(int node, JsonProperty property) =>
        Tree[node].Kind != JsonKind.Object || property.Type.Kind == FhirTypeKind.Primitive ? null : property.Type.IsResource ? Element.ResourceTypeAt(Tree, node) : property.Type;

    /// <summary>Members that do not belong into an object, or are told twice.</summary>
    private IEnumerable<Alteration> Members(int node, FhirType type)
    {
        if (!IsNew(type, "", "members"))
            yield break;
        var where = type.IsResource ? "resource" : "object";
        foreach (var (name, json) in new[] { ("unknownThing", "1"), ("_unknownThing", "{\"id\":\"x\"}"), ("fhir_comments", "[\"x\"]"), ("", "1"), ("Id", "\"x\""), ("_id", "{\"extension\":[{\"url\":\"http://example.org/x\",\"valueString\":\"x\"}]}"), ("resourceType", "\"Patient\""), ("_resourceType", "{\"id\":\"x\"}") })
            yield return new(where, $"with {name}: {json}", Added(node, name, json));
        if (!type.IsResource || Element.ResourceTypeNode(Tree, node) is not (>= 0 and var at))
            yield break;
        foreach (var instead in ResourceTypes)
            yield return new(where, "resourceType: " + instead, Replaced(at, instead));
        yield return new(where, "without resourceType", Removed(node, at));
    }

    private IEnumerable<Alteration> Of(int node, FhirType owner, int at, JsonProperty property)
    {
        // What can be changed hangs on no more than this; most elements have been changed in all ways before.
        if (!IsNew(owner, property.Name, $"has {HasDouble(node, at)} {Items(at).Skip(1).Any()}"))
            yield break;
        var (where, list) = (Where(property), property.IsSingle ? "" : "a list of ");
        if (IsNew(owner, property.Name, "removed"))
            yield return new(list + where, "removed", Removed(node, at));
        var text = Encoding.UTF8.GetString(Tree.Bytes.Span[Tree[at].Place..Tree[at].End]);
        if (IsNew(owner, property.Name, "again"))
            yield return new(list + where, "twice", Added(node, property.Name, text));
        if (property.Element.IsChoice && Other(property) is { } other && IsNew(owner, property.Name, "second"))
            yield return new(list + where, "two types of a choice", Added(node, other.Name, Sample(other)));
        foreach (var alteration in (property.IsSingle ? Single(owner, at, property, where, text) : List(owner, at, property, where, text)).Concat(Doubles(node, owner, at, property, list + where)))
            yield return alteration;
    }

    private static string Where(JsonProperty property) => property.Type.Kind switch
    {
        FhirTypeKind.Primitive => property.Type.Name,
        FhirTypeKind.Resource => "resource",
        _ => "object",
    };

    private IEnumerable<Alteration> Single(FhirType owner, int at, JsonProperty property, string where, string text)
    {
        if (IsNew(owner, property.Name, "[]"))
            yield return new(where, "in an array", Replaced(at, $"[{text}]"));
        foreach (var form in Forms(property))
            if (IsNew(owner, property, form))
                yield return new(where, Short(form), Replaced(at, form));
    }

    private IEnumerable<Alteration> List(FhirType owner, int at, JsonProperty property, string where, string text)
    {
        if (Tree[at].Kind != JsonKind.Array || Tree[at].Next == at + 1)
            yield break;
        var first = Encoding.UTF8.GetString(Tree.Bytes.Span[Tree[at + 1].Place..Tree[at + 1].End]);
        foreach (var (what, json) in new[] { ("not in an array", first), ("[]", "[]"), ("null", "null"), ("{}", "{}"), ("\"\"", "\"\""), ("[null]", "[null]"), ("[[]]", "[[]]"), ("with null", $"[{first},null]"), ("in two arrays", $"[{text}]") })
            if (IsNew(owner, property.Name, what))
                yield return new("a list of " + where, what, Replaced(at, json));
        if (property.Primitive != PrimitiveKind.None && IsNew(owner, property.Name, "with only null"))
            yield return new("a list of " + where, "[null] with _: [{\"id\":\"x\"}]", Renamed(at, property.Name, $"[null],\"_{property.Name}\":[{{\"id\":\"x\"}}]"));
        foreach (var form in Forms(property))
            if (IsNew(owner, property, "item " + form))
                yield return new("an item, " + where, Short(form), Replaced(at + 1, form));
    }

    /// <summary>What stands beside a member under its name with an underscore.</summary>
    private IEnumerable<Alteration> Doubles(int node, FhirType owner, int at, JsonProperty property, string where)
    {
        foreach (var (what, json) in HasDouble(node, at) ? [] : Twins.Select(t => (What: t, Json: t)).Concat(property.IsSingle ? [] : OfLength(Items(at).Count())))
        {
            if (IsNew(owner, property, "with _ " + what))
                yield return new(where, "with _: " + what, Added(node, "_" + property.Name, json));
            if (property.Primitive != PrimitiveKind.None && IsNew(owner, property, "only _ " + what))
                yield return new(where, "only _: " + what, Renamed(at, "_" + property.Name, json));
        }
    }

    private bool HasDouble(int node, int at)
    {
        for (var other = node + 1; other < Tree[node].Next; other = Tree[other].Next)
            if (Tree[other].Name == Tree[at].Name && Tree[other].Has(JsonMarks.Twin))
                return true;
        return false;
    }

    private static IEnumerable<(string What, string Json)> OfLength(int count)
    {
        yield return ("null for each", Array("null", count));
        yield return ("one for each", Array("{\"id\":\"x\"}", count));
        yield return ("one too many", Array("{\"id\":\"x\"}", count + 1));
        if (count > 1)
            yield return ("one too few", Array("{\"id\":\"x\"}", count - 1));
    }

    private static string Array(string item, int count) => $"[{string.Join(',', Enumerable.Repeat(item, count))}]";

    private static IEnumerable<string> Forms(JsonProperty property) => property.Primitive != PrimitiveKind.None ? PrimitiveForms.Of(property.Primitive) : Objects;

    private static JsonProperty? Other(JsonProperty property) => property.Element.Properties.FirstOrDefault(p => p != property && p.Type.Kind == FhirTypeKind.Primitive);

    private static string Sample(JsonProperty property) => property.Primitive switch
    {
        PrimitiveKind.Boolean => "true",
        PrimitiveKind.Integer or PrimitiveKind.Decimal or PrimitiveKind.PositiveInt or PrimitiveKind.UnsignedInt => "1",
        PrimitiveKind.Date or PrimitiveKind.DateTime => "\"2020-01-01\"",
        PrimitiveKind.Instant => "\"2020-01-01T10:00:00Z\"",
        PrimitiveKind.Time => "\"10:00:00\"",
        PrimitiveKind.Base64Binary => "\"YWJj\"",
        _ => "\"x\"",
    };

    private static string Short(string form) => form.Length > 80 ? $"{form[..24]}... ({form.Length} characters)" : form;

    private bool IsNew(FhirType owner, string name, string change) => seen.Add($"{(each ? resource.Type : "")} {owner.Name}.{name} {change}");

    private bool IsNew(FhirType owner, JsonProperty property, string form) =>
        each ? IsNew(owner, property.Name, form) : seen.Add($"{property.Type.Name} {property.IsSingle} {property.RequiredSet} {form}");

    private ReadOnlyMemory<byte> Replaced(int at, string json) => Spliced(s => s.Replace(Tree[at].Place, Tree[at].End, Encoding.UTF8.GetBytes(json)));

    private ReadOnlyMemory<byte> Renamed(int at, string name, string json) => Spliced(s => s.Replace(Tree[at].KeyStart - 1, Tree[at].End, Encoding.UTF8.GetBytes($"\"{name}\":{json}")));

    private ReadOnlyMemory<byte> Removed(int node, int at) => Spliced(s => JsonEdit.Remove(Tree, node, [at], s));

    // Behind the opening brace, so that it is right in an empty object's place as well.
    private ReadOnlyMemory<byte> Added(int node, string name, string json) => Spliced(s => s.Insert(Tree[node].Place + 1, Encoding.UTF8.GetBytes($"\"{name}\":{json}{(Tree[node].Next == node + 1 ? "" : ",")}")));

    private ReadOnlyMemory<byte> Spliced(Action<Splices> change)
    {
        var splices = new Splices(Tree.Bytes);
        change(splices);
        return splices.Apply();
    }
}
