using System.Text.Json;
using System.Text.RegularExpressions;
using Personalize.Engine.Content;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Terminology;
using Personalize.Fhir.Validation;

namespace Personalize.Engine.Tests;

public sealed partial class Content_is_sound
{
    private static readonly ValueSets _known = ValueSets.R4.With(
        [.. ContentFolder.Content.Where(resource => resource.Type is "CodeSystem" or "ValueSet").Select(resource => resource.Tree)]);

    public static TheoryData<string> Files => [.. ContentFolder.ContentFiles.Select(file => Path.GetRelativePath(Repository.At("fhir-profiles"), file))];

    [Theory, MemberData(nameof(Files))]
    public void Each_file_is_a_valid_resource_named_by_its_type_and_id(string file)
    {
        var resource = ContentFolder.Parse(File.ReadAllBytes(Repository.At("fhir-profiles", file)), file);

        Assert.Empty(Validator.Validate(resource, _known).Where(issue => issue.IsError).Select(issue => $"{issue.Expression}: {issue.Text}"));
        Assert.Equal($"{resource.Type}-{resource.Id}.json", Path.GetFileName(file));
    }

    [Fact]
    public void It_is_known_without_a_fault()
    {
        var faults = Knowledge.Of(ContentFolder.Content).TryGet(out _, out var failure) ? [] : failure.Issues.Select(issue => issue.Text).ToList();

        Assert.Empty(faults);
    }

    [Fact]
    public void It_is_as_much_as_promised()
    {
        var knowledge = ContentFolder.Knowledge;

        Assert.True(knowledge.Facts.Length >= 25, $"{knowledge.Facts.Length} facts");
        Assert.True(knowledge.Segments.Length >= 14, $"{knowledge.Segments.Length} segments");
        Assert.True(knowledge.Rules.Length >= 20, $"{knowledge.Rules.Length} rules");
        Assert.Equal(["channel", "contact-hours", "interpreter", "spoken-language", "visit-mode", "written-language"], knowledge.Preferences.Select(preference => preference.Kind));
        Assert.All(knowledge.Rules, rule => Assert.NotEmpty(rule.Citations));
    }

    [Fact]
    public void No_two_resources_share_a_canonical()
    {
        var urls = ContentFolder.Content.Select(UrlOf).OfType<string>().ToList();

        Assert.Equal(urls.Count, urls.Distinct().Count());
    }

    [Fact]
    public void Every_canonical_of_ours_that_is_mentioned_exists()
    {
        var urls = ContentFolder.Content.Select(UrlOf).OfType<string>().ToHashSet();

        var dangling = ContentFolder.ContentFiles.SelectMany(file => Ours().Matches(File.ReadAllText(file)).Select(match => match.Value)).Where(url => !urls.Contains(url));

        Assert.Empty(dangling.Distinct());
    }

    [Fact]
    public void Every_coding_of_a_code_system_of_ours_exists_in_content_and_samples()
    {
        var systems = ContentFolder.Content.Where(resource => resource.Type == "CodeSystem").ToDictionary(
            system => system.Root.Child("url")!.Value.Text!, system => system.Root.Children("concept").Select(concept => concept.Child("code")!.Value.Text!).ToHashSet());

        var unknown = ContentFolder.ContentFiles.Concat(ContentFolder.SampleFiles).SelectMany(Codings)
            .Where(coding => coding.System.StartsWith(Canonicals.Root + "/CodeSystem/", StringComparison.Ordinal))
            .Where(coding => !systems.TryGetValue(coding.System, out var codes) || !codes.Contains(coding.Code));

        Assert.Empty(unknown.Distinct());
    }

    [Fact]
    public void The_code_system_of_segments_holds_exactly_the_segments() =>
        Assert.Equal(ContentFolder.Knowledge.Segments.Select(segment => segment.Code).Order(StringComparer.Ordinal), CodesOf("segment"));

    [Fact]
    public void The_code_system_of_suggestions_holds_exactly_the_rules() =>
        Assert.Equal(ContentFolder.Knowledge.Rules.Select(rule => rule.Code).Order(StringComparer.Ordinal), CodesOf("suggestion"));

