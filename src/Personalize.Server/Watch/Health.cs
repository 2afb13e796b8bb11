using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace Personalize.Server.Watch;

/// <summary><c>/health/live</c> (the process answers) and <c>/health/ready</c> (it can do its work), for whoever keeps servers running. One word each, to everybody: 200, or 503 when not ready.</summary>
internal static class Health
{
    private const string Ready = "ready";

    /// <summary>Adds what is looked at.</summary>
    public static void Add(IServiceCollection services) => services.AddHealthChecks()
        .AddCheck<StoreReadiness>("store", tags: [Ready], timeout: StoreReadiness.Limit)
        .AddCheck<FlowReadiness>("flow", tags: [Ready]);

    /// <summary>Puts both addresses in; no token is asked for.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        routes.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready) });
    }
}
