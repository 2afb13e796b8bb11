using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Personalize.App.Tests.Browser;

public sealed class The_pages_in_a_browser(Chrome chrome, RealServer server) : IClassFixture<Chrome>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await server.IsUp;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

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
