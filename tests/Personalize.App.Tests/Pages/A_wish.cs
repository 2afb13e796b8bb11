using System.Text.Json.Nodes;
using Personalize.App.Tests.Ehr;

namespace Personalize.App.Tests.Pages;

public sealed class A_wish(PagesHost host) : IClassFixture<PagesHost>
{
    private JsonObject[] Stated => [.. host.Ehr.Resources.Where(r => r.Key.StartsWith("Observation/", StringComparison.Ordinal)).Select(r => r.Value)];

    [Fact]
    public async Task For_a_channel_is_written_as_an_observation_of_what_was_said()
    {
        using var browser = new Browserlike(host.Root);
        var page = await browser.Launch("maria");
        var saved = await browser.Post(page, page.Path + "preferences",
            ("patient", "maria"), ("kind", "channel"), ("topic", "care"), ("first", "phone"), ("second", "sms"), ("third", ""));
        Assert.Contains("Saved for Maria O'Brien <b>: Phone, Text message.", saved.Html, StringComparison.Ordinal);
        var said = Assert.Single(Stated);
        Assert.Equal("final", (string?)said["status"]);
        Assert.Equal("95541-9", (string?)said["code"]!["coding"]![0]!["code"]);
        Assert.Equal("Patient/maria", (string?)said["subject"]!["reference"]);
        Assert.Equal("Practitioner/dr-who", (string?)said["performer"]![0]!["reference"]);
        Assert.Equal("phone", (string?)said["valueCodeableConcept"]!["coding"]![0]!["code"]);
        Assert.Equal(["topic:care", "second-choice:sms"],
            said["component"]!.AsArray().Select(c => $"{c!["code"]!["coding"]![0]!["code"]}:{c["valueCodeableConcept"]!["coding"]![0]!["code"]}"));
    }

    [Fact]
    public async Task For_something_that_is_not_offered_saves_nothing()
    {
        using var browser = new Browserlike(host.Root);
        var page = await browser.Launch("walter");
        var before = Stated.Length;
        await browser.Post(page, page.Path + "preferences", ("patient", "walter"), ("kind", "channel"), ("topic", ""), ("first", "pigeon"));
        await browser.Post(page, page.Path + "preferences", ("patient", "walter"), ("kind", "visit-mode"), ("topic", "care"), ("first", "video"));
        var said = await browser.Post(page, page.Path + "preferences", ("patient", "walter"), ("kind", "contact-hours"), ("first", ""), ("second", "evening"));
        Assert.Contains("Nothing was saved for Walter Berg", said.Html, StringComparison.Ordinal);
        Assert.Equal(before, Stated.Length);
    }

    [Fact]
    public async Task For_a_language_changes_the_patient_and_loses_nothing_else()
    {
        using var browser = new Browserlike(host.Root);
        var page = await browser.Launch("maria");
        var version = (string)host.Ehr.Resources["Patient/maria"]["meta"]!["versionId"]!;
        var saved = await browser.Post(page, page.Path + "languages",
            ("patient", "maria"), ("version", version), ("spoken", "es"), ("written", "en"), ("interpreter", "needed"));
        Assert.Contains("speaks Spanish, reads English", saved.Html, StringComparison.Ordinal);
        Assert.Contains("Interpreter needed", saved.Html, StringComparison.Ordinal);
        var patient = host.Ehr.Resources["Patient/maria"];
        Assert.Equal("A-1", (string?)patient["identifier"]![0]!["value"]);
        Assert.Equal(["es", "en"], patient["communication"]!.AsArray().Select(c => (string?)c!["language"]!["coding"]![0]!["code"]));
        Assert.Equal("written", (string?)patient["communication"]![1]!["_preferred"]!["extension"]![0]!["valueCoding"]!["code"]);
        Assert.Equal("373066001", (string?)patient["extension"]![0]!["valueCoding"]!["code"]);
    }

    [Fact]
    public async Task For_a_language_of_a_patient_who_was_changed_meanwhile_saves_nothing()
    {
        using var browser = new Browserlike(host.Root);
        var page = await browser.Launch("walter");
        var said = await browser.Post(page, page.Path + "languages", ("patient", "walter"), ("version", "0"), ("spoken", "de"), ("written", "de"));
        Assert.Contains("somebody changed it meanwhile", said.Html, StringComparison.Ordinal);
        Assert.Null(host.Ehr.Resources["Patient/walter"]["communication"]);
    }
}
