using Personalize.App.Tests.Ehr;

namespace Personalize.App.Tests.Pages;

public sealed class A_launch(PagesHost host) : IClassFixture<PagesHost>
{
    private string Begin(string launch) => $"/app/launch?iss={Uri.EscapeDataString(host.FhirBase)}&launch={launch}";

    [Fact]
    public async Task Opens_the_chart_that_it_was_made_in()
    {
        using var browser = new Browserlike(host.Root);
        var page = await browser.Launch("maria");
        Assert.Equal(200, page.Status);
        Assert.Contains("<title>Maria O'Brien <b> · Personalize</title>", page.Html, StringComparison.Ordinal);
        Assert.Contains("Refer for a retinal exam", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asks_with_proof_and_with_secrets_that_nobody_guesses()
    {
        using var browser = new Browserlike(host.Root);
        await browser.Launch("maria");
        var asked = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(host.Ehr.Seen.Last(s => s.Path.StartsWith("/auth/authorize", StringComparison.Ordinal)).Path.Split('?')[1]);
        Assert.Equal("S256", asked["code_challenge_method"]);
        Assert.Equal(host.FhirBase, asked["aud"]);
        Assert.True(asked["state"].ToString().Length >= 43);
        Assert.True(asked["nonce"].ToString().Length >= 43);
        Assert.Equal(host.Root + "/app/callback", asked["redirect_uri"]);
    }

    [Fact]
    public async Task From_an_unknown_system_is_refused_and_never_fetched()
    {
        using var browser = new Browserlike(host.Root);
        var before = host.Ehr.Seen.Count;
        var page = await browser.Open($"/app/launch?iss={Uri.EscapeDataString(host.FhirBase + "/")}&launch=x");
        Assert.Equal(400, page.Status);
        Assert.Contains("This system is not known here", page.Html, StringComparison.Ordinal);
        Assert.Equal(before, host.Ehr.Seen.Count);
    }

    [Fact]
    public async Task Without_its_parameters_says_to_open_a_chart()
    {
        using var browser = new Browserlike(host.Root);
        Assert.Contains("Open this from a chart", (await browser.Open("/app/launch")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_cookies_offers_a_new_window_before_the_launch_is_used_up()
    {
        using var browser = new Browserlike(host.Root) { TakesCookies = false };
        var asked = host.Ehr.Seen.Count(s => s.Path.StartsWith("/auth/authorize", StringComparison.Ordinal));
        var page = await browser.Launch("maria");
        Assert.Equal(401, page.Status);
        Assert.Contains("Open in a new window", page.Html, StringComparison.Ordinal);
        Assert.Contains("target=\"_blank\" rel=\"noopener\"", page.Html, StringComparison.Ordinal);
        Assert.Equal(asked, host.Ehr.Seen.Count(s => s.Path.StartsWith("/auth/authorize", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Takes_each_answer_of_the_system_once()
    {
        using var browser = new Browserlike(host.Root);
        var callback = await Callback(browser);
        Assert.Equal(302, (int)(await browser.Send(HttpMethod.Get, callback)).StatusCode);
        var again = await browser.Open(callback);
        Assert.Equal(401, again.Status);
        Assert.Contains("Relaunch from the chart", again.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cannot_be_finished_in_another_browser()
    {
        using var browser = new Browserlike(host.Root);
        using var other = new Browserlike(host.Root);
        await other.Launch("walter");
        Assert.Equal(401, (await other.Open(await Callback(browser))).Status);
    }

    [Fact]
    public async Task Is_refused_when_the_system_says_no()
    {
        using var browser = new Browserlike(host.Root);
        var state = (await Callback(browser)).Split("state=")[1];
        Assert.Equal(403, (await browser.Open($"/app/callback?error=access_denied&state={state}")).Status);
    }

    [Fact]
    public async Task Is_refused_when_the_user_was_signed_for_another_launch()
    {
        using var browser = new Browserlike(host.Root);
        host.Ehr.WrongNonce = "another";
        try
        {
            Assert.Equal(403, (await browser.Launch("maria")).Status);
        }
        finally
        {
            host.Ehr.WrongNonce = null;
        }
    }

    [Fact]
    public async Task Hides_the_banner_when_the_system_shows_its_own_but_keeps_the_name()
    {
        using var browser = new Browserlike(host.Root);
        host.Ehr.NeedsBanner = false;
        try
        {
            var page = await browser.Launch("maria");
            Assert.DoesNotContain("class=\"banner\"", page.Html, StringComparison.Ordinal);
            Assert.Contains("<title>Maria O'Brien", page.Html, StringComparison.Ordinal);
            Assert.Contains("print-head", page.Html, StringComparison.Ordinal);
        }
        finally
        {
            host.Ehr.NeedsBanner = null;
        }
    }

    [Fact]
    public async Task Beside_another_keeps_its_own_patient()
    {
        using var browser = new Browserlike(host.Root);
        var maria = await browser.Launch("maria");
        var walter = await browser.Launch("walter");
        Assert.NotEqual(maria.Path, walter.Path);
        Assert.Contains("Maria", (await browser.Open(maria.Path)).Html, StringComparison.Ordinal);
        Assert.Contains("Walter", (await browser.Open(walter.Path)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_open_to_its_own_browser_alone()
    {
        using var browser = new Browserlike(host.Root);
        using var stranger = new Browserlike(host.Root);
        var maria = await browser.Launch("maria");
        await stranger.Launch("walter");
        var seen = await stranger.Open(maria.Path);
        Assert.Equal(401, seen.Status);
        Assert.DoesNotContain("Maria", seen.Html, StringComparison.Ordinal);
        Assert.Equal(401, (await stranger.Open(maria.Path.Replace("/app/s/", "/APP/S/", StringComparison.Ordinal))).Status);
    }

    private async Task<string> Callback(Browserlike browser)
    {
        browser.Cookies["__Host-ua"] = Microsoft.AspNetCore.WebUtilities.WebEncoders.Base64UrlEncode(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        var authorize = (await browser.Send(HttpMethod.Get, Begin("launch-maria"))).Headers.Location!.OriginalString;
        return (await browser.Send(HttpMethod.Get, authorize)).Headers.Location!.OriginalString;
    }
}
