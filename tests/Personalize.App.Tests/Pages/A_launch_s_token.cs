using Personalize.App.Tests.Ehr;

namespace Personalize.App.Tests.Pages;

public sealed class A_launch_s_token(PagesHost host) : IClassFixture<PagesHost>
{
    [Fact]
    public async Task Is_renewed_once_however_many_reads_need_it()
    {
        host.Ehr.Refreshes = true;
        using var browser = new Browserlike(host.Root);
        var page = await browser.Launch("maria");
        host.Ehr.ForgetTokens();
        Assert.Equal(200, (await browser.Open(page.Path)).Status);
        Assert.Equal(1, host.Ehr.Renewals);
        host.Ehr.Refreshes = false;
    }

    [Fact]
    public async Task That_cannot_be_renewed_ends_the_launch()
    {
        using var browser = new Browserlike(host.Root);
        var page = await browser.Launch("maria");
        host.Ehr.ForgetTokens();
        var ended = await browser.Open(page.Path);
        Assert.Equal(401, ended.Status);
        Assert.Contains("Relaunch from the chart", ended.Html, StringComparison.Ordinal);
    }
}
