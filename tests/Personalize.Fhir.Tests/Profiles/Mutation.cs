using System.Text.Json.Nodes;
using Personalize.Fhir.Terminology;

namespace Personalize.Fhir.Tests.Profiles;

/// <summary>A fault put into a valid resource, and the place at which it must be found.</summary>
internal sealed record Mutation(string What, string Place, JsonObject Resource)
{
    private const string NoCode = "no-such-code";

    /// <summary>Every fault that the snapshot of a profile suggests: a required element gone, a code outside its set, a required slice spoilt.</summary>
    public static IEnumerable<Mutation> Of(JsonObject resource, JsonObject profile)
    {
        foreach (var element in profile["snapshot"]!["element"]!.AsArray().OfType<JsonObject>())
        {
            var path = Text(element["path"]).Split('.');
            if (path.Length is not (2 or 3))
                continue;
            if (element["sliceName"] is not null && path.Length == 2)
            {
                foreach (var mutation in Spoilt(resource, element, path))
                    yield return mutation;
            }
            else if (!Text(element["id"]).Contains(':', StringComparison.Ordinal))
            {
                foreach (var mutation in Gone(resource, element, path).Concat(Outside(resource, element, path)))
                    yield return mutation;
            }
        }
    }

    private static IEnumerable<Mutation> Gone(JsonObject resource, JsonObject element, string[] path)
    {
        if ((int?)element["min"] is null or 0)
            yield break;
        foreach (var (_, place) in Parents(resource, path))
        {
            var copy = Copy(resource);
            var (there, _) = Parents(copy, path).Single(p => p.Place == place);
            var names = Names(there, path[^1]).ToList();
            if (names.Count == 0 || there.Count == names.Count)
                continue;
            names.ForEach(n => there.Remove(n));
            yield return new($"{string.Join('.', path)} is gone", $"{place}.{Short(path[^1])}", copy);
        }
    }

    private static IEnumerable<Mutation> Outside(JsonObject resource, JsonObject element, string[] path)
    {
        if (Text(element["binding"]?["strength"]) != "required" || ValueSets.UsCore.Contains(Text(element["binding"]!["valueSet"]), null, NoCode) != false)
            yield break;
        foreach (var (_, place) in Parents(resource, path))
        {
            var copy = Copy(resource);
            var (there, _) = Parents(copy, path).Single(p => p.Place == place);
            if (Names(there, path[^1]).FirstOrDefault(n => n[0] != '_') is { } name && Recode(there, name))
                yield return new($"{string.Join('.', path)} has a code outside its set", $"{place}.{Short(path[^1])}", copy);
        }
    }

    private static IEnumerable<Mutation> Spoilt(JsonObject resource, JsonObject element, string[] path)
    {
        var copy = Copy(resource);
        if ((int)element["min"]! == 0 || element["patternCodeableConcept"] is null || !Recode(copy, path[1]))
            yield break;
        yield return new($"{Text(element["id"])} is spoilt", $"{path[0]}.{path[1]}", copy);
    }

    /// <summary>Every code at or under that property becomes one that nobody knows.</summary>
    private static bool Recode(JsonObject parent, string name)
    {
        if (parent[name] is JsonValue value && value.TryGetValue<string>(out _))
        {
            parent[name] = NoCode;
            return true;
        }
        var objects = parent[name] switch { JsonArray array => array.OfType<JsonObject>().ToList(), JsonObject one => [one], _ => [] };
        var changed = false;
        foreach (var item in objects)
            foreach (var inner in item.Select(p => p.Key).Where(k => k is "coding" or "code").ToList())
                changed |= Recode(item, inner);
        return changed;
    }

    private static IEnumerable<(JsonObject Parent, string Place)> Parents(JsonObject resource, string[] path)
    {
        if (path.Length == 2)
            return [(resource, path[0])];
        var place = $"{path[0]}.{Short(path[1])}";
        return Names(resource, path[1]).Select(n => resource[n]).FirstOrDefault(n => n is JsonObject or JsonArray) switch
        {
            JsonObject one => [(one, place)],
            JsonArray many => many.Select((item, at) => (item as JsonObject, $"{place}[{at}]")).Where(p => p.Item1 is not null).Select(p => (p.Item1!, p.Item2)),
            _ => [],
        };
    }

    /// <summary>The properties of an element: itself and its twin, or those of a choice.</summary>
    private static IEnumerable<string> Names(JsonObject parent, string name)
    {
        var isChoice = name.EndsWith("[x]", StringComparison.Ordinal);
        return parent.Select(p => p.Key).Where(k => k.TrimStart('_') is var bare && (isChoice ? bare.StartsWith(Short(name), StringComparison.Ordinal) && bare.Length > Short(name).Length && char.IsAsciiLetterUpper(bare[Short(name).Length]) : bare == name));
    }

    private static string Short(string name) => name.Replace("[x]", "", StringComparison.Ordinal);

    private static JsonObject Copy(JsonObject resource) => resource.DeepClone().AsObject();

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";
}
