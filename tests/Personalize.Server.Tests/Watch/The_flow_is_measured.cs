using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Personalize.Server.Flow;

namespace Personalize.Server.Tests.Watch;

public sealed class The_flow_is_measured
{
    [Fact]
    public async Task By_patients_that_were_worked_out_and_by_how_far_it_is_behind()
    {
        var outcomes = new ConcurrentBag<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument is { Meter.Name: FlowMeters.Name, Name: "personalize.engine.decisions" })
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            foreach (var tag in tags)
                outcomes.Add($"{tag.Key}={tag.Value}");
        });
        listener.Start();
        await using var server = await RunningServer.Start();
        await server.Http.Ask("PUT", "Patient/p", """{"resourceType":"Patient","id":"p","birthDate":"1961-02-03","gender":"female"}""").Good(HttpStatusCode.Created);
        await server.AtRest();
        Assert.All(outcomes, outcome => Assert.Contains(outcome, new[] { "outcome=changed", "outcome=same", "outcome=failed" }));
        Assert.NotEmpty(outcomes);
        Assert.Equal((0, TimeSpan.Zero), server.Services.GetRequiredService<Personalizer>().Lag);
    }
}
