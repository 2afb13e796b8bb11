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
        for (var tries = 0; tries < 100 && !FlowServer.Segments(await server.Get("Patient/p")).Contains("older-adult"); tries++)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        var segments = FlowServer.Segments(await server.Get("Patient/p"));

        Assert.Contains("older-adult", segments);
        Assert.DoesNotContain("working-age-adult", segments);
    }

    private static async Task Sleep(FlowServer server, NightClock clock, TimeSpan time)
    {
        clock.Advance(time);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        await server.Rest();
    }
}
