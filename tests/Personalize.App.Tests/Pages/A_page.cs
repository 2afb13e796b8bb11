using Personalize.App.Tests.Ehr;

namespace Personalize.App.Tests.Pages;

public sealed class A_page(PagesHost host) : IClassFixture<PagesHost>
{
    [Theory]
    [InlineData("/practice", 200)]
    [InlineData("/app/launch", 400)]
    [InlineData("/app/nowhere", 404)]
    [InlineData("/app/s/unknown/", 401)]
    [InlineData("/practice/nowhere", 404)]
    public async Task Is_closed_to_foreign_script_and_framed_by_known_systems_only(string address, int status)
    {
        using var browser = new Browserlike(host.Root);
        using var response = await browser.Send(HttpMethod.Get, address);
        Assert.Equal(status, (int)response.StatusCode);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.EndsWith("frame-ancestors 'self' https://ehr.example", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("X-Frame-Options"));
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.True(response.Headers.CacheControl!.NoStore);
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("<h1>", html, StringComparison.Ordinal);
        Assert.DoesNotContain(" style=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<style", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/practice?name=x")]
    [InlineData("/app/launch?iss=a%2Fb&launch=c")]
    public async Task Asked_for_under_another_name_of_this_machine_is_found_under_the_one_that_cookies_hold_for(string address)
    {
        using var browser = new Browserlike(host.Root.Replace("localhost", "127.0.0.1", StringComparison.Ordinal));
        using var response = await browser.Send(HttpMethod.Get, address);
        Assert.Equal(host.Root + address, response.Headers.Location?.OriginalString);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Sets_only_cookies_that_live_in_a_frame_and_no_longer_than_it()
    {
        using var browser = new Browserlike(host.Root);
        using var launch = await browser.Send(HttpMethod.Get, $"/app/launch?iss={Uri.EscapeDataString(host.FhirBase)}&launch=x");
        using var page = await browser.Follow($"/app/launch?iss={Uri.EscapeDataString(host.FhirBase)}&launch=launch-maria");
        foreach (var cookie in launch.Headers.GetValues("Set-Cookie").Concat(page.Headers.GetValues("Set-Cookie")))
        {
            Assert.StartsWith("__Host-", cookie, StringComparison.Ordinal);
            foreach (var part in new[] { "secure", "httponly", "samesite=none", "partitioned", "path=/" })
                Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Shows_what_others_wrote_as_text_and_leads_to_web_addresses_only()
    {
        using var browser = new Browserlike(host.Root);
        using var response = await browser.Follow($"/app/launch?iss={Uri.EscapeDataString(host.FhirBase)}&launch=launch-maria");
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("O&#x27;Brien &lt;b&gt;", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"javascript", html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Shows_three_suggestions_with_reasons_and_leads_to_the_rest()
    {
        using var browser = new Browserlike(host.Root);
        var page = await browser.Launch("maria");
        Assert.Equal(3, page.Html.Split("<article").Length - 1);
        foreach (var text in new[] { "Diabetes and no eye exam in 24 months.", "Type 2 diabetes since Apr 1, 2015", "Pregnancy status", "ADA Standards of Care", "ADA B", "Last eye exam", "1 more" })
            Assert.Contains(text, page.Html, StringComparison.Ordinal);
        Assert.Contains("Suggest walking", (await browser.Open(page.Path + "suggestions")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shows_segments_preferences_with_their_source_and_contacts()
    {
        using var browser = new Browserlike(host.Root);
        var page = await browser.Launch("maria");
        foreach (var text in new[] { "Older adult", "since Mar 3, 2022", "seen in use, last on May 1, 2026", "Telehealth", "Message from patient (Text message)", "May 4, 2026" })
            Assert.Contains(text, page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(">Child<", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_its_other_parts_when_one_cannot_be_read()
    {
        using var browser = new Browserlike(host.Root);
        host.Ehr.Broken["$why"] = true;
        host.Ehr.Broken["Encounter"] = true;
        var page = await browser.Launch("maria");
        host.Ehr.Broken.Clear();
        Assert.Equal(200, page.Status);
        Assert.Contains("Refer for a retinal exam", page.Html, StringComparison.Ordinal);
        Assert.Contains("The reasons could not be read.", page.Html, StringComparison.Ordinal);
        Assert.Contains("Some contacts could not be read", page.Html, StringComparison.Ordinal);
        Assert.Contains("Message from patient", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shows_nothing_when_it_cannot_say_whose_chart_it_is()
    {
        using var browser = new Browserlike(host.Root);
        host.Ehr.Broken["maria"] = true;
        var page = await browser.Launch("maria");
        host.Ehr.Broken.Clear();
        Assert.Equal(502, page.Status);
        Assert.DoesNotContain("retinal", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Speaks_Spanish_when_the_browser_asks_or_the_reader_switches()
    {
        using var spanish = new Browserlike(host.Root) { Language = "es-MX,en;q=0.5" };
        var page = await spanish.Launch("maria");
        Assert.Contains("<html lang=\"es\">", page.Html, StringComparison.Ordinal);
        Assert.Contains("Sugerencias", page.Html, StringComparison.Ordinal);
        Assert.Contains("<h3 id=\"s-eye-title\" lang=\"en\">", page.Html, StringComparison.Ordinal);
        var form = new[] { KeyValuePair.Create("to", "en"), KeyValuePair.Create("back", page.Path), KeyValuePair.Create("__RequestVerificationToken", page.Token) };
        using var switched = await spanish.Send(HttpMethod.Post, "/app/language", form, host.Root);
        Assert.Equal(page.Path, switched.Headers.Location!.OriginalString);
        Assert.Contains("<html lang=\"en\">", (await spanish.Open(page.Path)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_the_app_sends_its_token_to_the_launching_system_alone()
    {
        using var browser = new Browserlike(host.Root);
        await browser.Launch("maria");
        Assert.All(host.Ehr.Seen.Where(s => s.Path.StartsWith("Patient/maria", StringComparison.Ordinal)), s => Assert.StartsWith("Bearer ", s.Authorization, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_the_practice_lists_patients_and_opens_a_chart_with_the_app_in_a_frame()
    {
        using var browser = new Browserlike(host.Root);
        Assert.Contains("Dr. Who", (await browser.Open("/practice")).Html, StringComparison.Ordinal);
        browser.Cookies["signed-in"] = "dr-who";
        var list = await browser.Open("/practice?name=brien");
        Assert.Contains("O'Brien", list.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Walter", list.Html, StringComparison.Ordinal);
        var chart = await browser.Open("/practice/chart/maria");
        Assert.Contains("<iframe", chart.Html, StringComparison.Ordinal);
        Assert.Contains("app/launch?iss=", chart.Html, StringComparison.Ordinal);
        browser.Cookies.Clear();
        Assert.Equal("/practice", (await browser.Open("/practice/chart/maria")).Path);
    }
}
