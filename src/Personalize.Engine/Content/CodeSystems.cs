using System.Collections.Immutable;
using Personalize.Engine.Record;
using Personalize.Fhir.Elements;

namespace Personalize.Engine.Content;

/// <summary>What the engine reads out of CodeSystems: names for people, and how long dismissals rest.</summary>
internal static class CodeSystems
{
    /// <summary>All concepts of a system, nested ones too.</summary>
    public static IEnumerable<Element> Concepts(Element parent) =>
        parent.Children("concept").SelectMany(concept => Concepts(concept).Prepend(concept));

    /// <summary>Displays by system and code.</summary>
    public static ImmutableDictionary<(string System, string Code), string> Displays(IEnumerable<Resource> systems)
    {
        var displays = ImmutableDictionary.CreateBuilder<(string, string), string>();
        foreach (var system in systems)
            foreach (var concept in Concepts(system.Root))
                if (concept.TextAt("display") is { } display)
                    displays[(system.Root.TextAt("url") ?? "", concept.TextAt("code") ?? "")] = display;
        return displays.ToImmutable();
    }

    /// <summary>How long each reason of the dismissal system rests.</summary>
    public static ImmutableDictionary<string, Rest> Rests(ContentReader reader)
    {
        var rests = ImmutableDictionary.CreateBuilder<string, Rest>();
        foreach (var concept in Concepts(reader.Root))
            if (RestOf(concept) is { } rest)
                rests[concept.TextAt("code") ?? ""] = rest;
            else
                reader.Fault("The property 'rest' must be told as '12 months', '30 days' or 'for good'.", "concept.property");
        return rests.ToImmutable();
    }

    private static Rest? RestOf(Element concept) => Rest.TryParse(concept.Children("property")
        .Where(property => property.TextAt("code") == "rest")
        .Select(property => property.TextAt("value"))
        .FirstOrDefault());
}
