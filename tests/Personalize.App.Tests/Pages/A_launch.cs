using Personalize.App.Tests.Ehr;

namespace Personalize.App.Tests.Pages;

public sealed class A_launch(PagesHost host) : IClassFixture<PagesHost>
{
    [Fact]
    public async Task Opens_the_chart_that_it_was_made_in()
    {
        using var browser = new Browserlike(host.Root);
        var page = await browser.Launch("maria");
        Assert.Equal(200, page.Status);
        Assert.Contains("O'Brien <b>", page.Html, StringComparison.Ordinal);
    }
}
