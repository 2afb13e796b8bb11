using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Personalize.App.Tests.Browser;

public sealed class In_a_browser(Chrome chrome, RealServer server) : IClassFixture<Chrome>, IClassFixture<RealServer>
{
    [Fact]
    public async Task A_suggestion_is_seen_with_its_evidence_dismissed_with_a_reason_and_stays_away()
    {
        await using var window = await chrome.Window();
        var page = await window.SignIn(server);
        var app = await page.OpenChart(server, "Santos");
        var card = app.Locator("article").First;
        var (id, title) = (await card.GetAttributeAsync("id"), await card.Locator("h3").InnerTextAsync());
        Assert.NotEmpty(await card.Locator(".evidence li").AllAsync());
        Assert.NotEmpty(await card.Locator(".citation a[rel~=noopener]").AllAsync());
        await card.GetByText("Dismiss…").ClickAsync();
        await card.GetByLabel("Why not?").SelectOptionAsync("patient-declined");
        await card.GetByLabel("Note").FillAsync("Asked today");
        await card.GetByRole(AriaRole.Button, new() { Name = "Dismiss", Exact = true }).ClickAsync();
        await app.GetByRole(AriaRole.Status).GetByText($"Dismissed for Maria Elena Santos: {title}.").WaitForAsync();
        await page.ReloadAsync();
        app = await page.AppFrame("chart-1-app");
        Assert.Equal(0, await app.Locator($"article[id='{id}']").CountAsync());
        using var fhir = await FhirSide.Of(server, window);
        var task = await fhir.Get($"Task/{id}");
        Assert.Equal("rejected", (string?)task["status"]);
        Assert.Equal("patient-declined", (string?)task["statusReason"]!["coding"]![0]!["code"]);
        Assert.Equal("Asked today", (string?)task["statusReason"]!["text"]);
    }

