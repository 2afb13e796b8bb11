using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;

namespace Personalize.Server.Smart;

/// <summary>Removes what ended from <c>auth.db</c>, once an hour.</summary>
internal sealed class AuthSweep(IServiceProvider services, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan _pause = TimeSpan.FromHours(1);

    // A refresh token that was used stays known for a while: whoever uses it again is found out, and the whole grant ends.
    private static readonly TimeSpan _kept = TimeSpan.FromDays(14);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await Sweep(stoppingToken);
    }

    private async Task Sweep(CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var now = time.GetUtcNow();
        await scope.ServiceProvider.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(now - _kept, ct);
        await scope.ServiceProvider.GetRequiredService<IOpenIddictAuthorizationManager>().PruneAsync(now - _kept, ct);
        var db = scope.ServiceProvider.GetRequiredService<AuthDb>();
        var seconds = now.ToUnixTimeSeconds();
        await db.Launches.Where(l => l.Until <= seconds).ExecuteDeleteAsync(ct);
        await db.Sessions.Where(s => s.Until <= seconds).ExecuteDeleteAsync(ct);
    }
}
