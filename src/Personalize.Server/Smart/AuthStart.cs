using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Personalize.Server.Smart;

/// <summary>Makes <c>auth.db</c> ready before the first request: tables, and exactly the clients of the <see cref="ClientBook"/>.</summary>
internal sealed class AuthStart(IServiceProvider services, ClientBook clients) : IHostedService
{
    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDb>();
        await db.Database.EnsureCreatedAsync(cancellationToken);
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancellationToken);
        var applications = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        foreach (var client in clients.All)
            await Store(applications, client, cancellationToken);
        await RemoveOthers(applications, cancellationToken);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task Store(IOpenIddictApplicationManager applications, RegisteredClient client, CancellationToken ct)
    {
        if (await applications.FindByClientIdAsync(client.Id, ct) is { } known)
            await applications.UpdateAsync(known, Describe(client), ct);
        else
            await applications.CreateAsync(Describe(client), ct);
    }

    // A client that is not in the settings any more loses its tokens with its place.
    private async Task RemoveOthers(IOpenIddictApplicationManager applications, CancellationToken ct)
    {
        var gone = new List<object>();
        await foreach (var application in applications.ListAsync(cancellationToken: ct))
            if (clients.Find(await applications.GetClientIdAsync(application, ct)) is null)
                gone.Add(application);
        foreach (var application in gone)
            await applications.DeleteAsync(application, ct);
    }

    private static OpenIddictApplicationDescriptor Describe(RegisteredClient client)
    {
        var descriptor = new OpenIddictApplicationDescriptor
        {
            ClientId = client.Id,
            ClientSecret = client.Secret,
            DisplayName = client.Name,
            ClientType = client.Secret is null ? ClientTypes.Public : ClientTypes.Confidential,
            ApplicationType = client.Native ? ApplicationTypes.Native : ApplicationTypes.Web,
            ConsentType = ConsentTypes.Implicit,
        };
        descriptor.RedirectUris.UnionWith(client.RedirectUris.Select(uri => new Uri(uri)));
        descriptor.Requirements.Add(Requirements.Features.ProofKeyForCodeExchange);
        descriptor.Permissions.UnionWith(
        [
            Permissions.Endpoints.Authorization, Permissions.Endpoints.Token, Permissions.Endpoints.Introspection, Permissions.Endpoints.Revocation,
            Permissions.GrantTypes.AuthorizationCode, Permissions.GrantTypes.RefreshToken, Permissions.ResponseTypes.Code,
        ]);
        return descriptor;
    }
}
