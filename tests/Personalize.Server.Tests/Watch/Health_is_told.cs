using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Personalize.Store;

namespace Personalize.Server.Tests.Watch;

public sealed class Health_is_told
{
    private static async Task<(HttpStatusCode, string)> Ask(RunningServer server, string path)
    {
        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri(server.Address, path), TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task To_everybody_without_a_token_and_in_one_word()
    {
        await using var server = await RunningServer.Start(s => s with { Authorization = AuthorizationMode.Embedded, Urls = $"http://127.0.0.1:{Loopback.FreePort()}" });
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await Ask(server, "/health/live"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await Ask(server, "/health/ready"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Ask(server, "/fhir/Patient")).Item1);
    }

    [Fact]
    public async Task As_not_ready_when_the_store_does_not_answer()
    {
        await using var server = await RunningServer.Start();
        await server.AtRest();
        await server.Services.GetRequiredService<IResourceStore>().DisposeAsync();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), await Ask(server, "/health/ready"));
        Assert.Equal(HttpStatusCode.OK, (await Ask(server, "/health/live")).Item1);
    }
}
