using Microsoft.Playwright;

namespace Personalize.App.Tests.Browser;

public sealed class In_a_browser(Chrome chrome, RealServer server) : IClassFixture<Chrome>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await server.IsUp;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

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
}
