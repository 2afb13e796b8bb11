using Microsoft.Playwright;

namespace Personalize.App.Tests.Browser;

/// <summary>The pictures of the README: made anew when PERSONALIZE_SCREENSHOTS names the folder to put them in.</summary>
public sealed class Screenshots
{
    private static readonly string? _folder = Environment.GetEnvironmentVariable("PERSONALIZE_SCREENSHOTS");

    private static readonly string[] _names = ["practice", "chart", "dismiss", "app-wide", "side-by-side", "app-320"];

    [Fact]
    public async Task Are_made_on_request()
    {
        Assert.SkipWhen(string.IsNullOrEmpty(_folder), "Set PERSONALIZE_SCREENSHOTS to a folder to make the pictures.");
        await using var chrome = new Chrome();
        await chrome.InitializeAsync();
        await using var server = new RealServer();
        await server.IsUp;
        await using var window = await chrome.Window(1200, 860);
        var page = await window.SignIn(server);
        await Shoot(page, "practice");
        var app = await page.OpenChart(server, "Santos");
        await Shoot(page, "chart");
        var chart = app.Url;
        var card = app.Locator("article").First;
        await card.GetByText("Dismiss…").ClickAsync();
        await Shoot(page, "dismiss");
        await page.GotoAsync(chart);
        await Shoot(page, "app-wide");
        await page.GotoAsync(server.Root + "/practice");
        await page.Locator("#patient").SelectOptionAsync(new SelectOptionValue { Label = "Tuan Nguyen" });
        await page.Locator("#second").SelectOptionAsync(new SelectOptionValue { Label = "Mei-Lin Chen" });
        await page.GetByRole(AriaRole.Button, new() { Name = "Open both" }).ClickAsync();
        await page.AppFrame("chart-2-app");
        await Shoot(page, "side-by-side");
        await page.SetViewportSizeAsync(320, 900);
        await page.GotoAsync(chart);
        await Shoot(page, "app-320");
        Assert.All(_names, name => Assert.True(new FileInfo(Path.Combine(_folder!, name + ".png")).Length > 10_000, name));
    }

    private static async Task Shoot(IPage page, string name)
    {
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await page.ScreenshotAsync(new() { Path = Path.Combine(_folder!, name + ".png") });
    }
}
