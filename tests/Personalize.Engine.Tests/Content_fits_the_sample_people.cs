using System.Text.Json;
using Personalize.Engine.Facts;
using Personalize.Fhir.Terminology;
using Personalize.Fhir.Validation;

namespace Personalize.Engine.Tests;

public sealed class Content_fits_the_sample_people
{
    private const int MostAtOnce = 8;

    public static TheoryData<string> Bundles => [.. ContentFolder.SampleFiles.Select(file => Path.GetFileNameWithoutExtension(file)!)];

    public static TheoryData<string> People => [.. ContentFolder.People];

    public static TheoryData<string> Segments => [.. ContentFolder.Knowledge.Segments.Select(segment => segment.Code)];

    public static TheoryData<string> Rules => [.. ContentFolder.Knowledge.Rules.Select(rule => rule.Code)];

    [Theory, MemberData(nameof(Bundles))]
    public void Each_bundle_is_a_transaction_of_valid_resources_with_an_anchor_date(string name)
    {
        using var bundle = JsonDocument.Parse(File.ReadAllBytes(ContentFolder.Sample(name)));

        Assert.Equal("transaction", bundle.RootElement.GetProperty("type").GetString());
        Assert.Equal("2026-11-02T12:00:00Z", bundle.RootElement.GetProperty("timestamp").GetString());
        Assert.Empty(Validator.Validate(ContentFolder.Parse(File.ReadAllBytes(ContentFolder.Sample(name)), name), ValueSets.R4)
            .Where(issue => issue.IsError).Select(issue => $"{issue.Expression}: {issue.Text}"));
        Assert.All(bundle.RootElement.GetProperty("entry").EnumerateArray(), entry =>
            Assert.Equal($"{entry.GetProperty("resource").GetProperty("resourceType")}/{entry.GetProperty("resource").GetProperty("id")}", entry.GetProperty("request").GetProperty("url").GetString()));
    }

    [Theory, MemberData(nameof(Bundles))]
    public void Each_reference_names_something_that_is_there(string name)
    {
        var known = ContentFolder.ResourcesOf(name).Concat(ContentFolder.ResourcesOf("practice")).Select(resource => $"{resource.Type}/{resource.Id}").ToHashSet();
        using var bundle = JsonDocument.Parse(File.ReadAllBytes(ContentFolder.Sample(name)));

        Assert.DoesNotContain(References(bundle.RootElement), reference => !known.Contains(reference));
    }

    [Theory, MemberData(nameof(People))]
    public void Everything_can_be_worked_out(string name)
    {
        var decision = ContentFolder.Decisions[name];

        Assert.Empty(decision.Faults);
        Assert.All(decision.Facts.All, fact => Assert.True(fact.Values.Items.Count <= 1, fact.Definition.Name));
        Assert.True(decision.Suggestions.Count(suggestion => suggestion.IsOffered) <= MostAtOnce);
    }

    [Theory, MemberData(nameof(Segments))]
    public void Each_segment_has_somebody_in_it_and_somebody_not(string code)
    {
        var holds = ContentFolder.Decisions.Values.Select(decision => decision.Segments.Single(segment => segment.Definition.Code == code).Holds).ToList();

        Assert.Contains(true, holds);
        Assert.Contains(false, holds);
    }

    [Theory, MemberData(nameof(Rules))]
    public void Each_rule_speaks_for_somebody_and_not_for_another(string code)
    {
        var results = ContentFolder.Decisions.Values.Select(decision => decision.Suggestions.Single(suggestion => suggestion.Rule.Code == code)).ToList();

        Assert.Contains(results, result => result.IsOffered);
        Assert.Contains(results, result => result.Holds == false);
    }

