using Microsoft.Playwright;

namespace Personalize.App.Tests.Browser;

/// <summary>What a clinician does with the mouse.</summary>
internal static class Steps
{
    /// <summary>Signs in as the first clinician of the practice page.</summary>
    public static async Task<IPage> SignIn(this IBrowserContext window, RealServer server)
    {
        var page = await window.NewPageAsync();
        await page.GotoAsync(server.Root + "/practice");
        await page.Locator("button[name=user]").First.ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Patients" }).WaitForAsync();
        return page;
    }

    /// <summary>Searches for a patient by name, opens the chart, and gives the frame of the app in it.</summary>
    public static async Task<IFrame> OpenChart(this IPage page, RealServer server, string name)
    {
        await page.GotoAsync(server.Root + "/practice");
        await page.GetByRole(AriaRole.Searchbox).FillAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new($"Open chart of .*{name}") }).ClickAsync();
        return await page.AppFrame("chart-1-app");
    }

    /// <summary>The frame of that name, once the app stands in it.</summary>
    public static async Task<IFrame> AppFrame(this IPage page, string name)
    {
        var element = await page.Locator($"iframe[name={name}]").ElementHandleAsync();
        var frame = (await element.ContentFrameAsync())!;
        await frame.WaitForURLAsync("**/app/s/**");
        await frame.Locator(".suggestions").WaitForAsync();
        return frame;
    }

    /// <summary>True when the page is wider than its window, once its style sheets are there.</summary>
    public static async Task<bool> ScrollsSideways(this IFrame frame)
    {
        await frame.WaitForLoadStateAsync(LoadState.Load);
        return await frame.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth");
    }
}
