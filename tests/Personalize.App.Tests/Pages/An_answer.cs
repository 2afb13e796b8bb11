using System.Text.Json.Nodes;
using Personalize.App.Tests.Ehr;

namespace Personalize.App.Tests.Pages;

public sealed class An_answer(PagesHost host) : IClassFixture<PagesHost>
{
    private JsonObject Task(string id) => host.Ehr.Resources[$"Task/{id}"];

    private string Version(string id) => (string)Task(id)["meta"]!["versionId"]!;

    private (string, string)[] Fields(string id, string answer, params (string, string)[] more) =>
        [("patient", "maria"), ("from", ""), ("version", Version(id)), ("answer", answer), .. more];

    [Fact]
    public async Task Accept_makes_the_user_its_owner_and_can_be_undone()
    {
        using var browser = new Browserlike(host.Root);
        var page = await browser.Launch("maria");
        var done = await browser.Post(page, page.Path + "suggestions/s-flu", Fields("s-flu", "accept"));
        Assert.Contains("Accepted for Maria O'Brien <b>: Offer the flu vaccine.", done.Html, StringComparison.Ordinal);
        Assert.Equal("accepted", (string?)Task("s-flu")["status"]);
        Assert.Equal("Practitioner/dr-who", (string?)Task("s-flu")["owner"]!["reference"]);
        await browser.Post(page, page.Path + "suggestions/s-flu", Fields("s-flu", "undo"));
        Assert.Equal("requested", (string?)Task("s-flu")["status"]);
        Assert.Null(Task("s-flu")["owner"]);
    }

    [Fact]
    public async Task Dismiss_says_why_and_stands_among_the_answered()
    {
        using var browser = new Browserlike(host.Root);
        var page = await browser.Launch("maria");
        var done = await browser.Post(page, page.Path + "suggestions/s-walk", Fields("s-walk", "dismiss", ("reason", "patient-declined"), ("note", "Knee <pain>")));
        Assert.Contains("Dismissed for", done.Html, StringComparison.Ordinal);
        var task = Task("s-walk");
        Assert.Equal("rejected", (string?)task["status"]);
        Assert.Equal("patient-declined", (string?)task["statusReason"]!["coding"]![0]!["code"]);
        Assert.Equal("Knee <pain>", (string?)task["statusReason"]!["text"]);
        var rest = await browser.Open(page.Path + "suggestions");
        Assert.Contains("Suggest walking", rest.Html, StringComparison.Ordinal);
        Assert.Contains("Patient declined", rest.Html, StringComparison.Ordinal);
        await browser.Post(page, page.Path + "suggestions/s-walk", Fields("s-walk", "undo"));
    }

    [Theory]
    [InlineData("defer", "2000-01-01")]
    [InlineData("defer", "")]
    [InlineData("done", "2999-01-01")]
    [InlineData("dismiss", "")]
    [InlineData("burn", "")]
    public async Task That_makes_no_sense_saves_nothing(string answer, string date)
    {
        using var browser = new Browserlike(host.Root);
        var page = await browser.Launch("maria");
        var before = Task("s-a1c").ToJsonString();
        var said = await browser.Post(page, page.Path + "suggestions/s-a1c", Fields("s-a1c", answer, ("date", date), ("reason", "because")));
        Assert.Contains("Nothing was saved for Maria", said.Html, StringComparison.Ordinal);
        Assert.Equal(before, Task("s-a1c").ToJsonString());
    }

    [Fact]
    public async Task Done_elsewhere_and_later_bear_their_dates()
    {
        using var browser = new Browserlike(host.Root);
        var page = await browser.Launch("maria");
        await browser.Post(page, page.Path + "suggestions/s-eye", Fields("s-eye", "done", ("date", "2025-06-07")));
        Assert.Equal("2025-06-07", (string?)Task("s-eye")["executionPeriod"]!["end"]);
        Assert.Equal("completed", (string?)Task("s-eye")["status"]);
        var later = DateTime.UtcNow.AddDays(40).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        await browser.Post(page, page.Path + "suggestions/s-eye", Fields("s-eye", "defer", ("date", later)));
        Assert.Equal(later, (string?)Task("s-eye")["restriction"]!["period"]!["start"]);
        Assert.Null(Task("s-eye")["executionPeriod"]);
        await browser.Post(page, page.Path + "suggestions/s-eye", Fields("s-eye", "undo"));
    }

    [Fact]
    public async Task To_what_somebody_changed_meanwhile_saves_nothing()
    {
        using var browser = new Browserlike(host.Root);
        var page = await browser.Launch("maria");
        var said = await browser.Post(page, page.Path + "suggestions/s-a1c", ("patient", "maria"), ("version", "0"), ("answer", "accept"));
        Assert.Contains("somebody changed it meanwhile", said.Html, StringComparison.Ordinal);
        Assert.Equal("requested", (string?)Task("s-a1c")["status"]);
    }

    [Fact]
    public async Task Out_of_another_patient_s_page_saves_nothing()
    {
        using var browser = new Browserlike(host.Root);
        var page = await browser.Launch("walter");
        var said = await browser.Post(page, page.Path + "suggestions/s-fall", ("patient", "maria"), ("version", Version("s-fall")), ("answer", "accept"));
        Assert.Contains("the form was of another patient's chart", said.Html, StringComparison.Ordinal);
        Assert.Equal("requested", (string?)Task("s-fall")["status"]);
    }

    [Fact]
    public async Task To_another_patient_s_suggestion_saves_nothing()
    {
        using var browser = new Browserlike(host.Root);
        var page = await browser.Launch("maria");
        var said = await browser.Post(page, page.Path + "suggestions/s-fall", Fields("s-fall", "accept"));
        Assert.Contains("Nothing was saved for Maria", said.Html, StringComparison.Ordinal);
        Assert.Equal("requested", (string?)Task("s-fall")["status"]);
    }

    [Fact]
    public async Task Without_its_token_or_from_another_site_is_not_taken()
    {
        using var browser = new Browserlike(host.Root);
        var page = await browser.Launch("maria");
        var bare = await browser.Post(page with { Html = "" }, page.Path + "suggestions/s-a1c", Fields("s-a1c", "accept"));
        var form = Fields("s-a1c", "accept").Select(f => KeyValuePair.Create(f.Item1, f.Item2)).Append(KeyValuePair.Create("__RequestVerificationToken", page.Token));
        var foreign = await browser.Send(HttpMethod.Post, page.Path + "suggestions/s-a1c", form, "https://evil.example");
        Assert.Equal(400, bare.Status);
        Assert.Equal(400, (int)foreign.StatusCode);
        Assert.Equal("requested", (string?)Task("s-a1c")["status"]);
    }
}
