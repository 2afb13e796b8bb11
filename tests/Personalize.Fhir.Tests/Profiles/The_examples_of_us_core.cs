using System.Text;
using System.Text.Json.Nodes;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Validation;
using Personalize.Fhir.Validation.Profiles;

namespace Personalize.Fhir.Tests.Profiles;

public sealed class The_examples_of_us_core
{
    [Theory]
    [InlineData("6.1.0")]
    [InlineData("7.0.0")]
    public void Keep_the_profiles_that_they_name(string version)
    {
        var files = Examples(version).ToList();
        Assert.True(files.Count > 100, $"{files.Count} files");
        Assert.Empty(files.SelectMany(f => Profiled.Errors(File.ReadAllBytes(f)).Select(i => $"{Path.GetFileName(f)}: {Profiled.Shown(i)}")));
    }

    [Fact]
    public void Do_not_keep_them_when_a_fault_is_put_in()
    {
        var profiles = Definitions().ToDictionary(p => p["url"]!.GetValue<string>(), StringComparer.Ordinal);
        var (count, missed) = (0, new List<string>());
        foreach (var file in Examples("6.1.0"))
        {
            var resource = JsonNode.Parse(File.ReadAllBytes(file))!.AsObject();
            foreach (var canonical in resource["meta"]?["profile"]?.AsArray().Select(p => p!.GetValue<string>().Split('|')[0]).Where(profiles.ContainsKey) ?? [])
                foreach (var mutation in Mutation.Of(resource, profiles[canonical]))
                {
                    count++;
                    if (!IsFound(mutation))
                        missed.Add($"{Path.GetFileName(file)}: {mutation.What} at {mutation.Place}");
                }
        }
        Assert.Equal("", string.Join('\n', missed));
        Assert.True(count >= 300, $"{count} faults");
    }

    [Fact]
    public void Are_judged_alike_when_the_profiles_come_without_snapshots()
    {
        var context = Profiled.Context with { Profiles = ProfileCatalog.R4.With(Definitions().Select(Bare)), Warnings = false };
        var profiles = Definitions().ToDictionary(p => p["url"]!.GetValue<string>(), StringComparer.Ordinal);
        var differences = new List<string>();
        foreach (var file in Examples("6.1.0"))
        {
            var resource = JsonNode.Parse(File.ReadAllBytes(file))!.AsObject();
            var named = resource["meta"]?["profile"]?.AsArray().Select(p => p!.GetValue<string>().Split('|')[0]).FirstOrDefault(profiles.ContainsKey);
            // One of them rests on a profile of another guide.
            if (named is not null && context.Profiles.Find(named)!.MissingBase is not null)
                continue;
            var faults = named is null ? [] : Mutation.Of(resource, profiles[named]).Select(m => m.Resource);
            foreach (var json in faults.Prepend(resource).Select(r => Encoding.UTF8.GetBytes(r.ToJsonString())))
                if (!Places(json, context).SetEquals(Places(json, Profiled.Context with { Warnings = false })))
                    differences.Add($"{Path.GetFileName(file)}: {string.Join(' ', Places(json, context))}, not {string.Join(' ', Places(json, Profiled.Context))}");
        }
        Assert.Equal("", string.Join('\n', differences.Take(20)));
    }

    private static HashSet<string> Places(byte[] json, ValidationContext context) =>
        Validator.Validate(Resource.Parse(json).Value, context).Where(i => i.IsError).Select(i => $"{i.Code}@{i.Expression}").ToHashSet(StringComparer.Ordinal);

    private static JsonTree Bare(JsonObject profile)
    {
        profile.Remove("snapshot");
        return JsonTree.Parse(Encoding.UTF8.GetBytes(profile.ToJsonString())).Value;
    }

    private static IEnumerable<JsonObject> Definitions() => Directory.GetFiles(Path.Combine(Corpora.Folder("us-core"), "6.1.0", "definitions"), "StructureDefinition-*.json")
        .Select(f => JsonNode.Parse(File.ReadAllBytes(f))!.AsObject());

    /// <summary>Named at its place, or as an item of it, or as what is left empty around it.</summary>
    private static bool IsFound(Mutation mutation) => Profiled.Errors(Encoding.UTF8.GetBytes(mutation.Resource.ToJsonString()))
        .Any(i => i.Expression == mutation.Place || i.Expression!.StartsWith(mutation.Place + "[", StringComparison.Ordinal));

    private static IEnumerable<string> Examples(string version) => Directory.GetFiles(Path.Combine(Corpora.Folder("us-core"), version, "examples"), "*.json")
        .Where(f => Path.GetFileName(f) != "index.json").Order(StringComparer.Ordinal);
}
