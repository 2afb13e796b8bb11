using Microsoft.Extensions.Diagnostics.HealthChecks;
using Personalize.Server.Flow;

namespace Personalize.Server.Watch;

/// <summary>What was committed is worked out, but for the last minutes.</summary>
internal sealed class FlowReadiness(Personalizer flow) : IHealthCheck
{
    /// <summary>A commit that waits longer makes the server not ready: suggestions would be stale.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(flow.Lag.Age <= Bound ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
}
