namespace Personalize.Server.Tests.Flow;

public sealed class The_date_alone_changes_something
{
    [Fact]
    public async Task In_the_night_at_two_by_the_clock_of_the_practice()
    {
        // Noon in New York, on the day before a sixty-fifth birthday.
        var clock = new NightClock(new DateTimeOffset(2026, 11, 22, 17, 0, 0, TimeSpan.Zero));
        await using var server = await FlowServer.Start(clock);
        await server.Put("""{"resourceType":"Patient","id":"p","active":true,"birthDate":"1961-11-23"}""");
        await server.Rest();
        Assert.Contains("working-age-adult", FlowServer.Segments(await server.Get("Patient/p")));

        // 01:59: a birthday already, but not yet two o'clock.
        await Sleep(server, clock, TimeSpan.FromHours(13) + TimeSpan.FromMinutes(59));
        Assert.Contains("working-age-adult", FlowServer.Segments(await server.Get("Patient/p")));

        await Sleep(server, clock, TimeSpan.FromMinutes(1));
        await FlowServer.Until(async () => FlowServer.Segments(await server.Get("Patient/p")).Contains("older-adult"));
        var segments = FlowServer.Segments(await server.Get("Patient/p"));

        Assert.Contains("older-adult", segments);
        Assert.DoesNotContain("working-age-adult", segments);
    }

    private static async Task Sleep(FlowServer server, NightClock clock, TimeSpan time)
    {
        clock.Advance(time);
        // A commit that concerns nobody: when it is behind the flow, the flow has looked at the clock since.
        await server.Put($$"""{"resourceType":"Organization","id":"bystander","name":"At {{clock.GetUtcNow():O}}"}""");
        await server.Rest();
    }
}
