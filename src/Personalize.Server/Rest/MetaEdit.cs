using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Patch;
using Personalize.Fhir.Primitives;
using Personalize.Server.Http;

namespace Personalize.Server.Rest;

/// <summary>Adds profiles, tags and security labels to a resource, or takes them away; every other byte stays. Pure. Source: http://hl7.org/fhir/R4/resource-operation-meta-add.html, resource-operation-meta-delete.html.</summary>
internal static class MetaEdit
{
    private static readonly string[] _lists = ["profile", "security", "tag"];

    /// <summary>The resource with what it lacks of a Meta.</summary>
    public static Outcome<Resource> Add(Resource resource, Element meta) => JsonPatch.Apply(resource, Patch(_lists.SelectMany(list => Additions(list, Of(resource, list), [.. meta.Children(list)]))));

    /// <summary>The resource without what a Meta names.</summary>
    public static Outcome<Resource> Delete(Resource resource, Element meta) => JsonPatch.Apply(resource, Patch(_lists.SelectMany(list => Removals(list, Of(resource, list), [.. meta.Children(list)]))));

    /// <summary>A Meta with the profiles, labels and tags of all these resources, each once, as JSON; nothing when there are none.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Together(IEnumerable<Resource> resources)
    {
        var all = _lists.ToDictionary(list => list, _ => new List<Element>());
        foreach (var resource in resources)
            foreach (var list in _lists)
                all[list].AddRange(Of(resource, list).Where(one => !all[list].Exists(other => AreSame(one, other))));
        var json = new JsonPieces();
        var between = "{";
        foreach (var list in _lists.Where(list => all[list].Count > 0))
        {
            json.Raw($"{between}\"{list}\":[");
            foreach (var (at, one) in all[list].Index())
                json.Raw(at == 0 ? "" : ",").Stored(one.Json);
            json.Raw("]");
            between = ",";
        }
        return between == "{" ? [] : json.Raw("}").Body();
    }

    private static List<Element> Of(Resource resource, string list) => resource.Root.Child("meta") is { } meta ? [.. meta.Children(list)] : [];

    private static byte[] Patch(IEnumerable<string> operations) => Encoding.UTF8.GetBytes($"[{string.Join(',', operations)}]");

    private static IEnumerable<string> Additions(string list, List<Element> there, List<Element> wanted)
    {
        var missing = wanted.Where((one, at) => !there.Exists(other => AreSame(one, other)) && !wanted.Take(at).Any(other => AreSame(one, other))).Select(one => Encoding.UTF8.GetString(one.Json.Span)).ToList();
        if (missing.Count > 0 && there.Count == 0)
            return [$$"""{"op":"add","path":"/meta/{{list}}","value":[{{string.Join(',', missing)}}]}"""];
        return missing.Select(one => $$"""{"op":"add","path":"/meta/{{list}}/-","value":{{one}}}""");
    }

    private static IEnumerable<string> Removals(string list, List<Element> there, List<Element> unwanted)
    {
        var places = Enumerable.Range(0, there.Count).Where(at => unwanted.Exists(other => AreSame(there[at], other))).Reverse().ToList();
        // FHIR has no empty arrays.
        return places.Count == there.Count && places.Count > 0
            ? [$$"""{"op":"remove","path":"/meta/{{list}}"}"""]
            : places.Select(at => $$"""{"op":"remove","path":"/meta/{{list}}/{{at}}"}""");
    }

    // Tags and labels are the same by system and code, whatever they are called.
    private static bool AreSame(Element one, Element other) => one.HasValue
        ? one.Text == other.Text
        : one.Child("system")?.Text == other.Child("system")?.Text && one.Child("code")?.Text == other.Child("code")?.Text;
}