    [Theory]
    [InlineData("aisha-noshow", "flu-1 sdh-3")]
    [InlineData("beatriz-lapsed", "bre-1 crc-1 flu-1 htn-1 ret-1 zos-1")]
    [InlineData("carl-cholesterol", "crc-2 obe-1 sta-3 zos-1")]
    [InlineData("diego-child", "cis-1 flu-1 wcc-1")]
    [InlineData("fatou-housing", "sdh-3 sta-1")]
    [InlineData("grace-wellness", "")]
    [InlineData("harold-multimorbid", "ckd-1 fal-1 flu-1 mcc-1 td-1")]
    [InlineData("jeanne-transport", "dm-1 dm-3 dm-5 flu-1 sdh-2")]
    [InlineData("jonas-infant", "flu-1 wcc-1")]
    [InlineData("marcus-teen", "flu-1 wcc-1")]
    [InlineData("maria-diabetes", "crc-1 dm-2 dm-4 dm-6 htn-1 sdh-3 zos-1")]
    [InlineData("meilin-hypertension", "fal-1 htn-1 ost-1")]
    [InlineData("olga-newcomer", "bre-1 crc-1 pne-1 zos-1")]
    [InlineData("priya-prediabetes", "pre-1")]
    [InlineData("robert-heart", "sta-2")]
    [InlineData("sam-new", "lng-1")]
    [InlineData("samir-asthma", "ast-1 awv-1 ed-1 flu-1 sdh-1")]
    [InlineData("tuan-telehealth", "bp-1 dm-s lip-1 lng-1 tel-1")]
    [InlineData("walter-deceased", "")]
    public void Each_person_is_offered_what_the_story_says(string name, string rules) =>
        Assert.Equal(rules, string.Join(' ', Offered(name).Order(StringComparer.Ordinal)));

    [Fact]
    public void Nothing_is_guessed_about_a_person_who_has_only_registered()
    {
        var kidneys = ContentFolder.Decisions["sam-new"].Suggestions.Single(suggestion => suggestion.Rule.Code == "ckd-1");
        Assert.Null(kidneys.Holds);
        Assert.NotEmpty(kidneys.Missing);
    }

    [Fact]
    public void A_risk_that_nobody_calculated_is_named_as_missing()
    {
        var statin = ContentFolder.Decisions["beatriz-lapsed"].Suggestions.Single(suggestion => suggestion.Rule.Code == "sta-1");

        Assert.Null(statin.Holds);
        Assert.Contains("Ten-year cardiovascular risk", statin.Missing);
    }

    [Fact]
    public void What_was_said_wins_over_what_was_done()
    {
        var olga = ContentFolder.Decisions["olga-newcomer"].Preferences.Single(preference => preference.Code == "channel.care");
        var robert = ContentFolder.Decisions["robert-heart"].Preferences.Single(preference => preference.Code == "channel.care");

        Assert.Equal(("stated", "mail"), (olga.Source!.Source, olga.Values[0].Code));
        Assert.Equal(("observed", "email"), (robert.Source!.Source, robert.Values[0].Code));
        Assert.Equal(3, robert.Used.Count(resource => resource.Type == "Communication" && resource.Bytes.Span.IndexOf("EMAILWRIT"u8) >= 0) - 1);
    }

    [Fact]
    public void A_topic_may_have_its_own_channel()
    {
        var priya = ContentFolder.Decisions["priya-prediabetes"].Preferences.Where(preference => preference.Definition.Kind == "channel")
            .ToDictionary(preference => preference.Topic!, preference => string.Join(' ', preference.Values.Select(value => value.Code)));

        Assert.Equal(("portal email", "email", "email"), (priya["care"], priya["appointment"], priya["wellness"]));
    }

    [Fact]
    public void Speaking_and_reading_may_differ()
    {
        var tuan = ContentFolder.Decisions["tuan-telehealth"].Preferences.ToDictionary(preference => preference.Code);

        Assert.Equal(("vi", "en"), (tuan["spoken-language"].Values[0].Code, tuan["written-language"].Values[0].Code));
        Assert.False(tuan["interpreter"].IsKnown);
    }

    [Fact]
    public void An_answer_that_was_declined_stays_unknown() =>
        Assert.False(FactOf("harold-multimorbid", "transport-need").IsKnown);

    [Fact]
    public void A_result_above_goal_rests_on_that_result()
    {
        var a1c = FactOf("maria-diabetes", "last-a1c");

        Assert.Equal("9.1 %", a1c.Text);
        Assert.Equal("2026-09-02", a1c.Date!.Day);
        Assert.Single(a1c.Used);
    }

    [Fact]
    public void The_poverty_guideline_counts_the_household() => Assert.Equal("76 %", FactOf("fatou-housing", "income-percent-fpg").Text);

    private static IEnumerable<string> Offered(string name) =>
        ContentFolder.Decisions[name].Suggestions.Where(suggestion => suggestion.IsOffered).Select(suggestion => suggestion.Rule.Code);

    private static Fact FactOf(string person, string name) => ContentFolder.Decisions[person].Facts.Fact(name)!;

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => property is { Name: "reference", Value.ValueKind: JsonValueKind.String }
            ? [property.Value.GetString()!]
            : References(property.Value)),
        _ => [],
    };
}
