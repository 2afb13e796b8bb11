using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Terminology;
using Personalize.Fhir.Validation;
using Personalize.Fhir.Validation.Profiles;

namespace Personalize.Fhir.Tests.Profiles;

/// <summary>The R4 cases of the official validator. Those that are not judged as it judges stand in <c>ValidatorAccepted.txt</c> with the reason.</summary>
public sealed class The_cases_of_the_official_validator
{
    private static readonly Lazy<Dictionary<string, string>> _accepted = new(() => File.ReadLines(Repository.At("tests", "Personalize.Fhir.Tests", "Profiles", "ValidatorAccepted.txt"))
        .Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('\t')).ToDictionary(f => f[0], f => f[1], StringComparer.Ordinal));

    [Theory]
    [InlineData("A", 0.95)]
    [InlineData("B", 0.85)]
    public void Are_judged_alike_and_at_the_same_place(string tier, double share)
    {
        var folder = Corpora.Folder("validator");
        using var cases = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "cases.json")));
        var ids = new List<string>();
        var failed = new List<string>();
        foreach (var test in cases.RootElement.EnumerateArray().Where(c => c.GetProperty("tier").GetString()!.StartsWith(tier, StringComparison.Ordinal)))
        {
            ids.Add(test.GetProperty("id").GetString()!);
            if (Fault(test, folder) is { } fault)
                failed.Add($"{ids[^1]}\t{fault}");
        }
        var names = failed.Select(f => f.Split('\t')[0]).ToList();
        Assert.Equal("", string.Join('\n', failed.Where(f => !_accepted.Value.ContainsKey(f.Split('\t')[0]))));
        Assert.Empty(_accepted.Value.Keys.Intersect(ids).Except(names).Select(id => $"{id} is judged alike: take it off the list"));
        Assert.True(1.0 - (double)failed.Count / ids.Count >= share, $"{failed.Count} of {ids.Count}");
    }

    private static string? Fault(JsonElement test, string folder)
    {
        var issues = Judged(test, folder);
        var errors = issues.Where(i => i.IsError).ToList();
        var expected = test.GetProperty("expected");
        if (expected.GetProperty("hasErrors").GetBoolean() != errors.Count > 0)
            return errors.Count > 0 ? "should be without error: " + Profiled.Shown(errors[0]) : "should have an error: " + Text(expected);
        var places = expected.GetProperty("issues").EnumerateArray().Where(IsError).ToList();
        return errors.Count == 0 || places.Count == 0 || places.Any(p => errors.Any(e => IsThere(p, e)))
            ? null
            : $"elsewhere: {Text(expected)}; here {string.Join("; ", errors.Select(Profiled.Shown))}";
    }

    private static ImmutableArray<Issue> Judged(JsonElement test, string folder)
    {
        var parsed = Resource.Parse(File.ReadAllBytes(Path.Combine(folder, "files", test.GetProperty("file").GetString()!)));
        if (!parsed.TryGet(out var resource, out var failure))
            return failure.Issues;
        var supporting = test.GetProperty("supporting").EnumerateArray().Select(s => s.GetString()!).Distinct()
            .Select(s => JsonTree.Parse(File.ReadAllBytes(Path.Combine(folder, "supporting", s)))).Where(t => t.Failure is null).Select(t => t.Value).ToList();
        var sets = ValueSets.UsCore.With(supporting);
        var context = Profiled.Context with
        {
            Path = Profiled.Context.Path with { ValueSets = sets },
            Strictness = new(KnownExtensionsOnly: true, NoExampleAddresses: Has(test, "examples", false), NoHtmlInMarkdown: Has(test, "noHtmlInMarkdown", true)),
            Profiles = ProfileCatalog.UsCore.With(supporting),
            Questionnaire = canonical => supporting.Where(s => s.Root["resourceType"].Text == "Questionnaire" && s.Root["url"].Text == canonical.Split('|')[0]).Select(s => Resource.Parse(s.Bytes).Value).FirstOrDefault(),
        };
        string[] profiles = test.GetProperty("step").GetString() == "profile"
            ? [JsonTree.Parse(File.ReadAllBytes(Path.Combine(folder, "supporting", test.GetProperty("profile").GetString()!))).Value.Root["url"].Text!] : [];
        return Validator.Validate(resource, context, profiles);
    }

    private static bool Has(JsonElement test, string option, bool value) =>
        test.GetProperty("options").TryGetProperty(option, out var found) && found.ValueKind == (value ? JsonValueKind.True : JsonValueKind.False);

    private static bool IsError(JsonElement issue) => issue.GetProperty("severity").GetString() is "error" or "fatal";

    private static string Text(JsonElement expected) => string.Join("; ", expected.GetProperty("issues").EnumerateArray().Where(IsError).Select(i => $"{Place(i)} {i.GetProperty("text").GetString()}"));

    /// <summary>The same element, or the one of the two that lies right in the other: what is missing or too many is named here, its parent there.</summary>
    private static bool IsThere(JsonElement expected, Issue found)
    {
        var (place, own) = (Place(expected), found.Expression);
        return place is null || own is null || place == own || Parent(place) == own || Parent(own) == place;
    }

    private static string Parent(string place) => place.LastIndexOf('.') is >= 0 and var dot ? place[..dot] : "";

    private static string? Place(JsonElement issue) =>
        issue.TryGetProperty("expression", out var expression) && expression.ValueKind == JsonValueKind.String ? Regex.Replace(expression.GetString()!, @"/\*.*?\*/|\.ofType\(\w+\)", "") : null;
}