    [Fact]
    public async Task A_changed_wish_is_found_by_search()
    {
        await using var window = await chrome.Window();
        var page = await window.SignIn(server);
        var app = await page.OpenChart(server, "Jackson");
        using var fhir = await FhirSide.Of(server, window);
        const string search = "Patient?preferred-channel=mail&name=Jackson";
        Assert.Null((await fhir.Get(search))["entry"]);
        await app.Locator(".preferences .edit summary").First.ClickAsync();
        await app.Locator("#channel-0").SelectOptionAsync("mail");
        await app.Locator("#channel-1").SelectOptionAsync("phone");
        await app.Locator("form", new() { Has = app.Locator("#channel-0") }).GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await app.GetByRole(AriaRole.Status).GetByText("Saved for Robert Jackson: Mail, Phone").WaitForAsync();
        // At once, for the reasons are worked out when the page asks.
        Assert.Contains("Mail, Phone", await app.Locator(".preferences dl").First.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("Mail", await app.Locator(".banner-needs").InnerTextAsync(), StringComparison.Ordinal);
        Assert.True(await fhir.Comes(search, found => found["entry"]?.AsArray().Count == 1), "The wish was not found within ten seconds.");
        await page.ReloadAsync();
        app = await page.AppFrame("chart-1-app");
        Assert.Contains("said on", await app.Locator(".preferences dl").First.InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_that_was_answered_is_no_longer_suggested()
    {
        await using var window = await chrome.Window();
        var page = await window.SignIn(server);
        var app = await page.OpenChart(server, "Kim");
        Assert.Equal("Ask about an interpreter", await app.Locator("article h3").InnerTextAsync());
        await app.Locator(".preferences .edit summary").Nth(1).ClickAsync();
        await app.Locator("#interpreter").SelectOptionAsync("needed");
        await app.Locator("form", new() { Has = app.Locator("#interpreter") }).GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await app.GetByRole(AriaRole.Status).GetByText("Saved for Sam Kim").WaitForAsync();
        Assert.Equal(0, await app.Locator("article").CountAsync());
        Assert.Contains("Interpreter needed", await app.Locator(".banner-needs").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_charts_side_by_side_keep_their_patients()
    {
        await using var window = await chrome.Window();
        var page = await window.SignIn(server);
        await page.Locator("#patient").SelectOptionAsync(new SelectOptionValue { Label = "Tuan Nguyen" });
        await page.Locator("#second").SelectOptionAsync(new SelectOptionValue { Label = "Mei-Lin Chen" });
        await page.GetByRole(AriaRole.Button, new() { Name = "Open both" }).ClickAsync();
        var (first, second) = (await page.AppFrame("chart-1-app"), await page.AppFrame("chart-2-app"));
        Assert.NotEqual(first.Url, second.Url);
        await first.EvaluateAsync("location.reload()");
        await first.Locator(".banner-name", new() { HasText = "Tuan Nguyen" }).WaitForAsync();
        await second.GetByRole(AriaRole.Button, new() { Name = "Accept" }).First.ClickAsync();
        await second.GetByRole(AriaRole.Status).GetByText("Accepted for Mei-Lin Chen").WaitForAsync();
        await first.EvaluateAsync("location.reload()");
        await first.Locator(".banner-name", new() { HasText = "Tuan Nguyen" }).WaitForAsync();
        Assert.Equal(0, await first.Locator("#notice").CountAsync());
    }

    [Fact]
    public async Task Without_script_everything_can_be_done()
    {
        await using var window = await chrome.Window(script: false);
        var page = await window.SignIn(server);
        var app = await page.OpenChart(server, "Pierre");
        var card = app.Locator("article").First;
        var title = await card.Locator("h3").InnerTextAsync();
        await card.GetByText("Done elsewhere…").ClickAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await app.GetByText($"as done on").WaitForAsync();
        await app.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await app.GetByText($"Offered again for Marie-Jeanne Pierre: {title}.").WaitForAsync();
        await app.Locator(".preferences .edit summary").Nth(1).ClickAsync();
        await app.Locator("#written").SelectOptionAsync("fr");
        await app.Locator("form", new() { Has = app.Locator("#written") }).GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await app.GetByText("reads French").WaitForAsync();
        await app.GetByRole(AriaRole.Button, new() { Name = "Español" }).ClickAsync();
        await app.GetByRole(AriaRole.Heading, new() { Name = "Sugerencias", Exact = true }).WaitForAsync();
    }

    [Fact]
    public async Task The_keyboard_alone_is_enough()
    {
        await using var window = await chrome.Window();
        var page = await window.SignIn(server);
        var app = await page.OpenChart(server, "Whitefeather");
        await page.GotoAsync(app.Url);
        await Press(page, "document.activeElement.textContent.trim() === 'Later…'", "Enter");
        await Press(page, "document.activeElement.value === 'defer'", "Enter");
        await page.GetByRole(AriaRole.Status).GetByText("Deferred for Harold Whitefeather").WaitForAsync();
        Assert.Equal("notice", await page.EvaluateAsync<string>("document.activeElement.id"));
    }

    // Goes forward with the Tab key to where the condition holds, sees that the focus can be seen, and presses a key there.
    private static async Task Press(IPage page, string here, string key)
    {
        for (var steps = 0; steps < 60 && !await page.EvaluateAsync<bool>(here); steps++)
        {
            await page.Keyboard.PressAsync("Tab");
            Assert.True(await page.EvaluateAsync<bool>(
                "(() => { const box = document.activeElement.getBoundingClientRect(); const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);"
                + " return document.activeElement === document.body || box.width < 2 || (at !== null && (document.activeElement.contains(at) || at.contains(document.activeElement))); })()"),
                "What has the focus is hidden.");
        }
        Assert.True(await page.EvaluateAsync<bool>(here), "The Tab key does not lead there.");
        await page.Keyboard.PressAsync(key);
    }

    [Theory]
    [InlineData(320)]
    [InlineData(400)]
    [InlineData(1200)]
    public async Task No_page_scrolls_sideways(int width)
    {
        await using var window = await chrome.Window(width, 640);
        var page = await window.SignIn(server);
        Assert.False(await page.MainFrame.ScrollsSideways());
        var app = await page.OpenChart(server, "Santos");
        Assert.False(await page.MainFrame.ScrollsSideways());
        await page.GotoAsync(app.Url);
        foreach (var summary in await page.Locator("summary").AllAsync())
            await summary.EvaluateAsync("e => e.parentElement.open = true");
        Assert.False(await page.MainFrame.ScrollsSideways());
        Assert.Empty(await SmallTargets(page));
    }

    // WCAG 2.2, 2.5.8: 24 by 24 pixels, but for links inside a sentence.
    private static Task<string[]> SmallTargets(IPage page) => page.EvaluateAsync<string[]>(
        "[...document.querySelectorAll('button, summary, select, input:not([type=hidden]), a:not(.citation a)')].filter(e => e.checkVisibility()).filter(e => { const b = e.getBoundingClientRect(); return b.width > 1 && (b.height < 24 || b.width < 24); }).map(e => e.outerHTML.slice(0, 80))");

    [Theory]
    [InlineData(1200)]
    [InlineData(320)]
    public async Task Axe_finds_no_serious_fault(int width)
    {
        await using var window = await chrome.Window(width);
        var page = await window.NewPageAsync();
        await page.GotoAsync(server.Root + "/practice");
        await Check(page);
        await page.Locator("button[name=user]").First.ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Patients" }).WaitForAsync();
        await Check(page);
        var app = await page.OpenChart(server, "Santos");
        await Check(page);
        await page.GotoAsync(app.Url);
        foreach (var summary in await page.Locator("summary").AllAsync())
            await summary.EvaluateAsync("e => e.parentElement.open = true");
        await Check(page);
        await page.GotoAsync(app.Url + "suggestions");
        await Check(page);
        await page.GotoAsync(server.Root + "/app/launch");
        await Check(page);
    }

    private static async Task Check(IPage page)
    {
        var found = await page.RunAxe();
        var faults = found.Violations.Where(v => v.Impact is "serious" or "critical" or "moderate").Select(v => $"{v.Id}: {string.Join(" | ", v.Nodes.Select(n => n.Html[..Math.Min(150, n.Html.Length)]))}");
        Assert.True(!faults.Any(), string.Join("\n", faults));
    }

    [Fact]
    public async Task On_paper_each_sheet_says_whose_it_is_and_nothing_asks_to_be_clicked()
    {
        await using var window = await chrome.Window();
        var page = await window.SignIn(server);
        var app = await page.OpenChart(server, "Haddad");
        await page.GotoAsync(app.Url);
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        var head = page.Locator(".print-head");
        // This display is what browsers repeat on each sheet.
        Assert.Equal("table-header-group", await head.EvaluateAsync<string>("e => getComputedStyle(e).display"));
        foreach (var text in new[] { "Samir Haddad", "Born", "MRN HS-", "Printed", server.Root + "/fhir" })
            Assert.Contains(text, await head.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("button:visible, summary.btn:visible").CountAsync());
        Assert.True((await page.PdfAsync(new() { Format = "Letter" })).Length > 10_000);
    }

    [Fact]
    public async Task No_page_makes_the_browser_complain()
    {
        await using var window = await chrome.Window();
        var complaints = new List<string>();
        window.Console += (_, message) => { if (message.Type is "error" or "warning") complaints.Add(message.Text); };
        var page = await window.SignIn(server);
        var app = await page.OpenChart(server, "Petrova");
        await app.GetByRole(AriaRole.Link, new() { NameRegex = new("more|Answered") }).ClickAsync();
        await app.GetByRole(AriaRole.Heading, new() { Name = "More suggestions" }).WaitForAsync();
        Assert.Empty(complaints);
    }
}
