using Microsoft.Extensions.Diagnostics.HealthChecks;
using Personalize.Store;

namespace Personalize.Server.Watch;

/// <summary>A read of the store works, in time, and what other servers commit is heard of.</summary>
internal sealed class StoreReadiness(IResourceStore store) : IHealthCheck
{
    /// <summary>A read that takes longer counts as failed.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Longer without news of other servers, and what is told of their commits is stale.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    /// <remarks>What a read throws is the framework's to catch: it counts as not ready.</remarks>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // Not on the caller's thread: a file that hangs must not keep the answer.
        await Task.Run(async () => await store.Cursor("health", cancellationToken), cancellationToken).WaitAsync(cancellationToken);
        return store.Silence <= LongestSilence ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();
    }
}
