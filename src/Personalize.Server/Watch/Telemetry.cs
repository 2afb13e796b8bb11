using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Personalize.Server.Flow;
using Personalize.Store;

namespace Personalize.Server.Watch;

/// <summary>Traces and metrics by OpenTelemetry, sent by OTLP to where the standard environment variables say (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and its like). Without them nothing is gathered.</summary>
internal static class Telemetry
{
    private static readonly string[] _addresses = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    /// <summary>Adds it when it is asked for.</summary>
    public static void Add(WebApplicationBuilder builder)
    {
        if (!_addresses.Any(name => !string.IsNullOrEmpty(builder.Configuration[name])))
            return;
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("personalize"))
            // What must not leave is taken out before it is sent, whoever put it in.
            .WithTracing(traces => traces.AddSource(StoreMeters.Name).AddAspNetCoreInstrumentation().AddProcessor(new Discretion()).AddOtlpExporter())
            .WithMetrics(metrics => metrics.AddMeter(StoreMeters.Name, FlowMeters.Name).AddAspNetCoreInstrumentation().AddOtlpExporter());
    }
}
