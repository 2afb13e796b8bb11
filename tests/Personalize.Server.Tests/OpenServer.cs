using Microsoft.Extensions.DependencyInjection;
using Personalize.Store;

namespace Personalize.Server.Tests;

/// <summary>One server without authorization for all tests of a class.</summary>
public sealed class OpenServer : IAsyncLifetime
{
    private RunningServer? _server;

    public RunningServer Server => _server!;

    public HttpClient Http => Server.Http;

    public IResourceStore Store => Server.Services.GetRequiredService<IResourceStore>();

    public async ValueTask InitializeAsync() => _server = await RunningServer.Start();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
