using Microsoft.Playwright;

namespace Personalize.App.Tests.Browser;

/// <summary>A real Chromium, once for the tests of a class. Where there is none they are skipped with a word on what to install; under CI that is a failure.</summary>
public sealed class Chrome : IAsyncLifetime
{
    private const string DebianChromium = "/usr/bin/chromium";
    private static readonly string[] _flags =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    private static string? Executable =>
        Environment.GetEnvironmentVariable("CHROME_PATH") is { Length: > 0 } named ? named : File.Exists(DebianChromium) ? DebianChromium : null;

    public async ValueTask InitializeAsync()
    {
        if (Executable is not { } executable)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = executable, Headless = true, Args = _flags });
    }

    /// <summary>A browser window with cookies of its own.</summary>
    public async Task<IBrowserContext> Window(int width = 1200, int height = 800, bool script = true, string language = "en-US")
    {
        if (_browser is null)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") is "true" or "1", "Chromium is missing.");
            Assert.Skip("Chromium is missing: install it, or set CHROME_PATH to Chromium or Chrome.");
        }
        var window = await _browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            JavaScriptEnabled = script,
            Locale = language,
            ReducedMotion = ReducedMotion.Reduce,
        });
        window.SetDefaultTimeout(15_000);
        return window;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
