namespace Personalize.Server.Tests.Smart;

/// <summary>One host for the tests of a class that leave its clock alone.</summary>
public sealed class SharedHost : IAsyncLifetime
{
    private SmartHost? _host;

    public SmartHost Host => _host ?? throw new InvalidOperationException("The host has not started.");

    public async ValueTask InitializeAsync() => _host = await SmartHost.Start();

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
    }
}
