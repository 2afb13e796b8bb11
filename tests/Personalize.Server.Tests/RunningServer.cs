using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Personalize.Server.Flow;

namespace Personalize.Server.Tests;

/// <summary>The real host on a free port of loopback with a data folder of its own, which goes when it stops.</summary>
public sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TempFolder _folder;

    private RunningServer(WebApplication app, TempFolder folder, Uri address)
    {
        (_app, _folder, Address) = (app, folder, address);
        Http = new HttpClient { BaseAddress = new Uri(address, "/fhir/"), Timeout = TimeSpan.FromMinutes(5) };
    }

    /// <summary>Where it listens, such as http://127.0.0.1:40001.</summary>
    public Uri Address { get; }

    /// <summary>A client whose base is the FHIR base.</summary>
    public HttpClient Http { get; }

    /// <summary>The services of the host.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>The data folder.</summary>
    public string Data => _folder.Path;

    /// <summary>Starts with no authorization, no samples, and the system clock unless told otherwise.</summary>
    public static async Task<RunningServer> Start(Func<LaunchSettings, LaunchSettings>? change = null, TimeProvider? time = null)
    {
        var folder = new TempFolder();
        var plain = new LaunchSettings { Name = "test", Urls = "http://127.0.0.1:0", Data = folder.Path, Authorization = AuthorizationMode.None };
        var app = ServerHost.Build(change?.Invoke(plain) ?? plain, time ?? TimeProvider.System).Value;
        await app.StartAsync(TestContext.Current.CancellationToken);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new RunningServer(app, folder, new Uri(address));
    }

    /// <summary>Ends when the flow has worked out and written back everything.</summary>
    public Task AtRest() => Services.GetRequiredService<Personalizer>().AtRest(TestContext.Current.CancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None); // disposing alone would close the store under the flow
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