    [Fact]
    public void There_is_enough_of_it()
    {
        Assert.True(ContentFolder.Knowledge.Facts.Length >= 30);
        Assert.True(ContentFolder.Knowledge.Rules.Length >= 22);
        Assert.Equal(["channel", "contact-hours", "interpreter", "spoken-language", "visit-mode", "written-language"],
            ContentFolder.Knowledge.Preferences.Select(preference => preference.Kind));
        foreach (var kind in new[] { "demographic", "behavioral", "needs-based", "stated-preference" })
            Assert.True(ContentFolder.Knowledge.Segments.Count(segment => segment.Kind == kind) >= 4, kind);
    }

    [Fact]
    public void Each_rule_has_its_source_grade_owner_expiry_and_words_for_patient_and_clinician()
    {
        foreach (var rule in ContentFolder.Knowledge.Rules)
        {
            Assert.All(rule.Citations, citation => Assert.True(citation is { Text.Length: > 10, Grade.Length: > 0 } && Uri.IsWellFormedUriString(citation.Url, UriKind.Absolute), rule.Code));
            Assert.NotEmpty(rule.Citations);
            Assert.True(rule is { Purpose.Length: > 20, Usage.Length: > 20 }, rule.Code);
            Assert.True(rule.IsInForce(new DateOnly(2026, 11, 2)) && !rule.IsInForce(new DateOnly(2028, 1, 1)), rule.Code);
        }
        Assert.All(ContentFolder.Content.Where(resource => resource.Type == "PlanDefinition"), plan => Assert.False(string.IsNullOrEmpty(plan.Root.Child("publisher")?.Text)));
        Assert.All(ContentFolder.Knowledge.Segments, segment => Assert.False(string.IsNullOrEmpty(segment.Owner) || string.IsNullOrEmpty(segment.Purpose)));
    }

    [Fact]
    public void Nothing_rests_on_what_is_sensitive()
    {
        string[] sensitive = ["pregnan", "hiv", "depress", "anxiety", "substance", "alcohol", "overdose", "violence", "abuse", "contracept", "chlamydia"];
        var expressions = ContentFolder.Knowledge.Facts.Select(fact => fact.Expression.Text)
            .Concat(ContentFolder.Content.Where(resource => resource.Type == "ValueSet").SelectMany(set => Codings(set).Select(coding => coding.Display)));

        Assert.DoesNotContain(expressions, text => sensitive.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)));
    }

    private static IEnumerable<string> CodesOf(string system) => ContentFolder.Content
        .Single(resource => resource.Type == "CodeSystem" && resource.Id!.ToString() == system).Root
        .Children("concept").Select(concept => concept.Child("code")!.Value.Text!).Order(StringComparer.Ordinal);

    private static string? UrlOf(Resource resource) => resource.Type == "Group"
        ? $"{Canonicals.Root}/Group/{resource.Id}"
        : resource.Root.Child("url")?.Text;

    private static IEnumerable<(string System, string Code, string Display)> Codings(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return [.. Codings(document.RootElement)];
    }

    private static IEnumerable<(string System, string Code, string Display)> Codings(Resource resource)
    {
        using var document = JsonDocument.Parse(resource.Bytes);
        return [.. Codings(document.RootElement)];
    }

    private static IEnumerable<(string System, string Code, string Display)> Codings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Codings),
        JsonValueKind.Object => Here(element).Concat(element.EnumerateObject().SelectMany(property => Codings(property.Value))),
        _ => [],
    };

    private static IEnumerable<(string System, string Code, string Display)> Here(JsonElement element)
    {
        // OperationDefinition.system is a boolean.
        if (!element.TryGetProperty("system", out var system) || system.ValueKind != JsonValueKind.String)
            yield break;
        if (element.TryGetProperty("code", out var code))
            yield return (system.GetString()!, code.GetString()!, element.TryGetProperty("display", out var display) ? display.GetString()! : "");
        if (element.TryGetProperty("concept", out var concepts))
            foreach (var concept in concepts.EnumerateArray())
                yield return (system.GetString()!, concept.GetProperty("code").GetString()!, concept.GetProperty("display").GetString()!);
    }

    [GeneratedRegex(@"https://personalize-fhir\.org/fhir/(?:StructureDefinition|ValueSet|CodeSystem|Library|PlanDefinition|SearchParameter|Group)/[a-z0-9.-]+(?<![.])")]
    private static partial Regex Ours();
}
